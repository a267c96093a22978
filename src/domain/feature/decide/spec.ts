import { missingRight } from '../../permissions.ts';
import type { FeatureEvent } from '../events.ts';
import { begin } from '../next.ts';
import { effectOfWords } from '../say.ts';
import type { FeatureState } from '../state.ts';
import { newestSpec } from '../state.ts';
import { type Decided, notTheirs, type Of, type PersonActor, person } from './people.ts';

/** Somebody else's words are taken or left. */
export function decideSuggestion(
  state: FeatureState,
  command: Of<'decide-suggestion'>,
  by: PersonActor,
): Decided {
  const refuse = notTheirs(state, by);
  if (refuse) return { refuse };
  const note = state.notes.find((candidate) => candidate.ts === command.ts);
  if (!note) return { refuse: 'There is no such suggestion in this thread.' };
  if (note.standing !== 'suggested') {
    return { refuse: `This suggestion was ${note.standing === 'counts' ? 'accepted' : 'declined'} already.` };
  }
  const decided: FeatureEvent = {
    type: 'suggestion-decided',
    ts: command.ts,
    accepted: command.accept,
    by: person(by),
    because: `${by.name} ${command.accept ? 'accepted' : 'declined'} what ${note.by.name} suggested.`,
  };
  // Questions stay open: accepting somebody's words is not yet an answer to them.
  const counts = command.accept && state.phase.kind !== 'answering';
  return { accept: counts ? [decided, ...effectOfWords(state, note.by.name)] : [decided] };
}

/** A person writes the next version themselves. */
export function decideEdit(state: FeatureState, command: Of<'edit-spec'>, by: PersonActor): Decided {
  const refuse = notTheirs(state, by) ?? staleSpec(state, command.seen);
  if (refuse) return { refuse };
  const current = newestSpec(state);
  if (current?.hash === command.hash) return { refuse: 'Nothing was changed, so the spec stays as it is.' };
  const version = command.seen + 1;
  return {
    accept: [
      {
        type: 'spec-written',
        version: { version, spec: command.spec, hash: command.hash, from: person(by) },
        because: `${by.name} edited spec v${command.seen} into v${version}.`,
      },
    ],
  };
}

/** Undefined when the person saw the newest spec and it is open, else why the click is stale. */
function staleSpec(state: FeatureState, seen: number): string | undefined {
  const current = newestSpec(state)?.version;
  if (current !== undefined && seen !== current) {
    return `This message is about spec v${seen}; v${current} is the newest. Nothing was changed.`;
  }
  if (state.specApproval) {
    return `Spec v${state.specApproval.version} was approved by ${state.specApproval.by.name} already. Nothing was changed.`;
  }
  if (state.phase.kind !== 'reviewing-spec')
    return `Spec v${seen} is being revised; wait for the next version.`;
  return undefined;
}

/** The newest spec is approved, bound to its hash. */
export function decideSpecApproval(
  state: FeatureState,
  command: Of<'approve-spec'>,
  by: PersonActor,
): Decided {
  const refuse = missingRight(by, 'approve') ?? staleSpec(state, command.version);
  if (refuse) return { refuse };
  const current = newestSpec(state);
  if (!current || current.hash !== command.hash) {
    return {
      refuse: `The hash of this message is not that of spec v${command.version}. Nothing was changed.`,
    };
  }
  return {
    accept: [
      {
        type: 'spec-approved',
        by: person(by),
        version: current.version,
        hash: current.hash,
        because: `${by.name} approved spec v${current.version} with ${current.spec.criteria.length} criteria (${current.hash.slice(0, 12)}).`,
      },
      ...begin(state, 'plan', `Spec v${current.version} is approved.`),
    ],
  };
}

/** The feature ends here. */
export function decideReject(state: FeatureState, command: Of<'reject'>, by: PersonActor): Decided {
  const own = state.request?.by.id === by.id;
  const refuse = (own ? undefined : missingRight(by, 'approve')) ?? staleSpec(state, command.seen);
  if (refuse) return { refuse };
  const because =
    command.because.trim() || `${by.name} rejected spec v${command.seen} without giving a reason.`;
  return { accept: [{ type: 'rejected', by: person(by), because }] };
}

import { missingRight } from '../permissions.ts';
import type { Actor, Decision } from '../process.ts';
import type { PersonCommand } from './commands.ts';
import type { FeatureEvent } from './events.ts';
import { begin, beginAttempt, dollars, progress, workInWords } from './next.ts';
import { decideSay, effectOfWords } from './say.ts';
import type { FeatureState, Person } from './state.ts';
import { isFinal, lastAttempt, newestSpec } from './state.ts';

type PersonActor = Extract<Actor, { kind: 'person' }>;
type Of<Type extends PersonCommand['type']> = Extract<PersonCommand, { type: Type }>;
type Decided = Decision<FeatureEvent>;

/** Decides about what people ask for. Each refusal is the sentence that person reads, in private. */
export function decidePerson(
  state: FeatureState,
  command: PersonCommand,
  by: PersonActor,
  now: Date,
): Decided {
  if (command.type === 'ask') return decideAsk(state, command, by, now);
  if (state.phase.kind === 'new') return { refuse: 'There is no such feature. Ask for one with /feature.' };
  if (isFinal(state.phase)) return { refuse: `${endedInWords(state)} Ask for a new feature with /feature.` };
  switch (command.type) {
    case 'choose-repository':
      return decideRepository(state, command, by);
    case 'answer':
      return decideAnswer(state, command, by);
    case 'say':
      return decideSay(state, command, by);
    case 'decide-suggestion':
      return decideSuggestion(state, command, by);
    case 'edit-spec':
      return decideEdit(state, command, by);
    case 'approve-spec':
      return decideSpecApproval(state, command, by);
    case 'reject':
      return decideReject(state, command, by);
    case 'decide-split':
      return decideSplit(state, command, by);
    case 'approve-plan':
      return decidePlanApproval(state, command, by);
    case 'retry':
      return decideRetry(state, command, by);
    case 'take-over':
      return decideTakeOver(state, command, by);
    case 'try-again':
      return decideTryAgain(state, command, by);
    case 'raise-budget':
      return decideBudget(state, command, by);
    case 'stop':
      return decideStop(state, by);
  }
}

function endedInWords(state: FeatureState): string {
  switch (state.phase.kind) {
    case 'proposed':
      return `This feature is in pull request #${state.pullRequest?.number} already.`;
    case 'split':
      return 'This feature was split into smaller ones.';
    case 'rejected':
      return `This feature was rejected by ${state.phase.by.name}.`;
    case 'taken-over':
      return `${state.phase.by.name} has taken this feature over.`;
    default:
      return 'This feature was stopped.';
  }
}

export function person(by: PersonActor): Person {
  return { id: by.id, name: by.name };
}

/** The requester, or somebody who may steer the features of others. */
function notTheirs(state: FeatureState, by: PersonActor): string | undefined {
  if (state.request?.by.id === by.id || by.rights.includes('steer')) return undefined;
  return `Only ${state.request?.by.name ?? 'the requester'}, who asked for this, or someone with the right "steer" can do that. Write it in the thread, and it is shown as your suggestion.`;
}

function decideAsk(state: FeatureState, command: Of<'ask'>, by: PersonActor, now: Date): Decided {
  if (state.phase.kind !== 'new') return { accept: [] };
  const missing = missingRight(by, 'request');
  if (missing) return { refuse: missing };
  const words = command.words.trim();
  if (words === '')
    return { refuse: 'Say what the feature should do, for example: /feature Orders over €50 ship free.' };
  const [first] = command.repositories;
  if (first === undefined) {
    return {
      refuse: `No repository is set for this channel. Someone with the right "administer" can add it to slipway.yml under channels.`,
    };
  }
  const asked: FeatureEvent = {
    type: 'asked',
    id: command.id,
    request: {
      by: person(by),
      words,
      channel: command.channel,
      ...(command.message !== undefined && { message: command.message }),
      at: now.toISOString(),
    },
    choices: command.repositories,
    because: `${by.name} asked for it in ${words.length} characters.`,
  };
  if (command.repositories.length > 1) return { accept: [asked] };
  return {
    accept: [asked, ...chooseRepository(state, first, by, 'It is the only repository of the channel.')],
  };
}

function chooseRepository(
  state: FeatureState,
  name: string,
  by: PersonActor,
  because: string,
): readonly FeatureEvent[] {
  return [
    { type: 'repository-chosen', name, by: person(by), because },
    ...begin(state, 'read-repository', `${name} is read at its newest commit.`),
  ];
}

function decideRepository(state: FeatureState, command: Of<'choose-repository'>, by: PersonActor): Decided {
  const refuse = notTheirs(state, by);
  if (refuse) return { refuse };
  if (state.phase.kind !== 'choosing-repository')
    return { refuse: `The repository is ${state.repositoryName} already.` };
  if (!state.phase.choices.includes(command.name)) {
    return {
      refuse: `${command.name} is not a repository of this channel; choose one of ${state.phase.choices.join(', ')}.`,
    };
  }
  return { accept: chooseRepository(state, command.name, by, `${by.name} chose it.`) };
}

function decideAnswer(state: FeatureState, command: Of<'answer'>, by: PersonActor): Decided {
  const refuse = notTheirs(state, by);
  if (refuse) return { refuse };
  if (state.phase.kind !== 'answering' || state.phase.round !== command.round) {
    return { refuse: 'These questions are answered already. Write in the thread what you want to change.' };
  }
  const { questions } = state.phase;
  const given = new Map(command.answers.map((answer) => [answer.question, answer.answer.trim()]));
  const answers = questions.map((question) => ({
    question: question.id,
    answer: given.get(question.id) || question.default,
  }));
  const chosen = questions.filter((question) => given.get(question.id)).length;
  return {
    accept: [
      {
        type: 'answered',
        by: person(by),
        answers,
        byDefault: command.byDefault,
        because: `${by.name} answered ${chosen} of ${questions.length}; the rest keep their defaults.`,
      },
      ...begin(state, 'specify', 'The questions are answered.'),
    ],
  };
}

function decideSuggestion(state: FeatureState, command: Of<'decide-suggestion'>, by: PersonActor): Decided {
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

function decideEdit(state: FeatureState, command: Of<'edit-spec'>, by: PersonActor): Decided {
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

function decideSpecApproval(state: FeatureState, command: Of<'approve-spec'>, by: PersonActor): Decided {
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

function decideReject(state: FeatureState, command: Of<'reject'>, by: PersonActor): Decided {
  const own = state.request?.by.id === by.id;
  const refuse = (own ? undefined : missingRight(by, 'approve')) ?? staleSpec(state, command.seen);
  if (refuse) return { refuse };
  const because =
    command.because.trim() || `${by.name} rejected spec v${command.seen} without giving a reason.`;
  return { accept: [{ type: 'rejected', by: person(by), because }] };
}

function decideSplit(state: FeatureState, command: Of<'decide-split'>, by: PersonActor): Decided {
  const refuse = notTheirs(state, by);
  if (refuse) return { refuse };
  if (state.phase.kind !== 'splitting') return { refuse: 'Whether to split this was decided already.' };
  const decision = command.split ? 'split' : 'kept';
  const decided: FeatureEvent = {
    type: 'split-decided',
    decision,
    by: person(by),
    because: command.split
      ? `${by.name} split it into ${state.phase.parts.length} features.`
      : `${by.name} keeps it as one feature.`,
  };
  if (command.split) return { accept: [decided] };
  return { accept: [decided, ...begin(state, 'specify', 'The request stays one feature.')] };
}

function decidePlanApproval(state: FeatureState, command: Of<'approve-plan'>, by: PersonActor): Decided {
  const missing = missingRight(by, 'approve');
  if (missing) return { refuse: missing };
  if (state.plan?.approval)
    return { refuse: `The plan was approved by ${state.plan.approval.by.name} already.` };
  if (state.plan?.hash !== command.hash)
    return { refuse: 'This message shows an older plan. Nothing was changed.' };
  if (state.phase.kind !== 'reviewing-plan') return { refuse: 'The plan is not ready for approval yet.' };
  const risk = newestSpec(state)?.spec.risk.level;
  if (risk === 'high' && state.request?.by.id === by.id) {
    return { refuse: 'The risk is high, so somebody other than the requester approves the plan.' };
  }
  return {
    accept: [
      {
        type: 'plan-approved',
        by: person(by),
        hash: command.hash,
        because: `${by.name} approved the plan of ${state.plan.plan.tasks.length} tasks.`,
      },
      ...beginAttempt(state, { number: 1, scope: 'all', because: 'The plan is approved.' }),
    ],
  };
}

/** Undefined when a decision about this attempt is open. */
function staleDecision(state: FeatureState, attempt: number): string | undefined {
  const current = lastAttempt(state)?.number;
  if (current !== attempt)
    return `This message is about attempt ${attempt}; attempt ${current} is the newest.`;
  return state.phase.kind === 'deciding' ? undefined : 'This was decided already.';
}

function decideRetry(state: FeatureState, command: Of<'retry'>, by: PersonActor): Decided {
  const refuse = notTheirs(state, by) ?? staleDecision(state, command.attempt);
  if (refuse) return { refuse };
  const text = command.note.trim();
  const attempts = state.repository?.workflow.thresholds.attempts ?? 3;
  const asked: FeatureEvent = {
    type: 'retry-asked',
    by: person(by),
    attempts,
    ...(text && { note: { ts: command.ts, by: person(by), text, standing: 'counts', read: false } }),
    because: text ? `${by.name} asked for another try: ${text}` : `${by.name} asked for another try.`,
  };
  const scope = lastAttempt(state)?.change === undefined ? 'all' : 'repair';
  return {
    accept: [
      asked,
      ...beginAttempt(state, { number: command.attempt + 1, scope, because: `${by.name} asked for it.` }),
    ],
  };
}

function decideTakeOver(state: FeatureState, command: Of<'take-over'>, by: PersonActor): Decided {
  const refuse = notTheirs(state, by) ?? staleDecision(state, command.attempt);
  if (refuse) return { refuse };
  return {
    accept: [
      {
        type: 'taken-over',
        by: person(by),
        because: `${by.name} takes it over after ${command.attempt} attempts.`,
      },
    ],
  };
}

function decideTryAgain(state: FeatureState, command: Of<'try-again'>, by: PersonActor): Decided {
  const refuse = notTheirs(state, by);
  if (refuse) return { refuse };
  if (state.phase.kind !== 'blocked' || state.step !== command.step) {
    return { refuse: 'It goes on already.' };
  }
  return {
    accept: begin(state, state.phase.on, `${by.name} asked to try again: ${workInWords(state.phase.on)}.`),
  };
}

function decideBudget(state: FeatureState, command: Of<'raise-budget'>, by: PersonActor): Decided {
  const missing = missingRight(by, 'approve');
  if (missing) return { refuse: missing };
  if (state.phase.kind !== 'over-budget' || state.step !== command.step) {
    return { refuse: 'The budget was raised already.' };
  }
  if (command.to <= state.spent.dollars) {
    return {
      refuse: `${dollars(state.spent.dollars)} is spent already, so the new budget has to be higher than that.`,
    };
  }
  return {
    accept: [
      {
        type: 'budget-raised',
        by: person(by),
        cap: command.to,
        because: `${by.name} raised the budget from ${dollars(state.budget ?? 0)} to ${dollars(command.to)}.`,
      },
      {
        type: 'work-began',
        on: state.phase.next,
        because: `There is money for ${workInWords(state.phase.next)}.`,
      },
    ],
  };
}

function decideStop(state: FeatureState, by: PersonActor): Decided {
  const own = state.request?.by.id === by.id;
  const missing = own ? undefined : missingRight(by, 'stop');
  if (missing) return { refuse: missing };
  const { done, inProgress, remains } = progress(state);
  return {
    accept: [
      {
        type: 'stopped',
        by: person(by),
        done,
        ...(inProgress !== undefined && { inProgress }),
        remains,
        because: inProgress ? `${by.name} stopped it while ${inProgress}.` : `${by.name} stopped it.`,
      },
    ],
  };
}

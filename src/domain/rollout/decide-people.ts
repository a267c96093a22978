import { missingRight } from '../permissions.ts';
import type { Actor } from '../process.ts';
import type { PersonCommand } from './commands.ts';
import { decideAdvance, decideAskOverride, decideConfirmOverride } from './decide/advancing.ts';
import { decideBegin, decideResume } from './decide/going-on.ts';
import type { Decided, Of } from './decide/people.ts';
import { decideBack, decideHalt, decideHold, decideRollBack } from './decide/stopping.ts';
import { clock } from './say.ts';
import type { RolloutState } from './state.ts';

/** Decides about what people ask for. Each refusal is the sentence that person reads, in private. */
export function decidePerson(state: RolloutState, command: PersonCommand, by: Actor, now: Date): Decided {
  if (command.type === 'start') return decideStart(state, command, by);
  if (by.kind !== 'person') return { refuse: 'Only a person may ask for that.' };
  const { phase } = state;
  if (phase.kind === 'new') return { refuse: 'There is no such rollout. Start one with /rollout start.' };
  if (phase.kind === 'rolled-back')
    return {
      refuse: `${phase.by.name} rolled this back at ${clock(phase.at)}. Start a new rollout once it is mended.`,
    };
  const stops = command.type === 'halt' || command.type === 'roll-back';
  if (phase.kind === 'finished' && !stops)
    return {
      refuse: `This rollout finished at ${clock(phase.at)}: everybody has ${state.flag}. It can only be rolled back.`,
    };
  switch (command.type) {
    case 'begin':
      return decideBegin(state, command, by);
    case 'hold':
      return decideHold(state, command, by);
    case 'resume':
      return decideResume(state, by);
    case 'advance':
      return decideAdvance(state, command, by, now);
    case 'ask-override':
      return decideAskOverride(state, command, by);
    case 'confirm-override':
      return decideConfirmOverride(state, command, by, now);
    case 'back':
      return decideBack(state, by);
    case 'halt':
      return decideHalt(state, command, by);
    case 'roll-back':
      return decideRollBack(state, command, by);
  }
}

/** Asked for by a person, or by the merge of a feature, which a person approved. */
function decideStart(state: RolloutState, command: Of<'start'>, by: Actor): Decided {
  if (by.kind === 'job' && command.origin.kind !== 'feature')
    return { refuse: 'Only a person may start the rollout of a flag that no feature brought.' };
  const missing = by.kind === 'person' ? missingRight(by, 'request') : undefined;
  if (missing) return { refuse: missing };
  if (state.phase.kind !== 'new') return { refuse: `The rollout of ${state.flag} was started already.` };
  if (command.flag.trim() === '') return { refuse: 'Which flag? Name it: /rollout start my-flag.' };
  const { type: _type, ...started } = command;
  const because =
    command.origin.kind === 'feature'
      ? `The feature is merged, so ${command.flag} goes to its users, stage by stage.`
      : `${command.owner.name} starts the rollout of ${command.flag}.`;
  return { accept: [{ type: 'started', ...started, because }] };
}

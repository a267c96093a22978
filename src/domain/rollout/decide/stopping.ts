import { entered, stepDown } from '../course.ts';
import type { RolloutState } from '../state.ts';
import { holdsForPerson } from '../state.ts';
import { type Decided, mayNotStop, type Of, type PersonActor, person, withReason } from './people.ts';

/** It stays where it is, and is watched on. Before the first stage it does not begin. */
export function decideHold(state: RolloutState, command: Of<'hold'>, by: PersonActor): Decided {
  const missing = mayNotStop(state, by);
  if (missing) return { refuse: missing };
  const { phase } = state;
  const because = `${by.name} holds it${withReason(command.reason)}`;
  if (phase.kind === 'halted') return { refuse: 'It is halted already, which is more than holding it.' };
  if (phase.kind === 'planned' || phase.kind === 'rehearsing') {
    if (phase.kind === 'planned' && phase.waitsFor && phase.checkAt === undefined)
      return { refuse: `It has not begun, and waits for a person already: ${phase.waitsFor.because}` };
    return { accept: [{ type: 'not-begun', reason: 'person', by: person(by), because }] };
  }
  if (phase.kind === 'holding' && holdsForPerson.includes(phase.reason))
    return { refuse: `It is held already: ${phase.because}` };
  return { accept: [{ type: 'held', reason: 'person', by: person(by), because }] };
}

/** One stage down, and held there. */
export function decideBack(state: RolloutState, by: PersonActor): Decided {
  const missing = mayNotStop(state, by);
  if (missing) return { refuse: missing };
  const { phase } = state;
  if (phase.kind !== 'ramping' && phase.kind !== 'holding')
    return { refuse: 'Nobody is exposed, so there is no stage to go back from.' };
  const to = stepDown(state);
  if (!to) return { refuse: 'This is the first stage: below it is only off. Halt switches the flag off.' };
  const because = `${by.name} took it back from ${state.wanted.percent} % to ${to.percent} %.`;
  return {
    accept: [
      entered(state, { to, how: 'stepped-back', by: person(by), because }),
      { type: 'held', reason: 'person', by: person(by), because },
    ],
  };
}

/** The flag off for everybody, at once and from anywhere. What is halted and on again is halted again. */
export function decideHalt(state: RolloutState, command: Of<'halt'>, by: PersonActor): Decided {
  const missing = mayNotStop(state, by);
  if (missing) return { refuse: missing };
  const { phase } = state;
  if (phase.kind === 'finished') return rolledBack(state, by, command.reason);
  const proved = phase.kind === 'halted' ? phase.metrics : [];
  if (phase.kind === 'halted' && state.off?.doneAt === undefined)
    return {
      refuse: `It is halted already${state.off ? ', and the flag is being switched off' : ''}. ${phase.because}`,
    };
  const because = `${by.name} halted it${exposed(state, 'at')}${withReason(command.reason)}${untouched(state)}`;
  return { accept: [{ type: 'halted', metrics: proved, by: person(by), because }] };
}

/** The end of this rollout: off, and a fix is offered. */
export function decideRollBack(state: RolloutState, command: Of<'roll-back'>, by: PersonActor): Decided {
  const missing = mayNotStop(state, by);
  if (missing) return { refuse: missing };
  return rolledBack(state, by, command.reason);
}

function rolledBack(state: RolloutState, by: PersonActor, reason: string | undefined): Decided {
  const because = `${by.name} rolled it back${exposed(state, 'from')}${withReason(reason)}${untouched(state)}`;
  return { accept: [{ type: 'rolled-back', by: person(by), because }] };
}

function exposed({ wanted }: RolloutState, preposition: string): string {
  return wanted.percent === 0 ? '' : ` ${preposition} ${wanted.percent} %`;
}

function untouched(state: RolloutState): string {
  return state.touched ? '' : ' The flag was not touched here, so there is nothing to switch off.';
}

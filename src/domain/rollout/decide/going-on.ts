import { judgementOf } from '../counting.ts';
import { completed, isSwitchedOff } from '../course.ts';
import type { RolloutEvent } from '../events.ts';
import { isWritten } from '../pending.ts';
import { holdInWords } from '../say.ts';
import type { HoldReason, RolloutState } from '../state.ts';
import { type Decided, mayNotGoOn, type Of, type PersonActor, person } from './people.ts';

/** It begins though something speaks against it, or the plan is read again. */
export function decideBegin(state: RolloutState, command: Of<'begin'>, by: PersonActor): Decided {
  const missing = mayNotGoOn(state, by);
  if (missing) return { refuse: missing };
  const { phase } = state;
  if (phase.kind === 'halted')
    return {
      refuse: `It is halted: ${phase.because} Roll it back first (/rollout rollback ${state.flag}), then a new one can be started.`,
    };
  if (phase.kind !== 'planned') return { refuse: 'It has begun already.' };
  if (!phase.waitsFor || phase.checkAt !== undefined)
    return { refuse: `It begins by itself. ${phase.waitsFor?.because ?? 'The plan is being read.'}` };
  if (command.step !== state.step)
    return { refuse: 'This message is older than what it shows. Nothing was changed.' };
  return { accept: [begun(state, by)] };
}

function begun(state: RolloutState, by: PersonActor): RolloutEvent {
  return { type: 'released', by: person(by), because: `${by.name} ${begunInWords(state)}.` };
}

function begunInWords({ plan, phase }: RolloutState): string {
  if (!plan) return 'asks to read the plan again';
  const reason = phase.kind === 'planned' ? phase.waitsFor?.reason : undefined;
  if (reason === 'unprovable') return 'begins it all the same';
  return reason === 'person' ? 'begins it' : 'asks to try it again';
}

/** What a person or a halt holds goes on; what ends by itself needs nobody. */
export function decideResume(state: RolloutState, by: PersonActor): Decided {
  const missing = mayNotGoOn(state, by);
  if (missing) return { refuse: missing };
  const { phase } = state;
  switch (phase.kind) {
    case 'planned':
      return decideBegin(state, { type: 'begin', step: state.step }, by);
    case 'halted':
      return resumedHalt(state, phase, by);
    case 'holding':
      return resumedHold(state, phase.reason, by);
    default:
      return { refuse: 'It is not held: it goes on by itself as soon as its stage is proved safe.' };
  }
}

function resumedHalt(
  state: RolloutState,
  phase: Extract<RolloutState['phase'], { kind: 'halted' }>,
  by: PersonActor,
): Decided {
  if (phase.metrics.length > 0)
    return {
      refuse: `The harm of ${phase.metrics.join(' and ')} was proved, and that does not go away by waiting. Once it is mended, roll it back, and start a new rollout.`,
    };
  if (state.off && state.off.doneAt === undefined)
    return { refuse: 'The flag is still being switched off. Try again in a moment.' };
  const because = `${by.name} lets it go on after the halt; the way back is tried again first.`;
  return { accept: [{ type: 'released', by: person(by), because }] };
}

function resumedHold(state: RolloutState, reason: HoldReason, by: PersonActor): Decided {
  const release = (words: string, anew?: readonly string[]): Decided => {
    const released: RolloutEvent = {
      type: 'released',
      by: person(by),
      ...(anew && { anew }),
      because: `${by.name} ${words}.`,
    };
    const done = state.wanted.percent === 100 && isWritten(state) && reason !== 'drift';
    return { accept: done ? [released, completed(state)] : [released] };
  };
  switch (reason) {
    case 'person':
      return release('lets it go on');
    case 'drift':
      return release(
        isSwitchedOff(state)
          ? 'lets it go on: the flag is off, so the way back is tried again and it begins one stage lower'
          : `lets it go on: the flag is ${state.seen ? `at ${state.seen.percent} %, and is ` : ''}set to ${state.wanted.percent} % again`,
      );
    case 'sample-ratio':
      return release('lets it go on; the users of both cohorts are counted anew');
    case 'max-soak':
      return release('gives this stage its longest stay once more');
    case 'signal': {
      const worse = state.plan ? judgementOf(state.plan, state.evidence).signals : [];
      return release(
        `has seen it and lets it go on; ${worse.join(' and ') || 'the signal'} is counted anew`,
        worse,
      );
    }
    case 'harm': {
      const harmful = state.plan ? judgementOf(state.plan, state.evidence).harmful : [];
      return release(
        `lets it go on although harm was proved; the evidence of ${harmful.join(' and ') || 'its metrics'} begins anew, so the chance of a false halt is spent once more`,
        harmful,
      );
    }
    default:
      return { refuse: `It goes on by itself as soon as this is over: ${holdInWords(reason)}.` };
  }
}

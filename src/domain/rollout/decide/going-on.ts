import { judgementOf } from '../counting.ts';
import { completed, entered, hindrance, isSwitchedOff, stepUp, wayOn } from '../course.ts';
import type { RolloutEvent } from '../events.ts';
import { isWritten } from '../pending.ts';
import { holdInWords } from '../say.ts';
import type { HoldReason, RolloutState } from '../state.ts';
import { environmentNow, stageNow } from '../state.ts';
import {
  type Decided,
  mayNotConfirm,
  mayNotGoOn,
  type Of,
  type PersonActor,
  person,
  withReason,
} from './people.ts';

const shortestReason = 10;

/** It begins though something speaks against it, or the plan is read again. */
export function decideBegin(state: RolloutState, command: Of<'begin'>, by: PersonActor): Decided {
  const missing = mayNotGoOn(state, by);
  if (missing) return { refuse: missing };
  const { phase } = state;
  if (phase.kind !== 'planned') return { refuse: 'It has begun already.' };
  if (!phase.waitsFor || phase.checkAt !== undefined)
    return { refuse: `It begins by itself. ${phase.waitsFor?.because ?? 'The plan is being read.'}` };
  if (command.step !== state.step)
    return { refuse: 'This message is older than what it shows. Nothing was changed.' };
  return { accept: [begun(state, by)] };
}

function begun(state: RolloutState, by: PersonActor): RolloutEvent {
  const again = state.plan ? 'begins it all the same' : 'asks to read the plan again';
  return { type: 'released', by: person(by), because: `${by.name} ${again}.` };
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
      refuse: `The harm of ${phase.metrics.join(' and ')} was proved, and that does not go away by waiting. Start a new rollout once it is mended.`,
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

/** One stage up, on proof; the ticks do this by themselves, so it is for what a person held. */
export function decideAdvance(
  state: RolloutState,
  command: Of<'advance'>,
  by: PersonActor,
  now: Date,
): Decided {
  const refuse =
    mayNotGoOn(state, by) ?? notExposed(state) ?? moved(state, command.seen) ?? standsStill(state);
  if (refuse) return { refuse };
  const way = wayOn(state, now);
  if (way.kind === 'hold') return { refuse: way.because };
  if (way.kind === 'wait')
    return { refuse: `${way.because} Without proof it takes a written reason and a second person.` };
  const because =
    `${by.name} advanced it to ${way.to.percent} % on its proof. ${state.verdict?.because ?? ''}`.trim();
  return { accept: [entered(state, { to: way.to, how: 'advanced', by: person(by), because })] };
}

/** Holds in which a step up would be wrong, whoever asks. */
function standsStill(state: RolloutState): string | undefined {
  const { phase, verdict } = state;
  if (verdict?.name === 'harm')
    return `Harm is proved, so it cannot advance. ${verdict.because} Halt it, roll it back or go back a stage.`;
  if (phase.kind !== 'holding') return undefined;
  const stubborn: readonly HoldReason[] = [
    'harm',
    'drift',
    'flag-service',
    'dependency',
    'other-rollout',
    'freeze',
  ];
  return stubborn.includes(phase.reason) ? phase.because : undefined;
}

function notExposed({ phase }: RolloutState): string | undefined {
  if (phase.kind === 'ramping' || phase.kind === 'holding') return undefined;
  if (phase.kind === 'halted') return `It is halted: ${phase.because} Resume it first, if it can be resumed.`;
  return 'Nobody is exposed yet: the first stage begins by itself.';
}

function moved(state: RolloutState, seen: Of<'advance'>['seen']): string | undefined {
  if (!seen || (seen.environment === state.environment && seen.stage === state.stage)) return undefined;
  return `The message you clicked shows an earlier stage; it is at ${state.wanted.percent} % now. Nothing was changed.`;
}

/** Asks for a step up without proof. Nothing happens before another person confirms it. */
export function decideAskOverride(
  state: RolloutState,
  command: Of<'ask-override'>,
  by: PersonActor,
): Decided {
  const refuse = mayNotGoOn(state, by) ?? notExposed(state) ?? standsStill(state);
  if (refuse) return { refuse };
  const reason = command.reason.trim();
  if (reason.length < shortestReason)
    return {
      refuse: `Advancing without proof takes a written reason of at least ${shortestReason} characters.`,
    };
  const to = stepUp(state);
  if (!to || !isWritten(state)) return { refuse: 'The flag is still being changed. Try again in a moment.' };
  return {
    accept: [
      {
        type: 'override-asked',
        by: person(by),
        reason,
        because: `${by.name} asks to go from ${state.wanted.percent} % to ${to.percent} % without proof${withReason(reason)} Another person must confirm it.`,
      },
    ],
  };
}

/** The second person. What was asked must still be what would happen. */
export function decideConfirmOverride(
  state: RolloutState,
  command: Of<'confirm-override'>,
  by: PersonActor,
  now: Date,
): Decided {
  const { override } = state;
  const missing = mayNotConfirm(by);
  if (missing) return { refuse: missing };
  const environment = environmentNow(state);
  if (
    !override ||
    override.at !== command.at ||
    override.stage !== state.stage ||
    override.environment !== environment
  )
    return { refuse: 'What was asked is past: the rollout has gone on since. Nothing was changed.' };
  if (override.by.id === by.id)
    return {
      refuse: 'You asked for this yourself. Another person, who may approve or is on call, must confirm it.',
    };
  const refuse = notExposed(state) ?? standsStill(state) ?? hindrance(state, now)?.because;
  if (refuse) return { refuse };
  const to = stepUp(state);
  if (!to || !isWritten(state)) return { refuse: 'The flag is still being changed. Try again in a moment.' };
  const because = `${override.by.name} asked for it and ${by.name} confirmed: from ${stageNow(state)?.percent ?? 0} % to ${to.percent} % without proof${withReason(override.reason)}`;
  return { accept: [entered(state, { to, how: 'overridden', by: person(by), because })] };
}

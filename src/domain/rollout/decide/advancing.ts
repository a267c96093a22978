import { entered, hindrance, stepUp, wayOn } from '../course.ts';
import { isWritten } from '../pending.ts';
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

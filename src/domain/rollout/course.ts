import type { Person } from '../feature/state.ts';
import type { RolloutEvent } from './events.ts';
import { frozenUntil } from './freeze.ts';
import { isWritten, later } from './pending.ts';
import { clock, duration } from './say.ts';
import type { HoldReason, RolloutState } from './state.ts';
import { environmentNow, stageNow } from './state.ts';

/** A place on the ladder. Beyond the last stage lies 100 %, which is no stage of its own. */
export type Step = { readonly stage: number; readonly percent: number };

/** One up, or undefined when everybody has the feature already. */
export function stepUp(state: RolloutState): Step | undefined {
  if (!state.plan || state.wanted.percent >= 100) return undefined;
  const next = state.plan.stages[state.stage + 1];
  return next ? { stage: state.stage + 1, percent: next.percent } : { stage: state.stage, percent: 100 };
}

/** One down, or undefined at the first stage: below it is only off. */
export function stepDown(state: RolloutState): Step | undefined {
  return stepBelow(state, state.wanted.percent);
}

/** The highest stage below a percentage. */
export function stepBelow(state: RolloutState, percent: number): Step | undefined {
  const stages = state.plan?.stages ?? [];
  const stage = stages.findLastIndex((each) => each.percent < percent);
  const below = stages[stage];
  return below && { stage, percent: below.percent };
}

/** Ticks further apart than this mean that nobody watched in between. */
export function longestGap(tickSeconds: number): number {
  return Math.max(5 * tickSeconds, 120);
}

export type WayOn =
  | { readonly kind: 'go'; readonly to: Step }
  /** Due, but something else stands in the way. */
  | {
      readonly kind: 'hold';
      readonly reason: HoldReason;
      readonly because: string;
      /** When it ends, where that is known. */
      readonly until?: string;
    }
  /** Not due yet. */
  | { readonly kind: 'wait'; readonly because: string };

/** Whether it may go one step up on its proof, as of the newest tick. */
export function wayOn(state: RolloutState, now: Date): WayOn {
  const { plan, verdict, soakFrom } = state;
  const stage = stageNow(state);
  const to = stepUp(state);
  const wait = (because: string): WayOn => ({ kind: 'wait', because });
  if (!plan || !stage || !to) return wait('There is no further step.');
  if (!isWritten(state) || soakFrom === undefined)
    return wait(`The flag service has not confirmed ${state.wanted.percent} % yet.`);
  if (verdict?.name !== 'safe')
    return wait(
      `${stage.percent} % is not proved safe. ${verdict?.because ?? 'Nothing was counted in this stage yet.'}`,
    );
  const age = (now.getTime() - Date.parse(verdict.at)) / 1000;
  if (age > longestGap(plan.tickSeconds) + plan.lagSeconds)
    return wait(`The newest proof is ${duration(age)} old; the next tick must confirm it.`);
  const left = secondsToStay(state);
  if (left > 0)
    return wait(
      `The shortest stay at ${stage.percent} % is ${duration(stage.minSoakMinutes * 60)}, ${duration(left)} are left.`,
    );
  return hindrance(state, now) ?? { kind: 'go', to };
}

/** What is left of the shortest stay in this stage, as of the newest tick. */
export function secondsToStay(state: RolloutState): number {
  const { soakFrom, lastTickAt = soakFrom } = state;
  const shortest = (stageNow(state)?.minSoakMinutes ?? 0) * 60;
  if (soakFrom === undefined || lastTickAt === undefined) return shortest;
  return Math.max(0, shortest - (Date.parse(lastTickAt) - Date.parse(soakFrom)) / 1000);
}

/** What keeps anything from advancing, proof or not. */
export function hindrance(state: RolloutState, now: Date): Extract<WayOn, { kind: 'hold' }> | undefined {
  const { obstacle, plan } = state;
  if (obstacle) return { kind: 'hold', ...obstacle };
  const frozen = frozenUntil(plan?.freeze ?? [], now);
  if (!frozen) return undefined;
  return {
    kind: 'hold',
    reason: 'freeze',
    until: frozen.until,
    because: `Nothing advances until ${clock(frozen.until)}: ${frozen.why}. Stopping works as always.`,
  };
}

/** Held because somebody else changed the flag, and what they did was to switch it off. */
export function isSwitchedOff({ phase, seen }: RolloutState): boolean {
  return phase.kind === 'holding' && phase.reason === 'drift' && seen?.enabled === false;
}

export function entered(
  state: RolloutState,
  options: {
    readonly to: Step;
    readonly how: Extract<RolloutEvent, { type: 'stage-entered' }>['how'];
    readonly because: string;
    readonly by?: Person;
  },
): RolloutEvent {
  const { to, how, because, by } = options;
  return {
    type: 'stage-entered',
    environment: state.environment,
    stage: to.stage,
    percent: to.percent,
    how,
    ...(by && { by }),
    because,
  };
}

/** Everybody has the feature here: on to the next environment, or the end. */
export function completed(state: RolloutState): RolloutEvent {
  const here = environmentNow(state) ?? 'this environment';
  const next = state.plan?.environments[state.environment + 1];
  if (next !== undefined)
    return {
      type: 'promoted',
      environment: state.environment + 1,
      because: `Everybody in ${here} has ${state.flag}; ${next} comes next, from the beginning.`,
    };
  const started = state.startedAt;
  return {
    type: 'finished',
    because: `Everybody in ${here} has ${state.flag}${started === undefined ? '' : `, begun ${clock(started)}`}. The flag can be removed from the code.`,
  };
}

/** Why it cannot begin now, as an event; it is looked at again by itself. */
export function notYet(hold: { reason: HoldReason; because: string }, checkAt: string): RolloutEvent {
  return { type: 'not-begun', reason: hold.reason, checkAt, because: hold.because };
}

export function inSeconds(now: Date, seconds: number): string {
  return later(now.toISOString(), seconds);
}

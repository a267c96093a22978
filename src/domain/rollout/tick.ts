import type { Counted } from './counting.ts';
import { countTick } from './counting.ts';
import { longestGap } from './course.ts';
import type { RolloutEvent } from './events.ts';
import { isWritten } from './pending.ts';
import type { Tick } from './reading.ts';
import type { RolloutState } from './state.ts';

type Ticked = Extract<RolloutEvent, { type: 'ticked' }>;

/** Whether nobody watched for a while before this tick: then it must verify again before anything advances. */
export function afterGap(state: RolloutState, tick: Tick): boolean {
  return state.plan !== undefined && unwatchedSeconds(state, tick) > longestGap(state.plan.tickSeconds);
}

/** For how long nothing was watched when a tick ends: since the one before, or since counting could begin. */
export function unwatchedSeconds(state: RolloutState, tick: Tick): number {
  const from = [state.lastTickAt, state.written?.countFrom].flatMap((at) => (at ? [Date.parse(at)] : []));
  return from.length === 0 ? 0 : (Date.parse(tick.at) - Math.max(...from)) / 1000;
}

/** What is true after a tick. Its size does not grow with the number of ticks. */
export function withTick(
  before: RolloutState,
  event: Ticked,
  counted: Counted = countTick(before, event.tick),
): RolloutState {
  const { tick, verdict, because } = event;
  const { evidence, sampleRatio, restartedAt, counts } = counted;
  const { obstacle: _obstacle, ...state } = before;
  const without = verdict === 'no-data' || verdict === 'provider-down';
  return {
    ...state,
    evidence,
    ...(sampleRatio && { sampleRatio }),
    ...(restartedAt !== undefined && { restartedAt }),
    ...(event.obstacle && { obstacle: event.obstacle }),
    ...(tick.flag && maySee(before) && { seen: tick.flag }),
    ...(state.soakFrom !== undefined && afterGap(before, tick) && { soakFrom: tick.at }),
    ticks: state.ticks + 1,
    lastTickAt: tick.at,
    verdict: { name: verdict, because, at: tick.at },
    ticksWithoutData: counts ? (without ? state.ticksWithoutData + 1 : 0) : state.ticksWithoutData,
    ticksWithoutFlag: tick.flagProblem !== undefined ? state.ticksWithoutFlag + 1 : 0,
  };
}

/**
 * A change is written over what was seen last. While one is on its way that stays what we left, or what a person set
 * meanwhile would be taken for it, and the flag raised again.
 */
function maySee(state: RolloutState): boolean {
  const { phase } = state;
  return isWritten(state) || (phase.kind === 'holding' && phase.reason === 'drift');
}

import type { JobCommand } from '../commands.ts';
import type { Counted } from '../counting.ts';
import { countTick, judgementOf } from '../counting.ts';
import { entered, wayOn } from '../course.ts';
import type { RolloutEvent } from '../events.ts';
import type { Judgement } from '../evidence/evidence.ts';
import { isWritten } from '../pending.ts';
import type { Tick } from '../reading.ts';
import { clock, duration, holdInWords, sentence, verdictSentence } from '../say.ts';
import type { HoldReason, Plan, RolloutState, VerdictName } from '../state.ts';
import { holdsForPerson, stageNow } from '../state.ts';
import { afterGap, unwatchedSeconds, withTick } from '../tick.ts';
import { type Cause, causeOf, driftNow } from './causes.ts';
import { afterHarm } from './harm.ts';

type Ticked = Extract<RolloutEvent, { type: 'ticked' }>;

const absent: readonly HoldReason[] = ['no-data', 'provider-down'];

/** What a tick leads to: at most one step, and only up on proof. */
export function ticked(
  state: RolloutState,
  command: Extract<JobCommand, { type: 'ticked' }>,
  now: Date,
): readonly RolloutEvent[] {
  const { tick, obstacle } = command;
  const { plan } = state;
  if (!plan) return [];
  const counted = countTick(state, tick);
  const judgement = judgementOf(plan, counted.evidence);
  const { name, because } = verdictOf(state, { tick, counted, judgement });
  const event: Ticked = {
    type: 'ticked',
    tick,
    verdict: name,
    ...(obstacle && { obstacle: { ...obstacle, because: sentence(obstacle.because) } }),
    because: verdictSentence(name, because),
  };
  const after = withTick(state, event, counted);
  return [event, ...consequences(after, { plan, tick, judgement, now })];
}

/** What the evidence says, unless this tick cannot say it. Only proved harm stands whatever the tick held. */
function verdictOf(
  state: RolloutState,
  seen: { readonly tick: Tick; readonly counted: Counted; readonly judgement: Judgement },
): { readonly name: VerdictName; readonly because: string } {
  const { tick, counted, judgement } = seen;
  const { verdict, because } = judgement;
  const undecided = (why: string) => ({ name: 'undecided', because: why }) as const;
  if (verdict === 'harm') return { name: verdict, because };
  if (!isWritten(state)) return undecided(`the flag is being changed to ${state.wanted.percent} %`);
  if (!counted.counts) return undecided(uncounted(state, tick));
  if (verdict !== 'safe') return { name: verdict, because };
  if (afterGap(state, tick))
    return undecided(
      `nobody watched for ${duration(unwatchedSeconds(state, tick))}, so it is watched anew before anything advances`,
    );
  if (tick.flag === undefined)
    return undecided(
      `the flag service did not say what the flag is: ${tick.flagProblem ?? 'it was not asked'}`,
    );
  return { name: verdict, because };
}

function uncounted({ lastTickAt, written }: RolloutState, tick: Tick): string {
  return lastTickAt !== undefined && Date.parse(tick.from) < Date.parse(lastTickAt)
    ? 'what was counted up to the tick before is in this one again, so it is left out'
    : `clients still follow the change; counted is what happens after ${clock(written?.countFrom ?? tick.at)}`;
}

type Seen = {
  readonly plan: Plan;
  readonly tick: Tick;
  readonly judgement: Judgement;
  readonly now: Date;
};

function consequences(after: RolloutState, seen: Seen): readonly RolloutEvent[] {
  const harm = afterHarm(after, seen);
  if (harm) return harm;
  const { phase } = after;
  const waitsForPerson = phase.kind === 'holding' && holdsForPerson.includes(phase.reason);
  if (waitsForPerson) return [];
  const drift = driftNow(after, seen.tick);
  if (drift !== undefined)
    return [
      { type: 'held', reason: 'drift', ...(seen.tick.flag && { flag: seen.tick.flag }), because: drift },
    ];
  const cause = causeOf(after, seen);
  if (cause) return hold(after, cause);
  const way = wayOn(after, seen.now);
  switch (way.kind) {
    case 'hold':
      return hold(after, { reason: way.reason, because: way.because });
    case 'wait':
      return release(after);
    case 'go':
      return [
        ...release(after),
        entered(after, {
          to: way.to,
          how: 'advanced',
          because:
            `${stageNow(after)?.percent ?? 0} % is proved safe, so ${way.to.percent} % follows. ${after.verdict?.because ?? ''}`.trim(),
        }),
      ];
  }
}

function release(state: RolloutState): readonly RolloutEvent[] {
  const { phase } = state;
  if (phase.kind !== 'holding') return [];
  return [{ type: 'released', because: `It goes on; what held it is over: ${holdInWords(phase.reason)}.` }];
}

/** The same cause again is not said again; one kind of missing data is as good as the other. */
function hold(state: RolloutState, cause: Cause): readonly RolloutEvent[] {
  const { phase } = state;
  if (phase.kind === 'holding') {
    if (phase.reason === cause.reason) return [];
    if (absent.includes(phase.reason) && absent.includes(cause.reason)) return [];
  }
  return [{ type: 'held', ...cause }];
}

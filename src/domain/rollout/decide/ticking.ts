import type { JobCommand } from '../commands.ts';
import type { Counted } from '../counting.ts';
import { countTick, judgementOf, limitOf } from '../counting.ts';
import { entered, stepDown, wayOn } from '../course.ts';
import type { RolloutEvent } from '../events.ts';
import type { Judgement } from '../evidence/evidence.ts';
import { sampleRatioBroken } from '../evidence/evidence.ts';
import { isWritten } from '../pending.ts';
import type { Tick } from '../reading.ts';
import {
  clock,
  count,
  duration,
  holdInWords,
  metricSentence,
  sentence,
  share,
  verdictSentence,
} from '../say.ts';
import type { MetricSettings } from '../settings.ts';
import type { HoldReason, Plan, RolloutState, VerdictName } from '../state.ts';
import { environmentNow, holdsForPerson, stageNow } from '../state.ts';
import { afterGap, unwatchedSeconds, withTick } from '../tick.ts';
import { driftOf } from './exposing.ts';

type Cause = { readonly reason: HoldReason; readonly because: string };
type Ticked = Extract<RolloutEvent, { type: 'ticked' }>;

const ticksOfPatience = 2;
const ticksWithoutFlagOfPatience = 3;
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

/** The strongest of the actions of the metrics whose harm is proved. */
function afterHarm(after: RolloutState, { plan, judgement }: Seen): readonly RolloutEvent[] | undefined {
  if (judgement.verdict !== 'harm') return undefined;
  const metrics = plan.metrics.filter(({ name }) => judgement.harmful.includes(name));
  const actions = metrics.map(actionOf);
  const because = sentence(
    metrics
      .map((metric) => {
        const evidence = after.evidence[metric.name];
        return evidence ? metricSentence(metric, evidence, limitOf(plan, metric)) : metric.name;
      })
      .join('. '),
  );
  const where = `${after.wanted.percent} % in ${environmentNow(after) ?? 'its environment'}`;
  const down = stepDown(after);
  const { phase } = after;
  const held = phase.kind === 'holding' ? phase.reason : undefined;
  if (actions.includes('off') || (actions.includes('step-back') && !down && held !== 'harm'))
    return [
      { type: 'halted', metrics: judgement.harmful, because: `Harm is proved at ${where}. ${because}` },
    ];
  if (actions.includes('step-back') && down && held !== 'harm')
    return [
      entered(after, { to: down, how: 'stepped-back', because: `Harm is proved at ${where}. ${because}` }),
      {
        type: 'held',
        reason: 'harm',
        because: `Harm was proved at ${where}, so it went back to ${down.percent} %. ${because}`,
      },
    ];
  if (held !== undefined && holdsForPerson.includes(held)) return [];
  return [{ type: 'held', reason: 'harm', because: `Harm is proved at ${where}. ${because}` }];
}

/** Without a control cohort a difference may be the week's, so a person looks before anything is switched off. */
function actionOf({ onHarm, compareWith, kind }: MetricSettings): MetricSettings['onHarm'] {
  return compareWith === 'history' && kind !== 'tripwire' ? 'hold' : onHarm;
}

/** A tick from before our own write saw the flag as it was then. */
function driftNow(state: RolloutState, { at, flag }: Tick): string | undefined {
  const { written } = state;
  if (!flag || !written || !isWritten(state) || Date.parse(at) < Date.parse(written.at)) return undefined;
  return driftOf(flag, written);
}

/** Why it must stay where it is by itself, the weightiest first. */
function causeOf(state: RolloutState, { plan, tick, judgement }: Seen): Cause | undefined {
  const { phase, sampleRatio, verdict } = state;
  const refused = phase.kind === 'holding' && phase.reason === 'flag-service' && !isWritten(state);
  if (refused) return { reason: 'flag-service', because: phase.because };
  if (sampleRatio && sampleRatioBroken(sampleRatio)) {
    const { exposed, control, percent } = sampleRatio;
    const seen = share(exposed / Math.max(1, exposed + control));
    return {
      reason: 'sample-ratio',
      because: `${count(exposed)} of ${count(exposed + control)} users are exposed (${seen}), which ${percent} % cannot explain: the cohorts cannot be compared.`,
    };
  }
  if (
    state.ticksWithoutData >= ticksOfPatience &&
    verdict &&
    (verdict.name === 'no-data' || verdict.name === 'provider-down')
  )
    return { reason: verdict.name, because: verdict.because };
  if (state.ticksWithoutFlag >= ticksWithoutFlagOfPatience)
    return {
      reason: 'flag-service',
      because: `The flag service has not answered for ${state.ticksWithoutFlag} ticks: ${sentence(tick.flagProblem ?? '')}`,
    };
  if (judgement.signals.length > 0) {
    const worse = plan.metrics.filter(({ name }) => judgement.signals.includes(name));
    const sentences = worse.map((metric) => {
      const evidence = state.evidence[metric.name];
      return evidence ? metricSentence(metric, evidence, limitOf(plan, metric)) : metric.name;
    });
    return { reason: 'signal', because: sentence(sentences.join('. ')) };
  }
  return overdue(state);
}

/** The longest stay is over and nothing is proved: a person is asked, nothing is shipped or taken back. */
function overdue(state: RolloutState): Cause | undefined {
  const { soakFrom, lastTickAt, verdict } = state;
  const stage = stageNow(state);
  if (!stage || soakFrom === undefined || lastTickAt === undefined || verdict?.name === 'safe')
    return undefined;
  const stayed = (Date.parse(lastTickAt) - Date.parse(soakFrom)) / 60_000;
  if (stayed < stage.maxSoakMinutes || !isWritten(state)) return undefined;
  return {
    reason: 'max-soak',
    because: `The longest stay at ${stage.percent} %, ${duration(stage.maxSoakMinutes * 60)}, is over without proof. ${verdict?.because ?? ''} It is watched on; a person can decide.`,
  };
}

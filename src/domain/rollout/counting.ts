import type { Bounds, Judgement, MetricEvidence, SampleRatio } from './evidence/evidence.ts';
import {
  beginEvidence,
  beginSampleRatio,
  budget,
  enterStage,
  judge,
  observe,
  observeUnits,
  restartHour,
} from './evidence/evidence.ts';
import { isWritten } from './pending.ts';
import type { Tick } from './reading.ts';
import type { MetricSettings } from './settings.ts';
import type { Plan, RolloutState } from './state.ts';

const hour = 3_600_000;

/** The evidence after a tick. */
export type Counted = Pick<RolloutState, 'evidence' | 'sampleRatio' | 'restartedAt'> & {
  /** Whether the tick's counts belong to this exposure; if not, nothing was added. */
  readonly counts: boolean;
};

/**
 * What the evidence of one environment is held against. Each environment has its own evidence, so the chance of a
 * false halt of the whole rollout is divided among them.
 */
export function boundsOf(plan: Plan): Bounds {
  const minutes = plan.stages.reduce((sum, stage) => sum + stage.maxSoakMinutes, 0);
  return {
    alpha: budget(plan.alpha / plan.environments.length).guardrails,
    beta: plan.beta,
    rho0: plan.rho0,
    hours: Math.ceil(minutes / 60),
    stages: plan.stages.length,
    restarts: true,
  };
}

/** The odds at which a metric's evidence is proof, for people. */
export function limitOf(plan: Plan, metric: MetricSettings): number {
  const parts = budget(plan.alpha / plan.environments.length);
  return Math.round(1 / (metric.kind === 'tripwire' ? parts.tripwires : parts.guardrails));
}

/** Nothing known yet about any metric; `dispersion` is what the rehearsal found. */
export function freshEvidence(
  plan: Plan,
  options: {
    readonly tolerance: number;
    readonly dispersion: Readonly<Record<string, { readonly phi: number; readonly because: string }>>;
  },
): Readonly<Record<string, MetricEvidence>> {
  const { tolerance, dispersion } = options;
  const bounds = boundsOf(plan);
  const begin = (metric: MetricSettings): [string, MetricEvidence] => {
    const phi = dispersion[metric.name];
    const strata = metric.source.type === 'latency' ? metric.source.boundaries.length : 1;
    return [metric.name, beginEvidence({ strata, bounds, tolerance, ...(phi && { phi }) })];
  };
  return Object.fromEntries(plan.metrics.map(begin));
}

/** The evidence of harm goes on into a stage; that of safety begins anew with its tolerance. */
export function evidenceOfStage(
  evidence: RolloutState['evidence'],
  tolerance: number,
): RolloutState['evidence'] {
  return mapValues(evidence, (each) => enterStage(each, { tolerance }));
}

/** The named metrics as if nothing had been seen of them; what the rehearsal found stays. */
export function begunAnew(state: RolloutState, names: readonly string[]): RolloutState['evidence'] {
  const { plan, evidence } = state;
  const tolerance = plan?.stages[state.stage]?.tolerance;
  if (!plan || tolerance === undefined) return evidence;
  const dispersion = mapValues(evidence, ({ phi, phiBecause }) => ({ phi, because: phiBecause }));
  const fresh = freshEvidence(plan, { tolerance, dispersion });
  return Object.fromEntries(
    Object.entries(evidence).map(([name, each]) => [
      name,
      names.includes(name) ? (fresh[name] ?? each) : each,
    ]),
  );
}

/**
 * Adds a tick to the evidence. It counts only when it lies wholly after the last change and its warm-up, and after
 * the tick before it: nobody is counted for a percentage they did not have, and nothing is counted twice.
 */
export function countTick(state: RolloutState, tick: Tick): Counted {
  const { plan, written, sampleRatio } = state;
  const last = state.lastTickAt ?? '';
  const counts =
    plan !== undefined &&
    written !== undefined &&
    isBefore(tick.from, tick.at) &&
    !isBefore(tick.from, written.countFrom) &&
    !(last !== '' && isBefore(tick.from, last));
  if (!counts) return { evidence: state.evidence, ...pick(state), counts };
  const restart = restartDue(state, tick);
  const bounds = boundsOf(plan);
  const metrics = new Map(plan.metrics.map((metric) => [metric.name, metric]));
  const evidence = mapValues(state.evidence, (each, name) => {
    const metric = metrics.get(name);
    if (!metric) return each;
    const reading = tick.readings[name] ?? { kind: 'no-data', because: 'it was not read' };
    const { kind, limit } = metric;
    const context = { bounds, kind, ...(limit !== undefined && { limit }) };
    return observe(restart.now ? restartHour(each) : each, reading, context);
  });
  // While the percentage is being changed nobody knows which of both a user was dealt by.
  const ratio = isWritten(state) ? ratioAfter(sampleRatio, tick, written.percent) : sampleRatio;
  return { evidence, ...(ratio && { sampleRatio: ratio }), restartedAt: restart.at, counts };
}

function pick(state: RolloutState): Pick<RolloutState, 'sampleRatio' | 'restartedAt'> {
  return {
    ...(state.sampleRatio && { sampleRatio: state.sampleRatio }),
    ...(state.restartedAt !== undefined && { restartedAt: state.restartedAt }),
  };
}

/** Once an hour, however many hours went by: the restarts have weights for the hours they were planned for. */
function restartDue(state: RolloutState, tick: Tick): { readonly now: boolean; readonly at: string } {
  const since = state.restartedAt;
  if (since === undefined) return { now: false, at: tick.from };
  const now = Date.parse(tick.from) - Date.parse(since) >= hour;
  return { now, at: now ? tick.from : since };
}

function ratioAfter(before: SampleRatio | undefined, tick: Tick, percent: number): SampleRatio | undefined {
  if (tick.units === undefined || percent >= 100) return before;
  return observeUnits(before ?? beginSampleRatio(percent), tick.units, percent);
}

/** The verdict that the evidence allows now. */
export function judgementOf(plan: Plan, evidence: RolloutState['evidence']): Judgement {
  const metrics = plan.metrics.flatMap(({ name, kind, weight }) => {
    const each = evidence[name];
    return each ? [{ name, kind, weight, evidence: each }] : [];
  });
  return judge(metrics, boundsOf(plan));
}

function isBefore(a: string, b: string): boolean {
  return Date.parse(a) < Date.parse(b);
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From, key: string) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

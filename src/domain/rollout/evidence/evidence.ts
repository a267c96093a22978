import type { Counts, Reading, Stratum } from '../reading.ts';
import type { MetricSettings } from '../settings.ts';
import type { Trial } from './factor.ts';
import { addGauge, type GaugeSpread, type GaugeSums, gaugeEvidence, noGaugeSums } from './gauge.ts';
import { addToHarm, beginHarm, type HarmEvidence, spendRestart, withLogE } from './harm.ts';
import { historicBase } from './historic.ts';
import { addToSafety, beginSafety, type SafetyEvidence } from './safety.ts';

export { dispersionOf } from './dispersion.ts';
export type { HarmEvidence } from './harm.ts';
export { detectionFloor } from './historic.ts';
export { ratioInterval } from './interval.ts';
export { averageLogE, budget, type Judged, type Judgement, judge } from './judge.ts';
export type { SafetyEvidence } from './safety.ts';
export { beginSampleRatio, observeUnits, type SampleRatio, sampleRatioBroken } from './sample-ratio.ts';
export { toleranceFor } from './tolerance.ts';

/** What all evidence of a rollout is held against. */
export type Bounds = {
  /** Chance of a false halt by the guardrails: their share of the budget. */
  readonly alpha: number;
  readonly beta: number;
  readonly rho0: number;
  /** Hours for which hourly restarts have weights: the longest the rollout can take. */
  readonly hours: number;
  /** Stages to come, each with a restart at its start. */
  readonly stages: number;
  readonly restarts: boolean;
};

/** What the evidence of one metric rests on. Plain JSON; its size does not grow with the number of ticks. Logarithms are natural. */
export type MetricEvidence = {
  readonly harm: HarmEvidence;
  readonly safety: SafetyEvidence;
  /** Over-dispersion that log L is divided by, at least 1. */
  readonly phi: number;
  readonly phiBecause: string;
  /** Sums since the present stage began, for people; never tested by themselves. One for each stratum of the reading; of a gauge the sum of its values over the ticks. */
  readonly stage: readonly Stratum[];
  /** What the newest tick held for this metric. */
  readonly last: 'none' | 'counted' | 'no-data' | 'provider-down';
  readonly lastBecause?: string;
  readonly gauge?: GaugeSums;
  /** Without a control cohort: the rate ratio below which nothing can be seen, as of the newest tick. */
  readonly floor?: number;
};

const empty: Counts = { n: 0, bad: 0 };

/** `spread` is what the pre-flight found for a gauge. */
export function beginEvidence(options: {
  readonly strata: number;
  readonly bounds: Bounds;
  readonly tolerance: number;
  readonly phi?: { readonly phi: number; readonly because: string };
  readonly spread?: GaugeSpread;
}): MetricEvidence {
  const { strata, bounds, tolerance, phi, spread } = options;
  return {
    harm: beginHarm(strata, bounds),
    safety: beginSafety(strata, tolerance),
    phi: Math.max(1, phi?.phi ?? 1),
    phiBecause: phi?.because ?? 'events are taken as independent',
    stage: Array.from({ length: strata }, () => ({ exposed: empty, control: empty })),
    last: 'none',
    ...(spread === undefined ? {} : { gauge: { ...noGaugeSums, spread } }),
  };
}

/** Harm goes on through all stages; safety and the sums for people begin anew. */
export function enterStage(
  evidence: MetricEvidence,
  { tolerance }: { readonly tolerance: number },
): MetricEvidence {
  const strata = evidence.stage.length;
  const { lastBecause: _, ...kept } = evidence;
  return {
    ...kept,
    harm: spendRestart(evidence.harm),
    safety: beginSafety(strata, tolerance),
    stage: Array.from({ length: strata }, () => ({ exposed: empty, control: empty })),
    last: 'none',
    ...(evidence.gauge === undefined ? {} : { gauge: { ...evidence.gauge, stageN: 0, below: 0 } }),
  };
}

/** An hour of the rollout has passed. */
export function restartHour(evidence: MetricEvidence): MetricEvidence {
  return { ...evidence, harm: spendRestart(evidence.harm) };
}

export type ObserveContext = {
  readonly bounds: Bounds;
  readonly kind: MetricSettings['kind'];
  /** Of a tripwire: the share of bad events that must not be passed. */
  readonly limit?: number;
};

/** Adds one tick of one metric. */
export function observe(evidence: MetricEvidence, reading: Reading, context: ObserveContext): MetricEvidence {
  switch (reading.kind) {
    case 'no-data':
    case 'provider-down':
      return { ...evidence, last: reading.kind, lastBecause: reading.because };
    case 'gauge':
      return observeGauge(evidence, reading, context.bounds);
    case 'historic':
      // A limit is the same whatever past weeks were like.
      return context.kind === 'tripwire'
        ? observeCounts(evidence, [{ exposed: limited(reading.now), control: empty }], context)
        : observeHistoric(evidence, reading, context.bounds);
    case 'counts':
      return observeCounts(evidence, reading.strata.map(limitedBoth), context);
  }
}

function observeCounts(
  evidence: MetricEvidence,
  strata: readonly Stratum[],
  { bounds, kind, limit }: ObserveContext,
): MetricEvidence {
  if (strata.every(({ exposed, control }) => exposed.n + control.n === 0))
    return withoutData(evidence, 'no requests were counted in either cohort');
  const { harm, safety, phi } = evidence;
  const stage = evidence.stage.map((sum, index) => added(sum, strata[index]));
  if (kind === 'tripwire') {
    const trials = strata.map(({ exposed }) => knownTrial(exposed.bad, exposed.n * (limit ?? 1), 1));
    return { ...counted(evidence), stage, harm: addToHarm(harm, trials, { phi }) };
  }
  const trialsFrom = (from: number) => strata.map((stratum): Trial => ({ kind: 'binomial', stratum, from }));
  return {
    ...counted(evidence),
    stage,
    harm: addToHarm(harm, trialsFrom(bounds.rho0), { phi }),
    safety: addToSafety(safety, trialsFrom(1 + safety.tolerance), { phi }),
  };
}

/** Half of alpha went into the floor, so the evidence beyond it is worth half. */
function observeHistoric(
  evidence: MetricEvidence,
  { now, past }: { readonly now: Counts; readonly past: readonly Counts[] },
  bounds: Bounds,
): MetricEvidence {
  const base = historicBase(past, bounds.alpha);
  if (base === undefined) return withoutData(evidence, 'fewer than two past weeks have data for this hour');
  if (now.n === 0) return withoutData(evidence, 'no requests were counted');
  const { harm, safety, phi } = evidence;
  const seen = limited(now);
  const expected = seen.n * base.share;
  const control = { n: seen.n, bad: expected };
  return {
    ...counted(evidence),
    stage: evidence.stage.map((sum, index) => (index === 0 ? added(sum, { exposed: seen, control }) : sum)),
    floor: base.floor,
    harm: addToHarm(harm, [knownTrial(seen.bad, expected, Math.max(base.floor, bounds.rho0))], {
      phi,
      charge: Math.LN2,
    }),
    safety: addToSafety(
      safety,
      [knownTrial(seen.bad, expected, Math.max(base.floor, 1 + safety.tolerance))],
      { phi },
    ),
  };
}

function observeGauge(
  evidence: MetricEvidence,
  seen: { readonly exposed: number; readonly control: number },
  bounds: Bounds,
): MetricEvidence {
  if (!Number.isFinite(seen.exposed) || !Number.isFinite(seen.control))
    return withoutData(evidence, 'the gauge had no number for one of the cohorts');
  const { tolerance } = evidence.safety;
  const gauge = addGauge(evidence.gauge ?? noGaugeSums, seen, { rho0: bounds.rho0, tolerance });
  const { logE, logS } = gaugeEvidence(gauge, bounds);
  const values = { exposed: { n: 1, bad: seen.exposed }, control: { n: 1, bad: seen.control } };
  return {
    ...counted(evidence),
    stage: evidence.stage.map((sum, index) => (index === 0 ? added(sum, values) : sum)),
    gauge,
    harm: withLogE(evidence.harm, logE),
    safety: { ...evidence.safety, logS },
  };
}

function knownTrial(bad: number, expected: number, from: number): Trial {
  return { kind: 'known', bad, expected, from };
}

function withoutData(evidence: MetricEvidence, because: string): MetricEvidence {
  return { ...evidence, last: 'no-data', lastBecause: because };
}

function counted(evidence: MetricEvidence): MetricEvidence {
  const { lastBecause: _, ...kept } = evidence;
  return { ...kept, last: 'counted' };
}

function added(sum: Stratum, more: Stratum | undefined): Stratum {
  if (more === undefined) return sum;
  return { exposed: plus(sum.exposed, more.exposed), control: plus(sum.control, more.control) };
}

function plus(a: Counts, b: Counts): Counts {
  return { n: a.n + b.n, bad: a.bad + b.bad };
}

/** More bad events than events is a fault of the counting; evidence must not come from it. */
function limited({ n, bad }: Counts): Counts {
  return bad <= n ? { n, bad } : { n, bad: n };
}

function limitedBoth({ exposed, control }: Stratum): Stratum {
  return { exposed: limited(exposed), control: limited(control) };
}

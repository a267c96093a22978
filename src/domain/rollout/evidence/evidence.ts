import type { Counts, Stratum } from '../reading.ts';
import { type GaugeSpread, type GaugeSums, noGaugeSums } from './gauge.ts';
import { beginHarm, type HarmEvidence, spendRestart } from './harm.ts';
import { beginSafety, type SafetyEvidence } from './safety.ts';

export { dispersionOf } from './dispersion.ts';
export type { HarmEvidence } from './harm.ts';
export { detectionFloor } from './historic.ts';
export { averageLogE, budget, type Judged, type Judgement, judge } from './judge.ts';
export { observe } from './observe.ts';
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

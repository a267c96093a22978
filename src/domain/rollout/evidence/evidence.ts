import type { Stratum } from '../reading.ts';

/** What the evidence of one metric rests on. Plain JSON; its size does not grow with the number of ticks. Logarithms are natural. */
export type MetricEvidence = {
  readonly harm: HarmEvidence;
  readonly safety: SafetyEvidence;
  /** Over-dispersion that log L is divided by, at least 1. */
  readonly phi: number;
  readonly phiBecause: string;
  /** Sums since the present stage began, for people; never tested by themselves. One for each stratum of the reading. */
  readonly stage: readonly Stratum[];
  /** What the newest tick held for this metric. */
  readonly last: 'none' | 'counted' | 'no-data' | 'provider-down';
  readonly lastBecause?: string;
};

/** The test of "no worse than rho0", carried through all stages. */
export type HarmEvidence = {
  /** For each stratum, log L of each alternative since the beginning. */
  readonly logL: readonly (readonly number[])[];
  /** For each stratum and alternative, log of the summed weights of the restarts so far, each over its L at the restart. */
  readonly restarts: readonly (readonly number[])[];
  /** Weight of the restarts that have not come yet. */
  readonly weightLeft: number;
  readonly logE: number;
  /** Highest so far: an always-valid p-value is exp(-highest). */
  readonly highest: number;
};

/** The test of "worse by the tolerance", begun anew with each stage. */
export type SafetyEvidence = {
  readonly tolerance: number;
  /** For each stratum, log S of each alternative since the stage began. */
  readonly logL: readonly (readonly number[])[];
  readonly logS: number;
};

/** Whether the cohorts have the sizes that the percentage says, by distinct users. */
export type SampleRatio = {
  /** Of finished stages. */
  readonly before: number;
  readonly exposed: number;
  readonly control: number;
  readonly percent: number;
  readonly logE: number;
};

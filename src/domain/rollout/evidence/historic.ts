import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import type { Counts } from '../reading.ts';

/** What past weeks let us expect of an hour, and the smallest rise over it that can be told from an ordinary week. */
export type HistoricBase = { readonly share: number; readonly floor: number };

/**
 * The rate ratio below which nothing can be seen without a control cohort, since weeks differ among themselves. It
 * spends half of alpha; the evidence beyond it the other half. Undefined when there are too few weeks to say.
 */
export function detectionFloor(past: readonly Counts[], alpha: number): number | undefined {
  const weeks = past.filter(({ n }) => n > 0);
  if (weeks.length < 2) return undefined;
  const logs = weeks.map(({ n, bad }) => Math.log((bad + 0.5) / (n + 1)));
  const mean = logs.reduce((sum, each) => sum + each, 0) / logs.length;
  const variance = logs.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (logs.length - 1);
  const quantile = tQuantile(1 - alpha / 2, logs.length - 1);
  return Math.exp(quantile * Math.sqrt(variance * (1 + 1 / logs.length)));
}

export function historicBase(past: readonly Counts[], alpha: number): HistoricBase | undefined {
  const floor = detectionFloor(past, alpha);
  const n = past.reduce((sum, each) => sum + each.n, 0);
  if (floor === undefined || n === 0) return undefined;
  const bad = past.reduce((sum, each) => sum + each.bad, 0);
  return { share: Math.max(bad, 0.5) / n, floor };
}

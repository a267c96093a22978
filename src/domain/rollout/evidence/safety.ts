import { factor, logMean, safetyGrid, type Trial } from './factor.ts';

/** The test of "worse by the tolerance", begun anew with each stage. */
export type SafetyEvidence = {
  readonly tolerance: number;
  /** For each stratum, log S of each alternative since the stage began. */
  readonly logL: readonly (readonly number[])[];
  readonly logS: number;
};

export function beginSafety(strata: number, tolerance: number): SafetyEvidence {
  const logL = Array.from({ length: strata }, () => safetyGrid(1 + tolerance).map(() => 0));
  return { tolerance, logL, logS: 0 };
}

/**
 * Adds one tick. With several strata the weakest decides: each boundary of a latency must be proved by itself, or a
 * slow tail could hide behind a good median.
 */
export function addToSafety(
  safety: SafetyEvidence,
  trials: readonly (Trial | undefined)[],
  { phi }: { readonly phi: number },
): SafetyEvidence {
  const logL = safety.logL.map((row, stratum) => {
    const trial = trials[stratum];
    if (trial === undefined) return row;
    const grid = safetyGrid(trial.from);
    return row.map((sum, index) => sum + factor(trial, grid[index] ?? 1) / phi);
  });
  return { ...safety, logL, logS: Math.min(...logL.map(logMean)) };
}

import type { Bounds } from './evidence.ts';
import { factor, harmGrid, logAdd, logMean, type Trial } from './factor.ts';

/** The test of "no worse than rho0", carried through all stages. */
export type HarmEvidence = {
  /** For each stratum, log L of each alternative since the beginning. */
  readonly logL: readonly (readonly number[])[];
  /** For each stratum and alternative, log of the summed weights of the restarts so far, each over its L at the restart. */
  readonly restarts: readonly (readonly number[])[];
  /** Weight of the restarts that have not come yet: each of them counts as evidence of one. */
  readonly weightLeft: number;
  /** Weight of each restart. */
  readonly restartWeight: number;
  readonly logE: number;
  /** Highest so far: an always-valid p-value is exp(-highest). */
  readonly highest: number;
};

/** Of the evidence since the very beginning; the restarts share the rest. */
const beginningWeight = 0.5;

export function beginHarm(strata: number, bounds: Bounds): HarmEvidence {
  const slots = bounds.restarts ? Math.max(0, Math.floor(bounds.hours)) + Math.max(0, bounds.stages) : 0;
  const first = slots > 0 ? beginningWeight : 1;
  const each = (value: number) => Array.from({ length: strata }, () => harmGrid.map(() => value));
  return {
    logL: each(0),
    restarts: each(Math.log(first)),
    weightLeft: 1 - first,
    restartWeight: slots > 0 ? (1 - first) / slots : 0,
    logE: 0,
    highest: 0,
  };
}

/**
 * Begins to gather evidence anew beside that of the whole rollout, so that a late regression is not diluted by a
 * healthy past. The weights sum to one, so the chance of a false halt stays as it is.
 */
export function spendRestart(harm: HarmEvidence): HarmEvidence {
  const weight = harm.restartWeight;
  if (weight <= 0 || harm.weightLeft < weight / 2) return harm;
  const logWeight = Math.log(weight);
  return {
    ...harm,
    restarts: harm.restarts.map((row, stratum) =>
      row.map((sum, index) => logAdd(sum, logWeight - (harm.logL[stratum]?.[index] ?? 0))),
    ),
    weightLeft: Math.max(0, harm.weightLeft - weight),
  };
}

/** Adds one tick: a trial for each stratum. `charge` is taken off where part of alpha is spent elsewhere. */
export function addToHarm(
  harm: HarmEvidence,
  trials: readonly (Trial | undefined)[],
  { phi, charge = 0 }: { readonly phi: number; readonly charge?: number },
): HarmEvidence {
  const logL = harm.logL.map((row, stratum) => {
    const trial = trials[stratum];
    if (trial === undefined) return row;
    return row.map((sum, index) => sum + factor(trial, trial.from * (harmGrid[index] ?? 1)) / phi);
  });
  const logE =
    logMean(logL.map((row, stratum) => mixed(row, harm.restarts[stratum], harm.weightLeft))) - charge;
  return { ...harm, logL, logE, highest: Math.max(harm.highest, logE) };
}

function mixed(logL: readonly number[], restarts: readonly number[] | undefined, weightLeft: number): number {
  const begun = logMean(logL.map((sum, index) => sum + (restarts?.[index] ?? 0)));
  return weightLeft > 1e-12 ? logAdd(begun, Math.log(weightLeft)) : begun;
}

/** For what is tested by other means than the grid. */
export function withLogE(harm: HarmEvidence, logE: number): HarmEvidence {
  return { ...harm, logE, highest: Math.max(harm.highest, logE) };
}

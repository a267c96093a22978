import type { Stratum } from '../reading.ts';
import { binomialFactor, harmGrid, logMean } from './factor.ts';

const widest = 1000;

/**
 * What the rate ratio can be, for people: each end is the value that the evidence at `alpha` has just not ruled out,
 * however often it was looked at. Give the ticks, or the sums of one stage as a single stratum. An end is undefined
 * while nothing is ruled out on its side.
 */
export function ratioInterval(
  ticks: readonly Stratum[],
  { alpha, phi = 1 }: { readonly alpha: number; readonly phi?: number },
): { readonly low?: number; readonly high?: number } {
  const low = lowerEnd(ticks, alpha, phi);
  const swapped = ticks.map(({ exposed, control }) => ({ exposed: control, control: exposed }));
  const inverse = lowerEnd(swapped, alpha, phi);
  return {
    ...(low === undefined ? {} : { low }),
    ...(inverse === undefined ? {} : { high: 1 / inverse }),
  };
}

/** The evidence against "no more than rho0" falls as rho0 rises, so its end is found by halving. */
function lowerEnd(ticks: readonly Stratum[], alpha: number, phi: number): number | undefined {
  const bound = Math.log(1 / alpha);
  let below = Math.log(1 / widest);
  let above = Math.log(widest);
  if (evidenceAgainst(ticks, Math.exp(below), phi) < bound) return undefined;
  while (above - below > 1e-4) {
    const middle = (below + above) / 2;
    if (evidenceAgainst(ticks, Math.exp(middle), phi) >= bound) below = middle;
    else above = middle;
  }
  return Math.exp(below);
}

function evidenceAgainst(ticks: readonly Stratum[], rho0: number, phi: number): number {
  const sums = harmGrid.map((multiple) => {
    let sum = 0;
    for (const stratum of ticks) sum += binomialFactor(stratum, rho0, rho0 * multiple);
    return sum / phi;
  });
  return logMean(sums);
}

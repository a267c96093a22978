import type { Bounds } from './evidence.ts';

/** How far the difference of two gauges swings by itself, and for how many ticks a swing lasts. */
export type GaugeSpread = { readonly sigma: number; readonly tau: number };

/** What the evidence of a gauge rests on: sums, so that its size does not grow. */
export type GaugeSums = {
  /** From the pre-flight; without it the running estimate is used, after a warm-up. */
  readonly spread?: GaugeSpread;
  readonly n: number;
  /** Sum of the difference beyond rho0, since the beginning. */
  readonly beyond: number;
  /** Ticks of this stage, and how much the difference stayed below the tolerance in them. */
  readonly stageN: number;
  readonly below: number;
  /** Of the plain difference, each less the first one, for the running estimate of its spread. */
  readonly origin: number;
  readonly last: number;
  readonly sum: number;
  readonly squares: number;
  readonly products: number;
};

export const noGaugeSums: GaugeSums = {
  n: 0,
  beyond: 0,
  stageN: 0,
  below: 0,
  origin: 0,
  last: 0,
  sum: 0,
  squares: 0,
  products: 0,
};

/** Effective observations after which the confidence sequence is tightest. */
const tightestAfter = 30;

/** `rho` of the mixture that is tightest at `n`, for a two-sided test; a one-sided one takes twice its alpha. */
export function mixtureWidth(alpha: number, n: number): number {
  return Math.sqrt((-2 * Math.log(alpha) + Math.log(1 - 2 * Math.log(alpha))) / n);
}

/**
 * One-sided asymptotic e-value that the mean is above zero (Waudby-Smith and others, arXiv 2103.06476): the sum of `n`
 * differences, each over its standard deviation. Its lower bound where the sum is not positive is a plain small number.
 */
export function logMeanAbove(sum: number, n: number, rho: number): number {
  const spread = n * rho * rho + 1;
  const a = sum > 0 ? (rho * rho * sum * sum) / (2 * spread) : 0;
  const gain = a > 30 ? Math.LN2 + a : Math.log(2 * Math.expm1(a));
  return Math.max(gain, -20) - 0.5 * Math.log(spread);
}

export function addGauge(
  sums: GaugeSums,
  seen: { readonly exposed: number; readonly control: number },
  limits: { readonly rho0: number; readonly tolerance: number },
): GaugeSums {
  const difference = seen.exposed - seen.control;
  const scale = Math.abs(seen.control);
  const origin = sums.n === 0 ? difference : sums.origin;
  const centred = difference - origin;
  return {
    ...sums,
    n: sums.n + 1,
    beyond: sums.beyond + difference - (limits.rho0 - 1) * scale,
    stageN: sums.stageN + 1,
    below: sums.below + limits.tolerance * scale - difference,
    origin,
    last: centred,
    sum: sums.sum + centred,
    squares: sums.squares + centred * centred,
    products: sums.n === 0 ? 0 : sums.products + centred * sums.last,
  };
}

/** Autocorrelated ticks count as fewer; nothing is said before five swings were seen, or ten where they had to be learnt. */
export function gaugeEvidence(
  sums: GaugeSums,
  bounds: Bounds,
): { readonly logE: number; readonly logS: number } {
  const spread = sums.spread ?? runningSpread(sums);
  if (spread === undefined) return { logE: 0, logS: 0 };
  const { sigma, tau } = spread;
  const wait = sums.spread ? 5 * tau : Math.max(60, 10 * tau);
  if (!(sigma > 0) || sums.n < wait) return { logE: 0, logS: 0 };
  const deviation = sigma * Math.sqrt(tau);
  const test = (sum: number, n: number, alpha: number) =>
    logMeanAbove(sum / deviation, n, mixtureWidth(Math.min(2 * alpha, 0.5), tightestAfter * tau));
  return {
    logE: test(sums.beyond, sums.n, bounds.alpha),
    logS: sums.stageN < 5 * tau ? 0 : test(sums.below, sums.stageN, bounds.beta),
  };
}

/**
 * Standard deviation and (1 + r) / (1 - r), r being the correlation of neighbours. A short record makes both look
 * smaller than they are, so r is taken two standard errors higher.
 */
function runningSpread({ n, sum, squares, products }: GaugeSums): GaugeSpread | undefined {
  if (n < 3) return undefined;
  const mean = sum / n;
  const variance = squares / n - mean * mean;
  if (!(variance > 0)) return undefined;
  const seen = Math.min(0.99, Math.max(0, (products / (n - 1) - mean * mean) / variance));
  const r = Math.min(0.995, seen + (1 + 3 * seen) / n + 2 * Math.sqrt((1 - seen * seen) / n));
  const tau = (1 + r) / (1 - r);
  return n > tau ? { sigma: Math.sqrt((variance * n) / (n - tau)), tau } : undefined;
}

import type { Stratum } from '../reading.ts';

/** Alternatives to "no worse than rho0", as multiples of it, each with the same weight. */
export const harmGrid: readonly number[] = [1.05, 1.1, 1.2, 1.35, 1.5, 2, 3, 5, 10, 30];

/** Alternatives to "worse by the tolerance", each with the same weight: `rho1` is one and the tolerance. */
export function safetyGrid(rho1: number): readonly number[] {
  return [0.5, 0.75, 1, Math.sqrt(rho1)];
}

/** What is tested in one tick, and the rate ratio `from` that it is tested against. */
export type Trial =
  | { readonly kind: 'binomial'; readonly stratum: Stratum; readonly from: number }
  /** Against a number of bad events that is taken as known: a limit, or what past weeks had. */
  | { readonly kind: 'known'; readonly bad: number; readonly expected: number; readonly from: number };

/** Log likelihood ratio of rate ratio `to` against the one tested. */
export function factor(trial: Trial, to: number): number {
  return trial.kind === 'binomial'
    ? binomialFactor(trial.stratum, trial.from, to)
    : knownRateFactor(trial, trial.from, to);
}

/**
 * For both cohorts in the same tick, given how many bad events they had together: what they have in common (the hour,
 * an incident of everybody) cancels.
 */
export function binomialFactor(stratum: Stratum, from: number, to: number): number {
  const { exposed, control } = stratum;
  const events = exposed.bad + control.bad;
  if (events === 0 || exposed.n + control.n <= 0) return 0;
  return (
    exposed.bad * Math.log(to / from) +
    events * Math.log((from * exposed.n + control.n) / (to * exposed.n + control.n))
  );
}

export function knownRateFactor(
  seen: { readonly bad: number; readonly expected: number },
  from: number,
  to: number,
): number {
  return seen.bad * Math.log(to / from) - (to - from) * seen.expected;
}

/** log(exp(a) + exp(b)), whatever their size. */
export function logAdd(a: number, b: number): number {
  const high = Math.max(a, b);
  if (high === -Infinity) return -Infinity;
  return high + Math.log1p(Math.exp(Math.min(a, b) - high));
}

/** log of the sum of exponentials, whatever their size. */
export function logSumExp(values: readonly number[]): number {
  let high = -Infinity;
  for (const value of values) if (value > high) high = value;
  if (high === -Infinity) return -Infinity;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - high);
  return high + Math.log(sum);
}

export function logMean(values: readonly number[]): number {
  return logSumExp(values) - Math.log(values.length);
}

/** Share of the bad events that the exposed have when both rates are the same. */
export function binomialShare({ exposed, control }: Stratum): number {
  const all = exposed.n + control.n;
  return all > 0 ? exposed.n / all : 0;
}

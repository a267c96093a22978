import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** A whole number with the Poisson distribution: counted down for small means, W. Hörmann's PTRS (1993) for others. */
export function poisson(random: RandomGenerator, mean: number): number {
  return mean < 10 ? counted(random, mean) : transformed(random, mean);
}

/** In the open interval from 0 to 1. */
export function uniform(random: RandomGenerator): number {
  return ((random.next() >>> 0) + 0.5) / 4294967296;
}

/** By Box and Muller, of which only one is used. */
export function normal(random: RandomGenerator): number {
  return Math.sqrt(-2 * Math.log(uniform(random))) * Math.cos(2 * Math.PI * uniform(random));
}

function counted(random: RandomGenerator, mean: number): number {
  const stop = Math.exp(-mean);
  let product = uniform(random);
  let count = 0;
  while (product > stop) {
    product *= uniform(random);
    count++;
  }
  return count;
}

function transformed(random: RandomGenerator, mean: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverse = 1.1239 + 1.1328 / (b - 3.4);
  const sure = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = uniform(random) - 0.5;
    const v = uniform(random);
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= sure) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    const left = Math.log((v * inverse) / (a / (us * us) + b));
    if (left <= k * Math.log(mean) - mean - logFactorial(k)) return k;
  }
}

/** By Stirling's series, exact to ten digits from ten on. */
function logFactorial(k: number): number {
  if (k < 10) return Math.log(factorials[k] ?? 1);
  const z = k + 1;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * z) - 1 / (360 * z ** 3);
}

const factorials: readonly number[] = [1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880];

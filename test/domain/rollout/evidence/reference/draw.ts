import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { normal, poisson, uniform } from '../../../../../src/cli/rollout/poisson.ts';

/** Seeded draws, so that a test sees the same numbers each time. */
export function draws(seed: number) {
  const random = xoroshiro128plus(seed);
  return {
    normal: () => normal(random),
    poisson: (mean: number) => poisson(random, mean),
    /** How many bad events come together, on average `mean`. */
    geometric: (mean: number) => 1 + Math.floor(Math.log(uniform(random)) / Math.log(1 - 1 / mean)),
  };
}

import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { Stratum } from '../../domain/rollout/reading.ts';
import { normal, poisson } from './poisson.ts';

export type Traffic = {
  /** Requests a second, mean of a day. */
  readonly rate: number;
  /** Median share of bad ones, without the change. */
  readonly baseError: number;
  /** How far the quietest and the busiest hour lie from the mean. */
  readonly swing: number;
};

/** Swings of the error rate that both cohorts share, of which the minute before is kept. */
const wobble = 0.4;
const kept = 0.9;

/** Traffic of a day that begins in its quietest minute, cut into minutes. */
export function minutesOf(traffic: Traffic, random: RandomGenerator) {
  let shared = normal(random);
  return (minute: number, percent: number, ratio: number): Stratum => {
    shared = kept * shared + Math.sqrt(1 - kept * kept) * normal(random);
    const requests = 60 * traffic.rate * (1 - traffic.swing * Math.cos((2 * Math.PI * minute) / 1440));
    const share = traffic.baseError * Math.exp(wobble * shared);
    const cohort = (mean: number, rate: number) => {
      const bad = poisson(random, mean * Math.min(1, rate));
      return { n: bad + poisson(random, mean * (1 - Math.min(1, rate))), bad };
    };
    return {
      exposed: cohort((requests * percent) / 100, share * ratio),
      control: cohort(requests * (1 - percent / 100), share),
    };
  };
}

import type { Stratum } from '../reading.ts';
import { binomialShare } from './factor.ts';

/** Taken when too little was seen to say: a mean cluster of two events. */
const assumed = 3;
const leastEvents = 200;
const leastBlocks = 8;

/** `measured` is false where it had to be assumed. */
export type Dispersion = { readonly phi: number; readonly because: string; readonly measured: boolean };

/**
 * How much more the exposed share of bad events swings than chance would have it, while both cohorts get the same:
 * one user's retries are not independent events. Over single ticks and over 5 and 15 minutes, since clusters last.
 */
export function dispersionOf(
  ticks: readonly Stratum[],
  { tickSeconds = 60 }: { readonly tickSeconds?: number } = {},
): Dispersion {
  const events = ticks.reduce((sum, { exposed, control }) => sum + exposed.bad + control.bad, 0);
  if (events < leastEvents)
    return {
      measured: false,
      phi: assumed,
      because: `${events} bad events before the start are too few to measure how they cluster (${leastEvents} are needed), so ${assumed} is assumed`,
    };
  const sizes = [1, ...[300, 900].map((seconds) => Math.round(seconds / tickSeconds))];
  const found = [...new Set(sizes)]
    .filter((size) => size >= 1)
    .flatMap((size) => estimate(ticks, size))
    .sort((a, b) => b.phi - a.phi)[0];
  if (found === undefined)
    return {
      measured: false,
      phi: assumed,
      because: `too few ticks had bad events, so ${assumed} is assumed`,
    };
  const phi = Math.max(1, found.phi);
  return {
    measured: true,
    phi,
    because: `measured over ${events} bad events before the start, largest over ${Math.round((found.size * tickSeconds) / 6) / 10} min`,
  };
}

/** One standard error is added. */
function estimate(ticks: readonly Stratum[], size: number) {
  const blocks = blocksOf(ticks, size).filter(({ variance }) => variance > 0);
  if (blocks.length < leastBlocks) return [];
  const variance = blocks.reduce((sum, each) => sum + each.variance, 0);
  const phi = blocks.reduce((sum, each) => sum + each.residual ** 2, 0) / variance;
  const squares = blocks.reduce((sum, each) => sum + (each.residual ** 2 - phi * each.variance) ** 2, 0);
  return [{ size, phi: phi + Math.sqrt(squares) / variance }];
}

function blocksOf(ticks: readonly Stratum[], size: number) {
  const blocks: { residual: number; variance: number }[] = [];
  for (let start = 0; start + size <= ticks.length; start += size) {
    let residual = 0;
    let variance = 0;
    for (const stratum of ticks.slice(start, start + size)) {
      const events = stratum.exposed.bad + stratum.control.bad;
      const share = binomialShare(stratum);
      residual += stratum.exposed.bad - events * share;
      variance += events * share * (1 - share);
    }
    blocks.push({ residual, variance });
  }
  return blocks;
}

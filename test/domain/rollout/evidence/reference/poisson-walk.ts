/** Exact chances of a Poisson process that is stopped when its k-th event comes before the k-th of `limits`. */
export function stoppedPoisson(options: {
  readonly limits: readonly number[];
  readonly until: number;
  readonly rate: number;
}): { readonly chance: number; readonly whenStopped: number; readonly time: number } {
  const { limits, until, rate } = options;
  let alive: readonly number[] = [1];
  let before = 0;
  let time = 0;
  for (const [index, limit] of limits.entries()) {
    const allowed = index;
    const length = Math.min(limit, until) - before;
    time += alive.reduce((sum, mass, count) => sum + mass * timeAtMost(allowed - count, rate, length), 0);
    const chances = poissonChances(rate * length, allowed);
    alive = joined(alive, chances);
    before = limit;
    if (limit >= until) break;
  }
  const survives = alive.reduce((sum, mass) => sum + mass, 0);
  const chance = 1 - survives;
  return { chance, time, whenStopped: (time - survives * until) / chance };
}

/** Chances of the sum, up to the largest that may survive. */
function joined(alive: readonly number[], chances: readonly number[]): readonly number[] {
  const sums: number[] = [];
  for (let count = 0; count < chances.length; count++) {
    let sum = 0;
    for (let from = 0; from <= count && from < alive.length; from++)
      sum += (alive[from] ?? 0) * (chances[count - from] ?? 0);
    sums.push(sum);
  }
  return sums;
}

function poissonChances(mean: number, most: number): readonly number[] {
  const chances = [Math.exp(-mean)];
  for (let k = 1; k <= most; k++) chances.push(((chances[k - 1] ?? 0) * mean) / k);
  return chances;
}

/** Expected time, of `length`, in which no more than `most` events have come. */
function timeAtMost(most: number, rate: number, length: number): number {
  if (most < 0) return 0;
  const chances = poissonChances(rate * length, most);
  let below = 0;
  let time = 0;
  for (const chance of chances) {
    below += chance;
    time += (1 - below) / rate;
  }
  return time;
}

/**
 * Chances of how many bad events the exposed had, as the bad events of both cohorts grow in number: a binomial walk.
 * It is kept on whole events while they are few, and as the distance from the mean on a grid once they are many.
 */
export type Walk = {
  /** `count`: position is the number itself. `distance`: its distance from the mean. */
  readonly of: 'count' | 'distance';
  readonly low: number;
  readonly unit: number;
  readonly mass: Float64Array;
};

const wholeUntil = 400;
const finest = 20;
const coarsest = 40;

export const atStart: Walk = { of: 'count', low: 0, unit: 1, mass: Float64Array.of(1) };

/** `more` bad events join the `events` before, each of the exposed with the chance `share`. */
export function stepped(
  walk: Walk,
  { more, events, share }: { readonly more: number; readonly events: number; readonly share: number },
): Walk {
  if (more === 0) return walk;
  const variance = share * (1 - share);
  if (walk.of === 'count' && (events + more) * variance <= wholeUntil)
    return convolved(walk, binomialKernel(more, share));
  const spread = Math.sqrt((events + more) * variance);
  const grid =
    walk.of === 'count'
      ? regridded(walk, spread / finest, events * share)
      : spread / walk.unit > coarsest
        ? regridded(walk, walk.unit * 2, 0)
        : walk;
  return convolved(grid, normalKernel(Math.sqrt(more * variance) / grid.unit));
}

/** Takes out what lies at or below `count`, and says how much that was. */
export function absorbed(
  walk: Walk,
  count: number,
  mean: number,
): { readonly walk: Walk; readonly met: number } {
  const limit = walk.of === 'count' ? count : count - mean;
  const mass = walk.mass.slice();
  let met = 0;
  for (let index = 0; index < mass.length && walk.low + index * walk.unit <= limit; index++) {
    met += mass[index] ?? 0;
    mass[index] = 0;
  }
  return { walk: { ...walk, mass }, met };
}

type Kernel = { readonly low: number; readonly mass: Float64Array };

function convolved(walk: Walk, kernel: Kernel): Walk {
  const mass = new Float64Array(walk.mass.length + kernel.mass.length - 1);
  walk.mass.forEach((chance, index) => {
    if (chance > 0)
      kernel.mass.forEach((weight, shift) => {
        mass[index + shift] = (mass[index + shift] ?? 0) + chance * weight;
      });
  });
  return trimmed({ ...walk, low: walk.low + kernel.low * walk.unit, mass });
}

const nothing = 1e-12;

function trimmed(walk: Walk): Walk {
  const first = walk.mass.findIndex((chance) => chance > nothing);
  if (first === -1) return walk;
  const last = walk.mass.findLastIndex((chance) => chance > nothing);
  return { ...walk, low: walk.low + first * walk.unit, mass: walk.mass.slice(first, last + 1) };
}

/** Each chance goes to its two neighbours on the new grid, so that the mean stays. */
function regridded(walk: Walk, unit: number, mean: number): Walk {
  const low = Math.floor((walk.low - mean) / unit);
  const high = Math.ceil((walk.low + walk.mass.length * walk.unit - mean) / unit);
  const mass = new Float64Array(high - low + 2);
  walk.mass.forEach((chance, index) => {
    const at = (walk.low + index * walk.unit - mean) / unit - low;
    const below = Math.floor(at);
    mass[below] = (mass[below] ?? 0) + chance * (below + 1 - at);
    mass[below + 1] = (mass[below + 1] ?? 0) + chance * (at - below);
  });
  return { of: 'distance', low: low * unit, unit, mass };
}

function binomialKernel(n: number, share: number): Kernel {
  const mode = Math.min(n, Math.floor((n + 1) * share));
  const odds = share / (1 - share);
  const up: number[] = [];
  for (let k = mode, chance = 1; k < n && chance > nothing; k++) {
    chance *= ((n - k) / (k + 1)) * odds;
    up.push(chance);
  }
  const down: number[] = [];
  for (let k = mode, chance = 1; k > 0 && chance > nothing; k--) {
    chance *= k / (n - k + 1) / odds;
    down.push(chance);
  }
  return { low: mode - down.length, mass: normalised([...down.reverse(), 1, ...up]) };
}

function normalKernel(deviation: number): Kernel {
  const reach = Math.max(1, Math.ceil(6 * deviation));
  const values = Array.from({ length: 2 * reach + 1 }, (_, index) =>
    Math.exp(-0.5 * ((index - reach) / deviation) ** 2),
  );
  return { low: -reach, mass: normalised(values) };
}

function normalised(values: readonly number[]): Float64Array {
  const sum = values.reduce((total, value) => total + value, 0);
  return Float64Array.from(values, (value) => value / sum);
}

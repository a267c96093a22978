/** Exact chances of a walk that is stopped when `stops` says so; looked at after every `group` events. */
export type StoppedWalk = {
  /** Chance that it is stopped within `events`. */
  readonly chance: number;
  /** Mean number of events until it is stopped, among walks that are. */
  readonly whenStopped: number;
  /** Mean number of events, walks that are never stopped included. */
  readonly events: number;
};

export function stoppedWalk(options: {
  readonly events: number;
  readonly share: number;
  readonly group?: number;
  readonly stops: (count: number, events: number) => boolean;
}): StoppedWalk {
  const { events, share, group = 1, stops } = options;
  let alive: readonly number[] = [1];
  let chance = 0;
  let moment = 0;
  for (let n = 1; n <= events; n++) {
    const next = Array.from(
      { length: n + 1 },
      (_, count) => (alive[count] ?? 0) * (1 - share) + (alive[count - 1] ?? 0) * share,
    );
    if (n % group === 0)
      for (const [count, mass] of next.entries()) {
        if (mass === 0 || !stops(count, n)) continue;
        chance += mass;
        moment += mass * n;
        next[count] = 0;
      }
    alive = next;
  }
  return { chance, whenStopped: moment / chance, events: moment + (1 - chance) * events };
}

/** When (milliseconds) and what. */
export type Sample = readonly [at: number, value: number];
export type Labels = Readonly<Record<string, string>>;
/** One counter of one process, oldest sample first. */
export type Series = { readonly labels: Labels; readonly samples: readonly Sample[] };

/** There is nothing to count, and why. Never a zero. */
export class NoData extends Error {
  override readonly name = 'NoData';
}

/** A series as Prometheus writes it. */
export function nameOf({ __name__: name = '', ...labels }: Labels): string {
  return `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(', ')}}`;
}

/** Refuses what is no count of events. */
export function checkCounters(series: readonly Series[]): void {
  for (const { labels, samples } of series) {
    const odd = samples.find(([, value]) => !Number.isInteger(value) || value < 0);
    if (odd)
      throw new NoData(
        `${nameOf(labels)} holds ${odd[1]}, which is no count of events. Its selector must name a counter.`,
      );
  }
}

/**
 * When a counter grew and by how much. A drop is a restart from zero, as in PromQL. The first sample counts
 * in full where the process was seen before without this series: it was born in between, as counters of
 * errors often are. Otherwise nobody knows how old its count is, and it is where counting begins.
 */
export function growth(series: Series, seenBefore: (at: number) => boolean): readonly Sample[] {
  return series.samples.map(([at, value], index) => {
    const before = series.samples[index - 1]?.[1];
    if (before === undefined) return [at, seenBefore(at) ? value : 0];
    return [at, value < before ? value : value - before];
  });
}

/** What grew after `from`, up to and with `to`. */
export function grownWithin(grown: readonly Sample[], from: number, to: number): number {
  let sum = 0;
  for (const [at, by] of grown) if (at > from && at <= to) sum += by;
  return sum;
}

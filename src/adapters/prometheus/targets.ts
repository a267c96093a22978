import { type Labels, NoData, type Series } from './series.ts';

/** The processes that are scraped, by the series `up` that Prometheus keeps of each. */
export type Targets = {
  /** Which process a series is of. */
  keyOf(labels: Labels): string;
  /** Whether the process answered before this time. */
  seenBefore(key: string, at: number): boolean;
};

export function targetsOf(up: readonly Series[], counters: readonly Series[]): Targets {
  const byInstance = Map.groupBy(up, ({ labels }) => instanceOf(labels));
  const keyOf = (labels: Labels) => {
    const own = byInstance.get(instanceOf(labels))?.find((target) => isOf(target.labels, labels));
    return own ? JSON.stringify(own.labels) : instanceOf(labels);
  };
  const first = new Map<string, number>();
  const note = (key: string, at: number | undefined) => {
    if (at !== undefined) first.set(key, Math.min(at, first.get(key) ?? at));
  };
  for (const { labels, samples } of up)
    note(JSON.stringify(labels), samples.find(([, value]) => value === 1)?.[0]);
  for (const { labels, samples } of counters) note(keyOf(labels), samples[0]?.[0]);
  return { keyOf, seenBefore: (key, at) => (first.get(key) ?? at) < at };
}

/** Refuses a window in which too many processes fell silent: those left may not be like those gone. */
export function checkComplete(up: readonly Series[], window: { readonly from: number; readonly to: number }) {
  const answering = (at: number) =>
    up.filter(({ samples }) => samples.findLast(([time]) => time <= at)?.[1] === 1).length;
  const [before, after] = [answering(window.from), answering(window.to)];
  if (after < 0.9 * before)
    throw new NoData(
      `${after} of ${before} targets answer: the others fell silent, and what they would count is not known.`,
    );
}

const instanceOf = (labels: Labels) => `${labels.job ?? ''} ${labels.instance ?? ''}`;

function isOf(target: Labels, labels: Labels): boolean {
  return Object.entries(target).every(([label, value]) => label === '__name__' || labels[label] === value);
}

import { RE2JS } from 're2js';
import type { Counts } from '../../domain/rollout/reading.ts';
import type { Ask } from './ask.ts';
import { narrowed, type Selector, written } from './selector.ts';
import {
  checkCounters,
  grownWithin,
  growth,
  type Labels,
  NoData,
  type Sample,
  type Series,
} from './series.ts';
import { checkComplete, targetsOf } from './targets.ts';

export type Window = { readonly from: number; readonly to: number };
/** A counter with all its growth in the window and a little before. */
export type Grown = { readonly labels: Labels; readonly grown: readonly Sample[] };

/** No sample older than this counts as present, however late we ask. */
const mostPatienceMs = 300_000;
const leastPatienceMs = 1_000;
const mostApartMs = 60_000;

/**
 * How old a newest sample may be: as old as the time left for it to arrive, or the window itself. Samples so
 * much before the window say where the counters stood at its beginning.
 */
export function patienceOf({ from, to }: Window, now: Date): number {
  return Math.min(mostPatienceMs, Math.max(leastPatienceMs, now.getTime() - to, to - from));
}

/** How far the clocks may be apart: a window counts somewhere else in time by that much. */
export function apartOf({ from, to }: Window): number {
  return Math.min(mostApartMs, Math.max(leastPatienceMs, to - from));
}

/**
 * The counters of a window. Each process is counted up to its newest sample of the first selector: a scrape that
 * came between two queries is left out of both, so that shares are of the same time.
 */
export async function counted(
  ask: Ask,
  selectors: readonly [Selector, ...Selector[]],
  window: Window,
  now: Date,
): Promise<readonly (readonly Grown[])[]> {
  const patience = patienceOf(window, now);
  const asked = { from: window.from - patience, to: window.to, apart: apartOf(window) };
  const [leading, ...following] = selectors;
  const first = await ask.range(written(leading), asked);
  if (first.length === 0) return selectors.map(() => []);
  const others: (readonly Series[])[] = [];
  for (const selector of following) others.push(await ask.range(written(selector), asked));
  const up = await ask.range(written(upOf(first)), asked);

  const newest = Math.max(...first.map(({ samples }) => samples.at(-1)?.[0] ?? 0));
  if (window.to - newest > patience)
    throw new NoData(
      `The newest sample of ${written(leading)} is ${Math.round((window.to - newest) / 1000)} s old. lagSeconds should be twice the scrape interval.`,
    );
  checkComplete(up, { from: Math.max(window.from, window.to - mostPatienceMs), to: window.to });
  const targets = targetsOf(up, first);
  const ends = new Map<string, number>();
  for (const { labels, samples } of first) {
    const key = targets.keyOf(labels);
    ends.set(key, Math.max(ends.get(key) ?? 0, samples.at(-1)?.[0] ?? 0));
  }
  return [first, ...others].map((series) => {
    checkCounters(series);
    return series.map(({ labels, samples }) => {
      const target = targets.keyOf(labels);
      const end = ends.get(target) ?? 0;
      const grown = growth({ labels, samples }, (at) => targets.seenBefore(target, at));
      return { labels, grown: grown.filter(([at]) => at <= end) };
    });
  });
}

function upOf(series: readonly Series[]): Selector {
  const jobs = [...new Set(series.map(({ labels }) => labels.job ?? ''))].toSorted();
  const name: Selector = narrowed([], { __name__: 'up' });
  const [only] = jobs;
  if (jobs.length === 1 && only !== undefined) return narrowed(name, { job: only });
  const literal = jobs.map((job) => RE2JS.quote(job)).join('|');
  return [...name, { label: 'job', operator: '=~', value: literal }];
}

/** All events, and either the bad or the good ones among them. */
export type Events = { readonly total: readonly Grown[] } & (
  | { readonly bad: readonly Grown[] }
  | { readonly good: readonly Grown[] }
);

/** The events of those that are wanted, in one window. */
export function countsOf(events: Events, window: Window, wanted: (labels: Labels) => boolean): Counts {
  const n = sumOf(events.total, window, wanted);
  const bad = 'bad' in events ? sumOf(events.bad, window, wanted) : n - sumOf(events.good, window, wanted);
  if (bad < 0 || bad > n)
    throw new NoData(
      'bad' in events
        ? `There are more bad events (${bad}) than events (${n}). \`bad\` must select a part of \`total\`.`
        : `There are more events within a boundary (${n - bad}) than events (${n}). Is it a histogram?`,
    );
  return { n, bad };
}

function sumOf(counters: readonly Grown[], window: Window, wanted: (labels: Labels) => boolean): number {
  let sum = 0;
  for (const { labels, grown } of counters)
    if (wanted(labels)) sum += grownWithin(grown, window.from, window.to);
  return sum;
}

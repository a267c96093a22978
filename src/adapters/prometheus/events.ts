import type { MetricSource } from '../../domain/rollout/settings.ts';
import { GiveUp } from '../../errors.ts';
import type { Ask } from './ask.ts';
import { counted, type Events, type Grown, type Window } from './count.ts';
import { slowerThan } from './latency.ts';
import { readSelector, type Selector } from './selector.ts';

export type Names = { readonly flag: string; readonly environment: string };
export type CountedSource = Exclude<MetricSource, { readonly type: 'gauge' }>;

/** The selectors of a source, the one of all events first. */
export function selectorsOf(source: CountedSource, names: Names): readonly [Selector, ...Selector[]] {
  switch (source.type) {
    case 'events':
      return [readSelector(source.total, names), readSelector(source.bad, names)];
    case 'latency':
      return [readSelector(source.buckets, names)];
  }
}

/** What counters hold for a source: one for a rate, one for each boundary of a latency. */
export function eventsOf(
  source: CountedSource,
  counters: readonly (readonly Grown[])[],
): readonly [Events, ...Events[]] {
  const [first = [], bad = []] = counters;
  switch (source.type) {
    case 'events':
      return [{ total: first, bad }];
    case 'latency': {
      const [lowest, ...others] = source.boundaries.map((boundary) => slowerThan(first, boundary));
      if (!lowest) throw new GiveUp('A latency needs at least one boundary in the rollout settings.');
      return [lowest, ...others];
    }
  }
}

/** Reads a source as it is written, without looking at flag or cohort. */
export async function eventsIn(options: {
  readonly ask: Ask;
  readonly source: CountedSource;
  readonly names: Names;
  readonly window: Window;
  readonly now: Date;
}): Promise<Events | undefined> {
  const { ask, source, names, window, now } = options;
  const counters = await counted(ask, selectorsOf(source, names), window, now);
  return counters[0]?.length ? eventsOf(source, counters)[0] : undefined;
}

import type { Stratum } from '../../domain/rollout/reading.ts';
import type { Ask } from './ask.ts';
import { counted, countsOf, type Window } from './count.ts';
import { type CountedSource, eventsOf, type Names, selectorsOf } from './events.ts';
import { narrowed } from './selector.ts';
import type { Labels } from './series.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;
const leastMs = 1_000;
const parts = 60;

export type Preflight = {
  readonly halves: readonly Stratum[];
  readonly perMinute: number;
  readonly badShare: number;
};

/**
 * The past hour of those without the feature, minute by minute; where less than an hour is known, in as many
 * parts of it. Of a latency the first boundary is taken: it sees the most events.
 */
export async function preflightOf(options: {
  readonly ask: Ask;
  readonly source: CountedSource;
  readonly names: Names;
  readonly to: number;
  readonly now: Date;
}): Promise<Preflight> {
  const { ask, source, names, to, now } = options;
  const selectors = selectorsOf(source, names).map((one) => narrowed(one, { flag: names.flag }));
  const [first, ...others] = selectors;
  const nothing = { halves: [], perMinute: 0, badShare: 0 };
  if (!first) return nothing;
  const counters = await counted(ask, [first, ...others], { from: to - hourMs, to }, now);
  const times = (counters[0] ?? []).flatMap(({ grown }) => [grown[0]?.[0], grown.at(-1)?.[0]]);
  const known = times.filter((time) => time !== undefined);
  if (known.length === 0) return nothing;
  const all = { from: Math.max(to - hourMs, Math.min(...known)), to: Math.max(...known) };
  if (all.to <= all.from) return nothing;

  const [events] = eventsOf(source, counters);
  const part = Math.max(leastMs, Math.min(minuteMs, (all.to - all.from) / parts));
  const windows: Window[] = [];
  for (let from = all.from; from + part <= all.to + 1; from += part) windows.push({ from, to: from + part });
  const half = (name: string) => (labels: Labels) => labels.half === name && labels.cohort !== 'on';
  const halves = windows
    .map((window) => ({
      exposed: countsOf(events, window, half('1')),
      control: countsOf(events, window, half('2')),
    }))
    .filter(({ exposed, control }) => exposed.n > 0 && control.n > 0);
  const { n, bad } = countsOf(events, all, (labels) => labels.cohort !== 'on');
  return {
    halves,
    perMinute: (n * minuteMs) / (all.to - all.from),
    badShare: n === 0 ? 0 : bad / n,
  };
}

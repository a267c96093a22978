import type { Counts, Reading } from '../../domain/rollout/reading.ts';
import type { Ask } from './ask.ts';
import { countsOf, type Window } from './count.ts';
import { type CountedSource, eventsIn, type Names } from './events.ts';
import { NoData } from './series.ts';

const weeks = 14;
const hourMs = 3_600_000;
const weekMs = 168 * hourMs;
const mostKept = 50;

export type History = (request: {
  readonly source: CountedSource;
  readonly names: Names;
  readonly window: Window;
}) => Promise<Reading>;

/**
 * The counts of now beside those of the same hour of the past weeks. The selectors are read as they are
 * written: neither flag nor cohort existed then. Past hours do not change, so each is read once.
 */
export function makeHistory(ask: Ask, now: () => Date): History {
  const kept = new Map<string, Promise<readonly Counts[]>>();
  const everybody = () => true;
  return async ({ source, names, window }) => {
    const read = (of: Window) => eventsIn({ ask, source, names, window: of, now: now() });
    const present = await read(window);
    if (!present) throw new NoData('Prometheus has no series of this metric.');
    const hour = Math.floor(window.to / hourMs) * hourMs;
    const key = JSON.stringify([source, names, hour]);
    const past = kept.get(key) ?? pastCounts(read, hour);
    kept.set(key, past);
    past.catch(() => kept.delete(key));
    if (kept.size > mostKept) kept.delete([...kept.keys()][0] ?? '');
    const counts = await past;
    if (counts.length === 0)
      throw new NoData('Prometheus has nothing of this hour in past weeks to compare with.');
    return { kind: 'historic', now: countsOf(present, window, everybody), past: counts };
  };

  async function pastCounts(
    read: (window: Window) => ReturnType<typeof eventsIn>,
    hour: number,
  ): Promise<readonly Counts[]> {
    const found: Counts[] = [];
    for (let week = 1; week <= weeks; week++) {
      const window = { from: hour - week * weekMs, to: hour + hourMs - week * weekMs };
      const counts = await read(window).then(
        (events) => events && countsOf(events, window, everybody),
        (error: unknown) => {
          if (error instanceof NoData) return undefined;
          throw error;
        },
      );
      if (counts && counts.n > 0) found.push(counts);
    }
    return found;
  }
}

import type { Tick } from '../domain/rollout/reading.ts';
import type { TimelineEvent } from './timeline.ts';

/** The ticks of a rollout as `slipway rollout replay` reads them: one metric of one tick a line. */
export function ticksOf(timeline: readonly TimelineEvent[]): string {
  return timeline
    .flatMap(({ event }) => (event.type === 'ticked' ? linesOf(event.tick) : []))
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}

/** A latency has one line for each of its boundaries, numbered; what cannot be counted has none. */
function linesOf({ at, flag, readings }: Tick) {
  return Object.entries(readings).flatMap(([metric, reading]) => {
    if (reading.kind !== 'counts' || !flag || flag.percent === 0) return [];
    const { strata } = reading;
    return strata.map(({ exposed, control }, index) => ({
      at,
      metric: strata.length === 1 ? metric : `${metric} ${index + 1}`,
      stage: flag.percent,
      exposed,
      control,
    }));
  });
}

import type { Tick } from '../domain/rollout/reading.ts';
import type { RolloutState } from '../domain/rollout/state.ts';
import type { TimelineEvent } from './timeline.ts';

/** What the guardrails of a rollout counted, as `slipway rollout replay` reads it: one metric of one tick a line. */
export function ticksOf({ plan }: RolloutState, timeline: readonly TimelineEvent[]): string {
  const guardrails = new Set(
    (plan?.metrics ?? []).filter(({ kind }) => kind === 'guardrail').map(({ name }) => name),
  );
  return timeline
    .flatMap(({ event }) => (event.type === 'ticked' ? linesOf(event.tick, guardrails) : []))
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}

/** A latency has one line for each of its boundaries, numbered; what cannot be counted has none. */
function linesOf({ at, flag, readings }: Tick, guardrails: ReadonlySet<string>) {
  return Object.entries(readings).flatMap(([metric, reading]) => {
    if (!guardrails.has(metric) || reading.kind !== 'counts' || !flag || flag.percent === 0) return [];
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

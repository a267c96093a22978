import type { Tick } from '../domain/rollout/reading.ts';
import { environmentNow, type RolloutState } from '../domain/rollout/state.ts';
import { pointsOf, unitOf } from './points.ts';
import { drawRollout } from './rollout-chart.ts';

/** What was seen of the ticks in the events of a rollout, oldest first. */
export function ticksIn(
  history: readonly { readonly event: { readonly type: string; readonly tick?: Tick } }[],
): readonly Tick[] {
  return history.flatMap(({ event }) => (event.type === 'ticked' && event.tick ? [event.tick] : []));
}

/**
 * The picture of a rollout: the metric whose harm was proved, else the one with the strongest evidence of harm, over
 * the time in the present environment. Undefined when nothing was counted.
 */
export async function chartOf(state: RolloutState, ticks: readonly Tick[]): Promise<Buffer | undefined> {
  const metric = metricShown(state);
  const runs = state.stages.filter(({ environment }) => environment === environmentNow(state));
  const since = runs[0]?.from;
  if (metric === undefined || since === undefined) return undefined;
  const counted = ticks.filter(({ at }) => at >= since);
  const points = pointsOf(counted, metric);
  if (points.every(({ exposed, control }) => exposed === null && control === null)) return undefined;
  const halted = runs.findLast(({ left }) => left === 'halted')?.to;
  return drawRollout({
    title: `${state.flag} in ${environmentNow(state) ?? 'its environment'}`,
    metric,
    unit: unitOf(counted, metric),
    points,
    stages: runs.map(({ percent, from }) => ({ percent, at: from })),
    ...(halted !== undefined && { haltedAt: halted }),
  });
}

function metricShown({ phase, plan, evidence }: RolloutState): string | undefined {
  const harmed = phase.kind === 'halted' ? phase.metrics[0] : undefined;
  if (harmed !== undefined) return harmed;
  const strength = (name: string) => evidence[name]?.harm.highest ?? 0;
  const guardrails = (plan?.metrics ?? []).filter(({ kind }) => kind === 'guardrail');
  return guardrails.toSorted((one, other) => strength(other.name) - strength(one.name))[0]?.name;
}

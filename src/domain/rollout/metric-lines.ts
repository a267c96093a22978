import { judgementOf, limitOf } from './counting.ts';
import { metricSentence } from './say.ts';
import type { MetricSettings } from './settings.ts';
import type { RolloutState } from './state.ts';

/** One metric against its limit, for the card and for "why". */
export type MetricLine = {
  readonly name: string;
  readonly kind: MetricSettings['kind'];
  /** `proved`: its part of the proof that this stage is safe is there. */
  readonly standing: 'harm' | 'proved' | 'undecided' | 'no-data' | 'provider-down' | 'reported';
  /** Its counts and its evidence since the stage began. */
  readonly sentence: string;
  /** What keeps the stage from being safe. */
  readonly missing?: string;
};

/** Every metric of the plan, as the newest tick left it. */
export function metricLines(state: RolloutState): readonly MetricLine[] {
  const { plan } = state;
  if (!plan) return [];
  const { harmful, signals, missing } = judgementOf(plan, state.evidence);
  return plan.metrics.flatMap((metric) => {
    const evidence = state.evidence[metric.name];
    if (!evidence) return [];
    const lacks = missing.find((each) => each.metric === metric.name)?.because;
    const worse = harmful.includes(metric.name) || signals.includes(metric.name);
    const { name, kind } = metric;
    const sentence = metricSentence(metric, evidence, limitOf(plan, metric));
    const standing = standingOf({ kind, worse, proved: lacks === undefined, last: evidence.last });
    return [{ name, kind, standing, sentence, ...(lacks !== undefined && { missing: lacks }) }];
  });
}

function standingOf(metric: {
  readonly kind: MetricSettings['kind'];
  readonly worse: boolean;
  readonly proved: boolean;
  readonly last: 'none' | 'counted' | 'no-data' | 'provider-down';
}): MetricLine['standing'] {
  const { kind, worse, proved, last } = metric;
  if (worse) return 'harm';
  if (last === 'no-data' || last === 'provider-down') return last;
  if (kind === 'success') return 'reported';
  return kind === 'guardrail' && proved ? 'proved' : 'undecided';
}

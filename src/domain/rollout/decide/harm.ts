import { limitOf } from '../counting.ts';
import { entered, stepBelow } from '../course.ts';
import type { RolloutEvent } from '../events.ts';
import type { Judgement } from '../evidence/evidence.ts';
import { metricSentence, sentence } from '../say.ts';
import type { MetricSettings } from '../settings.ts';
import type { Plan, RolloutState } from '../state.ts';
import { environmentNow, holdsForPerson } from '../state.ts';

/** The strongest of the actions of the metrics whose harm is proved; undefined when none is. */
export function afterHarm(
  after: RolloutState,
  { plan, judgement }: { readonly plan: Plan; readonly judgement: Judgement },
): readonly RolloutEvent[] | undefined {
  if (judgement.verdict !== 'harm') return undefined;
  const metrics = plan.metrics.filter(({ name }) => judgement.harmful.includes(name));
  const actions = metrics.map(actionOf);
  // While a change is under way, people still have the percentage before it.
  const exposed = after.written?.percent ?? after.wanted.percent;
  const where = `${exposed} % in ${environmentNow(after) ?? 'its environment'}`;
  const numbers = metricsInWords(after, { plan, names: judgement.harmful });
  const because = `Harm is proved at ${where}. ${numbers}`;
  const held = after.phase.kind === 'holding' ? after.phase.reason : undefined;
  const down = stepBelow(after, exposed);
  const steps = actions.includes('step-back') && held !== 'harm';
  if (actions.includes('off') || (steps && !down))
    return [{ type: 'halted', metrics: judgement.harmful, because }];
  if (steps && down)
    return [
      entered(after, { to: down, how: 'stepped-back', because }),
      {
        type: 'held',
        reason: 'harm',
        because: `Harm was proved at ${where}, so it went back to ${down.percent} %. ${numbers}`,
      },
    ];
  if (held !== undefined && holdsForPerson.includes(held)) return [];
  return [{ type: 'held', reason: 'harm', because }];
}

/** Without a control cohort a difference may be the week's, so a person looks before anything is switched off. */
function actionOf({ onHarm, compareWith, kind }: MetricSettings): MetricSettings['onHarm'] {
  return compareWith === 'history' && kind !== 'tripwire' ? 'hold' : onHarm;
}

/** What was counted of some metrics, one sentence each. */
export function metricsInWords(
  state: RolloutState,
  { plan, names }: { readonly plan: Plan; readonly names: readonly string[] },
): string {
  return plan.metrics
    .filter(({ name }) => names.includes(name))
    .map((metric) => {
      const evidence = state.evidence[metric.name];
      return sentence(evidence ? metricSentence(metric, evidence, limitOf(plan, metric)) : metric.name);
    })
    .join(' ');
}

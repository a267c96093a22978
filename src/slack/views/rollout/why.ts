import { odds, sentence, share, count as whole } from '../../../domain/rollout/say.ts';
import type { MetricSettings } from '../../../domain/rollout/settings.ts';
import type { RolloutState } from '../../../domain/rollout/state.ts';
import { context, type MessageView, section, sectionWhen } from '../parts.ts';
import { code, lines, safe } from '../text.ts';
import { nextOf } from './card.ts';
import { metricLine } from './metrics.ts';
import { rolloutPhaseInWords } from './words.ts';

/** Why it is where it is: the verdict, each metric with its numbers, evidence, limit and query, and what comes next. */
export function rolloutWhyView(state: RolloutState): MessageView {
  const { plan, verdict, evidence } = state;
  const standing = rolloutPhaseInWords(state);
  return {
    text: `Why ${safe(state.flag, 150)} is where it is: ${standing}.`,
    blocks: [
      section(`*${code(state.flag)}: ${standing}*`),
      ...sectionWhen('Newest verdict', verdict ? safe(sentence(verdict.because), 1_500) : ''),
      ...sectionWhen(
        'Metrics',
        plan
          ? lines(plan.metrics, {
              max: 2_700,
              draw: (metric, room) => metricLine({ plan, metric, evidence: evidence[metric.name], room }),
            })
          : '',
      ),
      ...sectionWhen(
        'Counted with',
        plan
          ? lines(plan.metrics, {
              max: 2_700,
              draw: (metric, room) =>
                `• ${safe(metric.name, 40)}: ${code(queryOf(metric), Math.max(20, room - 46))}`,
            })
          : '',
      ),
      ...sectionWhen('Cohorts', ratioOf(state)),
      ...sectionWhen('What happens next', nextOf(state)),
      ...(plan
        ? [
            context(
              `Over-dispersion ${phis(state)} · worse than ${share(plan.rho0 - 1)} more counts as harm · chance of a false halt at most ${share(plan.alpha)}.`,
            ),
          ]
        : []),
    ],
  };
}

function queryOf({ source }: MetricSettings): string {
  switch (source.type) {
    case 'events':
      return `${source.bad} of ${source.total}`;
    case 'latency':
      return `${source.buckets} above ${source.boundaries.join(', ')} s`;
    case 'gauge':
      return source.value;
  }
}

function ratioOf({ sampleRatio }: RolloutState): string {
  if (!sampleRatio) return '';
  const { exposed, control, percent, logE } = sampleRatio;
  return `${whole(exposed)} users with the feature and ${whole(control)} without, where ${percent} % should have it · evidence of a mismatch ${odds(logE)} of 1:1,000`;
}

function phis({ evidence }: RolloutState): string {
  const all = Object.values(evidence).map(({ phi }) => phi);
  return all.length === 0 ? 'not measured' : `up to ${Number(Math.max(...all).toPrecision(3))}`;
}

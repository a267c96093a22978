import type { Stratum } from '../../domain/rollout/reading.ts';
import type { Ask } from './ask.ts';
import { countsOf, type Events, type Window } from './count.ts';
import { narrowed, type Selector, written } from './selector.ts';
import { type Labels, NoData } from './series.ts';

/** The values of the label `cohort`. */
const labelOf = { exposed: 'on', control: 'off' } as const;
export type Cohort = keyof typeof labelOf;

export const isIn = (cohort: Cohort) => (labels: Labels) => labels.cohort === labelOf[cohort];

/** Refuses counters in which the two cohorts cannot be told apart, with what is wrong with their labels. */
export async function checkCohorts(
  ask: Pick<Ask, 'count'>,
  series: readonly { readonly labels: Labels }[],
  about: { readonly selector: Selector; readonly flag: string; readonly to: number },
): Promise<void> {
  const { selector, flag, to } = about;
  const narrow = written(narrowed(selector, { flag }));
  if (series.length === 0) {
    const unlabelled = await ask.count(written(selector), to);
    throw new NoData(
      unlabelled > 0
        ? `${written(selector)} has ${unlabelled} series, and none with flag="${flag}". Does the application count by flag (docs/metrics.md), and has it been deployed?`
        : `Prometheus has no series ${narrow}.`,
    );
  }
  const has = (cohort: Cohort) => series.some(({ labels }) => isIn(cohort)(labels));
  if (has('exposed') && has('control')) return;
  const others = [...new Set(series.map(({ labels }) => labels.cohort ?? ''))].toSorted();
  if (others.every((value) => value === ''))
    throw new NoData(`The series of ${narrow} have no label "cohort". It must be "on" or "off".`);
  if (!has('exposed') && !has('control'))
    throw new NoData(
      `The label "cohort" of ${narrow} is ${others.map((value) => `"${value}"`).join(', ')}, and must be "on" or "off".`,
    );
  const missing = has('exposed') ? 'off' : 'on';
  throw new NoData(
    `${narrow} has no series with cohort="${missing}": ${missing === 'on' ? 'nobody was counted with the feature yet' : 'nobody was counted without the feature'}.`,
  );
}

/** Both cohorts of one window. Without any events in it, it says nothing about either. */
export function stratumOf(events: Events, window: Window): Stratum {
  const exposed = countsOf(events, window, isIn('exposed'));
  const control = countsOf(events, window, isIn('control'));
  if (exposed.n + control.n === 0)
    throw new NoData(`No traffic in either cohort since ${new Date(window.from).toISOString()}.`);
  return { exposed, control };
}

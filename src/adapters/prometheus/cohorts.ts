import type { Stratum } from '../../domain/rollout/reading.ts';
import { clock } from '../../domain/rollout/say.ts';
import type { Ask } from './ask.ts';
import { countsOf, type Events, type Window } from './count.ts';
import { narrowed, type Selector, written } from './selector.ts';
import { type Labels, NoData } from './series.ts';

/** The values of the label `cohort`. */
const labelOf = { exposed: 'on', control: 'off' } as const;
export type Cohort = keyof typeof labelOf;

export const isIn = (cohort: Cohort) => (labels: Labels) => labels.cohort === labelOf[cohort];

/** Refuses an empty result, with whether the label of the flag is what is missing. */
export async function checkPresent(
  ask: Ask,
  series: readonly unknown[],
  about: { readonly selector: Selector; readonly flag: string; readonly to: number },
): Promise<void> {
  if (series.length > 0) return;
  const { selector, flag, to } = about;
  const unlabelled = await ask.count(written(selector), to);
  throw new NoData(
    unlabelled > 0
      ? `${written(selector)} has ${unlabelled} series, and none with flag="${flag}". Does the application count by flag (docs/metrics.md), and has it been deployed?`
      : `Prometheus has no series ${written(narrowed(selector, { flag }))}.`,
  );
}

/** Refuses series in which the two cohorts cannot be told apart, with what is wrong with their labels. */
export function checkCohorts(series: readonly { readonly labels: Labels }[], selector: string): void {
  const has = (cohort: Cohort) => series.some(({ labels }) => isIn(cohort)(labels));
  if (has('exposed') && has('control')) return;
  const others = [...new Set(series.map(({ labels }) => labels.cohort ?? ''))].toSorted();
  if (others.every((value) => value === ''))
    throw new NoData(`The series of ${selector} have no label "cohort". It must be "on" or "off".`);
  if (!has('exposed') && !has('control'))
    throw new NoData(
      `The label "cohort" of ${selector} is ${others.map((value) => `"${value}"`).join(', ')}, and must be "on" or "off".`,
    );
  throw new NoData(
    has('control')
      ? `${selector} has no series with cohort="on": nobody was counted with the feature yet.`
      : `${selector} has no series with cohort="off": nobody was counted without the feature.`,
  );
}

/** Both cohorts of one window. Without any events in it, it says nothing about either. */
export function stratumOf(events: Events, window: Window): Stratum {
  const exposed = countsOf(events, window, isIn('exposed'));
  const control = countsOf(events, window, isIn('control'));
  if (exposed.n + control.n === 0)
    throw new NoData(`No traffic in either cohort since ${clock(new Date(window.from).toISOString())}.`);
  return { exposed, control };
}

import type { Reading } from '../../domain/rollout/reading.ts';
import type { Ask } from './ask.ts';
import { type Cohort, checkCohorts, checkPresent, isIn } from './cohorts.ts';
import { apartOf, patienceOf, type Window } from './count.ts';
import type { Names } from './events.ts';
import { narrowed, readSelector, written } from './selector.ts';
import { NoData, nameOf } from './series.ts';

/** The newest value of each cohort: the mean over its series. */
export async function gaugeIn(options: {
  readonly ask: Ask;
  readonly value: string;
  readonly names: Names;
  readonly window: Window;
  readonly now: Date;
}): Promise<Reading> {
  const { ask, names, window, now } = options;
  const selector = readSelector(options.value, names);
  const narrow = written(narrowed(selector, { flag: names.flag }));
  const from = window.to - patienceOf(window, now);
  const series = await ask.range(narrow, {
    from,
    to: window.to,
    apart: apartOf(window),
  });
  await checkPresent(ask, series, { selector, flag: names.flag, to: window.to });
  checkCohorts(series, narrow);
  const odd = series.find(({ samples }) => !Number.isFinite(samples.at(-1)?.[1]));
  if (odd) throw new NoData(`${nameOf(odd.labels)} holds ${odd.samples.at(-1)?.[1]}, which is no value.`);
  const mean = (cohort: Cohort) => {
    const values = series
      .filter(({ labels }) => isIn(cohort)(labels))
      .map(({ samples }) => samples.at(-1)?.[1] ?? 0);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return { kind: 'gauge', exposed: mean('exposed'), control: mean('control') };
}

import type { Reading } from '../../domain/rollout/reading.ts';
import type { MetricSource } from '../../domain/rollout/settings.ts';
import { GiveUp, sentenceOf, TryAgain } from '../../errors.ts';
import { checkCohorts, stratumOf } from './cohorts.ts';
import { countsOf, type Events, type Window } from './count.ts';
import { type CountedSource, eventsOf, type Names, selectorsOf } from './events.ts';
import { readExposition } from './exposition.ts';
import type { Preflight } from './preflight.ts';
import { type Selector, selects, written } from './selector.ts';
import { checkCounters, growth, type Labels, NoData, nameOf } from './series.ts';

export type ImpactMetrics = {
  read(request: {
    readonly source: MetricSource;
    readonly names: Names;
    readonly window: Window;
    readonly compareWith: 'cohort' | 'history';
  }): Promise<Reading>;
  preflight(request: {
    readonly source: CountedSource;
    readonly names: Names;
    readonly to: number;
  }): Promise<Preflight>;
};

type Look = { readonly at: number; readonly values: ReadonlyMap<string, Value> };
type Value = { readonly labels: Labels; readonly value: number };

const timeoutMs = 5_000;
const looksKept = 5;
const sourcesKept = 500;
const minuteMs = 60_000;
const nothing: Look = { at: 0, values: new Map() };

/**
 * The counters that applications send to Unleash with `unleash.impactMetrics`. Unleash has only their present
 * values, so the last looks are kept here: the first one after a start has nothing to be compared with.
 */
export function makeImpactMetrics(unleashUrl: string): ImpactMetrics {
  const url = new URL(`${unleashUrl.replace(/\/+$/, '')}/internal-backstage/impact/metrics`);
  const kept = new Map<string, readonly Look[]>();

  /** One look for each time, so that asking again about a window gives the same counts. */
  async function look(
    key: string,
    at: number,
    names: Names,
  ): Promise<{ now: Look; before: readonly Look[] }> {
    const looks = kept.get(key) ?? [];
    const before = looks.filter((one) => one.at < at);
    const now = looks.find((one) => one.at === at) ?? { at, values: valuesOf(await textAt(url), names) };
    kept.delete(key);
    kept.set(key, [...before, now].slice(-looksKept));
    if (kept.size > sourcesKept) kept.delete([...kept.keys()][0] ?? '');
    return { now, before };
  }

  return {
    async read({ source, names, window, compareWith }) {
      if (source.type === 'gauge' || compareWith === 'history')
        throw new GiveUp(
          'Impact metrics have no gauges and no history. Take the provider "prometheus" for these.',
        );
      const { now, before } = await look(JSON.stringify(['read', source, names]), window.to, names);
      const [total] = selectorsOf(source, names);
      const series = [...now.values.values()].filter(({ labels }) => selects(total, labels));
      if (series.length === 0)
        throw new NoData(
          `Unleash has no impact metric ${written(total)} for the flag "${names.flag}" in ${names.environment}. Does the application count with flagNames: ["${names.flag}"]?`,
        );
      checkCohorts(series, written(total));
      const earlier = before.findLast(({ at }) => at <= window.from);
      if (!earlier || window.from - earlier.at > window.to - window.from)
        throw new NoData(
          'The impact metrics were not looked at when this window began, as after a start of the bot. The next look can count.',
        );
      const between = { from: earlier.at, to: window.to };
      return {
        kind: 'counts',
        strata: eventsBetween(source, names, earlier, now).map((events) => stratumOf(events, between)),
      };
    },
    async preflight({ source, names, to }) {
      const { now, before } = await look(JSON.stringify(['preflight', source, names]), to, names);
      const everybody = () => true;
      const [total] = selectorsOf(source, names);
      if (![...now.values.values()].some(({ labels }) => selects(total, labels)))
        return { halves: [], perMinute: 0, badShare: 0 };
      const all = countsOf(eventsBetween(source, names, nothing, now)[0], { from: 0, to }, everybody);
      const [first] = before;
      const lately =
        first && countsOf(eventsBetween(source, names, first, now)[0], { from: first.at, to }, everybody);
      return {
        halves: [],
        perMinute: lately ? (lately.n * minuteMs) / (to - first.at) : 0,
        badShare: all.n === 0 ? 0 : all.bad / all.n,
      };
    },
  };
}

/** What was counted between two looks. A counter that is new to the second was zero at the first. */
function eventsBetween(
  source: CountedSource,
  names: Names,
  earlier: Look,
  now: Look,
): readonly [Events, ...Events[]] {
  const counters = selectorsOf(source, names).map((selector: Selector) =>
    [...now.values].flatMap(([key, { labels, value }]) => {
      if (!selects(selector, labels)) return [];
      const before = earlier.values.get(key)?.value ?? 0;
      const series = { labels, samples: [[earlier.at, before] as const, [now.at, value] as const] };
      checkCounters([series]);
      return [{ labels, grown: growth(series, () => false) }];
    }),
  );
  return eventsOf(source, counters);
}

/** The series of this flag in this environment, with the cohort that the label of the flag means. */
function valuesOf(text: string, names: Names): ReadonlyMap<string, Value> {
  const flagLabel = names.flag.replace(/[^a-zA-Z0-9_]/g, '_');
  const found = new Map<string, Value>();
  for (const { labels, value } of readExposition(text)) {
    const evaluated = labels[flagLabel] ?? '';
    const isOurs = (labels.environment ?? names.environment) === names.environment;
    if (evaluated === '' || !isOurs) continue;
    const cohort = evaluated === 'disabled' ? 'off' : 'on';
    found.set(nameOf(labels), { labels: { ...labels, flag: names.flag, cohort }, value });
  }
  return found;
}

async function textAt(url: URL): Promise<string> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.text();
    // It has a page for every address.
    if (response.ok && !text.startsWith('<')) return text;
    if (response.status >= 500 || response.status === 429)
      throw new TryAgain(`Unleash at ${url.origin} is in trouble (${response.status}).`);
    throw new GiveUp(
      `Unleash at ${url.origin} has no impact metrics (${response.status}). They need version 8.2 or later, and no proxy before /internal-backstage.`,
    );
  } catch (error) {
    if (error instanceof TryAgain || error instanceof GiveUp) throw error;
    const { cause } = error instanceof Error ? error : {};
    throw new TryAgain(
      `The impact metrics of Unleash at ${url.origin} cannot be read: ${sentenceOf(cause ?? error)}`,
      {
        cause: error,
      },
    );
  }
}

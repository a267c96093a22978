import type { Reading } from '../domain/rollout/reading.ts';
import { GiveUp, TryAgain } from '../errors.ts';
import type { MetricRequest, Metrics } from '../ports.ts';
import { makeAsk } from './prometheus/ask.ts';
import { checkCohorts, checkPresent, isIn, stratumOf } from './prometheus/cohorts.ts';
import { counted, countsOf } from './prometheus/count.ts';
import { eventsOf, selectorsOf } from './prometheus/events.ts';
import { gaugeIn } from './prometheus/gauge.ts';
import { makeHistory } from './prometheus/history.ts';
import { type ImpactMetrics, makeImpactMetrics } from './prometheus/impact.ts';
import { preflightOf } from './prometheus/preflight.ts';
import { narrowed, written } from './prometheus/selector.ts';
import { NoData } from './prometheus/series.ts';

/**
 * Metrics from Prometheus, and from the impact metrics of Unleash where a source says so. Counts are the
 * differences of raw samples: `rate` and `increase` extrapolate, and a test needs whole events.
 */
export function createPrometheus(options: {
  readonly url: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly now: () => Date;
  /** Where impact metrics are read. */
  readonly unleashUrl?: string;
}): Metrics {
  const { now } = options;
  const ask = makeAsk({ url: options.url, token: options.token, headers: options.headers ?? {}, now });
  const history = makeHistory(ask, now);
  const impact = options.unleashUrl === undefined ? undefined : makeImpactMetrics(options.unleashUrl);

  return {
    read: (request) => orNoData(() => reading(request)),
    async units({ flag, environment, from, to }) {
      const window = { from: Date.parse(from), to: Date.parse(to) };
      const first = narrowed([], { __name__: 'flag_first_exposure_total', flag });
      try {
        const [total = []] = await counted(ask, [first], window, now());
        const own = total.filter(({ labels }) => (labels.environment ?? environment) === environment);
        if (own.length === 0) return undefined;
        const events = { total: own, bad: [] };
        return {
          exposed: countsOf(events, window, isIn('exposed')).n,
          control: countsOf(events, window, isIn('control')).n,
        };
      } catch (error) {
        if (error instanceof NoData) return undefined;
        throw error;
      }
    },
    async preflight({ source, to, ...names }) {
      if (source.type === 'gauge') return { halves: [], perMinute: 0, badShare: 0 };
      const about = { source, names, to: Date.parse(to) };
      try {
        if (source.provider === 'unleash') return await impactMetrics().preflight(about);
        return await preflightOf({ ...about, ask, now: now() });
      } catch (error) {
        if (error instanceof NoData) throw new TryAgain(error.message, { cause: error });
        throw error;
      }
    },
  };

  async function reading(request: Parameters<Metrics['read']>[0]): Promise<Reading> {
    const { source, flag, environment, compareWith } = request;
    const names = { flag, environment };
    const window = windowOf(request);
    if (source.provider === 'unleash') return impactMetrics().read({ source, names, window, compareWith });
    if (source.type === 'gauge') {
      if (compareWith === 'history')
        throw new GiveUp(
          'A gauge cannot be compared with history. Give it cohorts, or count events instead.',
        );
      return gaugeIn({ ask, value: source.value, names, window, now: now() });
    }
    if (compareWith === 'history') return history({ source, names, window });
    const [total, ...others] = selectorsOf(source, names);
    const narrow = (selector: typeof total) => narrowed(selector, { flag });
    const counters = await counted(ask, [narrow(total), ...others.map(narrow)], window, now());
    const series = counters[0] ?? [];
    await checkPresent(ask, series, { selector: total, flag, to: window.to });
    checkCohorts(series, written(narrow(total)));
    return {
      kind: 'counts',
      strata: eventsOf(source, counters).map((events) => stratumOf(events, window)),
    };
  }

  function impactMetrics(): ImpactMetrics {
    if (impact) return impact;
    throw new GiveUp('The rollout settings name the provider "unleash", and UNLEASH_URL is not set.');
  }
}

function windowOf({ from, to }: Pick<MetricRequest, 'from' | 'to'>) {
  return { from: Date.parse(from), to: Date.parse(to) };
}

async function orNoData(read: () => Promise<Reading>): Promise<Reading> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof NoData) return { kind: 'no-data', because: error.message };
    throw error;
  }
}

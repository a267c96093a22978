import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runPrometheus } from '../../../playground/prometheus/real.ts';
import { standInForPrometheus } from '../../../playground/prometheus/stand-in.ts';
import { hasPrometheus, type Prometheus } from '../../../playground/prometheus/start.ts';
import { createPrometheus } from '../../../src/adapters/prometheus.ts';
import type { Reading } from '../../../src/domain/rollout/reading.ts';
import { type MetricSource, metricSource } from '../../../src/domain/rollout/settings.ts';
import type { Metrics } from '../../../src/ports.ts';
import { type Application, startApplication } from './application.ts';

const kinds = [
  { kind: 'the real Prometheus', start: runPrometheus, present: hasPrometheus() },
  { kind: 'the stand-in of the playground', start: standInForPrometheus, present: true },
];

const names = { flag: 'free-delivery', environment: 'production' };
const events = (total: string, bad = 'nothing_total'): MetricSource =>
  metricSource.parse({ type: 'events', total, bad });
const latency = (boundaries: readonly number[], buckets = 'took_seconds_bucket'): MetricSource =>
  metricSource.parse({ type: 'latency', buckets, boundaries });
const gauge = (value: string): MetricSource => metricSource.parse({ type: 'gauge', value });

/** Series as text, each with its value before the window and in it; undefined where it does not exist yet. */
type Counted = readonly [series: string, before: number | string | undefined, after: number | string];
const labels = (cohort: string, more = '') => `flag="free-delivery",cohort="${cohort}"${more}`;
const on = (more = '') => labels('on', more);
const off = (more = '') => labels('off', more);

const ofOne: readonly Counted[] = [
  [`orders_total{${on()}}`, 100, 107],
  [`orders_total{${off(',env="production"')}}`, 1000, 1050],
  [`orders_total{flag="other",cohort="on"}`, 5, 500],
  [`orders_failed_total{${on()}}`, undefined, 2],
  [`resets_total{${on()}}`, 900, 40],
  [`resets_total{${off()}}`, 9000, 400],
  [`resets_failed_total{${on()}}`, 30, 4],
  [`resets_failed_total{${off()}}`, 2, 7],
  [`unlabelled_total{flag="free-delivery"}`, 10, 20],
  [`misnamed_total{flag="free-delivery",cohort="enabled"}`, 10, 20],
  [`misnamed_total{flag="free-delivery",cohort="disabled"}`, 10, 20],
  ['flagless_total{route="order"}', 10, 20],
  [`unexposed_total{${off()}}`, 10, 20],
  [`everybody_total{${on()}}`, 10, 20],
  [`still_total{${on()}}`, 10, 10],
  [`still_total{${off()}}`, 10, 10],
  [`quiet_total{${on()}}`, 10, 10],
  [`quiet_total{${off()}}`, 10, 12],
  [`odd_total{${on()}}`, 1, 'NaN'],
  [`odd_total{${off()}}`, 1, 2],
  [`negative_total{${on()}}`, 1, -2],
  [`negative_total{${off()}}`, 1, 2],
  [`seconds_total{${on()}}`, 1, 2.5],
  [`seconds_total{${off()}}`, 1, 2],
  [`endless_total{${on()}}`, 1, '+Inf'],
  [`endless_total{${off()}}`, 1, 2],
  [`backwards_failed_total{${on()}}`, 0, 20],
  [`took_seconds_bucket{${on(',le="0.10"')}}`, 0, 4],
  [`took_seconds_bucket{${on(',le="5e-1"')}}`, 0, 9],
  [`took_seconds_bucket{${on(',le="+Inf"')}}`, 0, 10],
  [`took_seconds_bucket{${off(',le="0.10"')}}`, 0, 60],
  [`took_seconds_bucket{${off(',le="5e-1"')}}`, 0, 90],
  [`took_seconds_bucket{${off(',le="+Inf"')}}`, 0, 100],
  [`queue_length{${on()}}`, 1, 7.5],
  [`queue_length{${off()}}`, 1, -3],
  [`broken_length{${on()}}`, 1, 'NaN'],
  [`broken_length{${off()}}`, 1, 3],
  [`flag_first_exposure_total{${on()}}`, undefined, 3],
  [`flag_first_exposure_total{${off()}}`, 10, 40],
  [`flag_first_exposure_total{${off(',environment="staging"')}}`, 10, 90],
];
const ofOther: readonly Counted[] = [
  [`orders_total{${on()}}`, undefined, 3],
  [`orders_total{${off()}}`, 500, 530],
  [`orders_failed_total{${off()}}`, undefined, 5],
  [`queue_length{${on()}}`, 1, 2.5],
];

const stratum = (exposed: readonly [number, number], control: readonly [number, number]) => ({
  exposed: { n: exposed[0], bad: exposed[1] },
  control: { n: control[0], bad: control[1] },
});
const counts = (...strata: readonly ReturnType<typeof stratum>[]): Reading => ({ kind: 'counts', strata });
const noData = (because: RegExp) => ({ kind: 'no-data', because: expect.stringMatching(because) });

const readings: readonly [what: string, source: MetricSource, reading: object][] = [
  [
    'both processes together, with the first errors that ever were',
    events('orders_total', 'orders_failed_total'),
    counts(stratum([10, 2], [80, 5])),
  ],
  [
    'only what the selectors select',
    events('orders_total{env=~"$environment|"}', 'orders_failed_total{cohort!="off"}'),
    counts(stratum([10, 2], [80, 0])),
  ],
  [
    'a restart from zero on',
    events('resets_total', 'resets_failed_total'),
    counts(stratum([40, 4], [400, 5])),
  ],
  ['no errors ever as zero', events('orders_total'), counts(stratum([10, 0], [80, 0]))],
  ['nobody in a small cohort as zero', events('quiet_total'), counts(stratum([0, 0], [2, 0]))],
  [
    'a latency at each boundary, however the application writes it',
    latency([0.1, 0.5]),
    counts(stratum([10, 6], [100, 40]), stratum([10, 1], [100, 10])),
  ],
  [
    'a gauge as the mean of its newest values',
    gauge('queue_length'),
    { kind: 'gauge', exposed: 5, control: -3 },
  ],
  ['a gauge of nothing as no data', gauge('broken_length'), noData(/^broken_length\{.*\} holds NaN, which/)],
  [
    'no such metric as no data',
    events('nowhere_total'),
    noData(/^Prometheus has no series .*"nowhere_total"/),
  ],
  [
    'no flag as no data',
    events('flagless_total'),
    noData(/has 1 series, and none with flag="free-delivery"/),
  ],
  ['no cohort as no data', events('unlabelled_total'), noData(/have no label "cohort"/)],
  [
    'other cohorts as no data',
    events('misnamed_total'),
    noData(/"cohort" of .* is "disabled", "enabled", and must be "on" or "off"/),
  ],
  [
    'nobody exposed yet as no data',
    events('unexposed_total'),
    noData(/no series with cohort="on": nobody was/),
  ],
  [
    'no control left as no data',
    events('everybody_total'),
    noData(/no series with cohort="off": nobody was/),
  ],
  ['traffic that stopped as no data', events('still_total'), noData(/^No traffic in either cohort since 20/)],
  ['NaN as no data', events('odd_total'), noData(/^odd_total\{.*\} holds NaN, which is no count/)],
  ['a negative count as no data', events('negative_total'), noData(/holds -2, which is no count/)],
  ['seconds as no data', events('seconds_total'), noData(/holds 2\.5, which is no count/)],
  ['infinity as no data', events('endless_total'), noData(/holds Infinity, which is no count/)],
  [
    'more bad events than events as no data',
    events('orders_total', 'backwards_failed_total'),
    noData(/more bad events \(20\) than events \(10\)/),
  ],
];

for (const { kind, start, present } of kinds) {
  // Prometheus is a system package; `npm run setup` says how to install it.
  describe.skipIf(!present)(`counting with ${kind}`, () => {
    let directory: string;
    let prometheus: Prometheus;
    let one: Application;
    let other: Application;
    let late: Application;
    let metrics: Metrics;
    let window: { from: string; to: string };
    const read = (source: MetricSource, at = window) =>
      metrics.read({ ...names, ...at, source, compareWith: 'cohort' });
    const bothSeen = () => Promise.all([one.seen(), other.seen()]);
    /** Now, after that many scrapes of both: the one under way may still have the values of before. */
    const mark = async (scrapes = 1) => {
      for (let count = 0; count < scrapes; count += 1) await bothSeen();
      return new Date().toISOString();
    };

    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'prometheus-'));
      [one, other, late] = await Promise.all([startApplication(), startApplication(), startApplication()]);
      await late.stop();
      one.setAll(ofOne.map(([series, before]) => [series, before]));
      other.setAll(ofOther.map(([series, before]) => [series, before]));
      const targets = [one.url, other.url, late.url];
      prometheus = await start({ targets, scrapeMs: 50, directory });
      metrics = createPrometheus({ url: prometheus.url, now: () => new Date() });
      const from = await mark();
      one.setAll(ofOne.map(([series, , after]) => [series, after]));
      other.setAll(ofOther.map(([series, , after]) => [series, after]));
      window = { from, to: await mark(5) };
    }, 60_000);
    afterAll(async () => {
      await prometheus.stop();
      await Promise.all([one.stop(), other.stop(), late.stop()]);
      await rm(directory, { recursive: true, force: true });
    });

    it.each(readings)('counts %s', async (_, source, reading) => {
      expect(await read(source)).toEqual(reading);
    });

    it('refuses a boundary that does not exist, and names those that do', async () => {
      await expect(read(latency([0.1, 0.3]))).rejects.toThrow(
        'The histogram has no boundary 0.3. It has 0.1, 0.5: write some of these into the rollout settings.',
      );
      await expect(read(latency([0.1], 'orders_total'))).rejects.toThrow('has no boundaries (label "le")');
    });

    it('counts the users first seen in each cohort of the environment', async () => {
      const { flag, environment } = names;
      expect(await metrics.units({ flag, environment, ...window })).toEqual({ exposed: 3, control: 30 });
      expect(await metrics.units({ flag: 'unknown', environment, ...window })).toBeUndefined();
    });

    it('says what Prometheus says of a selector it refuses', async () => {
      const source = events('{__name__=~".*"}');
      await expect(metrics.read({ ...names, ...window, source, compareWith: 'history' })).rejects.toThrow(
        /^Prometheus refuses the query `\{__name__=~"\.\*"\}\[\d+ms\]`: .*at least one non-empty matcher/,
      );
    });

    it('tiles: what two windows count is what both together count', async () => {
      const series = `tiles_total{${on()}}`;
      one.values.set(series, 1).set(`tiles_total{${off()}}`, 1);
      const times = [await mark()];
      for (const value of [4, 9, 2, 30]) {
        one.values.set(series, value);
        times.push(new Date().toISOString(), await mark());
      }
      const between = async (from = '', to = '') => {
        const seen = await read(events('tiles_total'), { from, to });
        return seen.kind === 'counts' ? (seen.strata[0]?.exposed.n ?? 0) : 0;
      };
      const parts = [];
      for (const [index, to] of times.slice(1).entries()) parts.push(await between(times[index], to));
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(38);
      expect(await between(times[0], times.at(-1))).toBe(38);
    });

    it('begins with the first sample of a process that was not there before', async () => {
      late.values.set(`grown_total{${on()}}`, 700).set(`grown_total{${off()}}`, 7000);
      one.values.set(`grown_total{${on()}}`, 1).set(`grown_total{${off()}}`, 1);
      const from = await mark();
      await late.start();
      await late.seen();
      late.values.set(`grown_total{${on()}}`, 702).set(`grown_total{${off()}}`, 7030);
      await late.seen();
      const to = await mark();
      expect(await read(events('grown_total'), { from, to })).toEqual(counts(stratum([2, 0], [30, 0])));
    });

    it('compares the halves before anybody is exposed', async () => {
      const half = (number: number) => `tries_total{${off(`,half="${number}"`)}}`;
      const failed = (number: number) => `tries_failed_total{${off(`,half="${number}"`)}}`;
      for (let round = 0; round < 12; round++) {
        one.values.set(half(1), round * 50).set(half(2), round * 60);
        one.values.set(failed(1), round * 5).set(failed(2), round * 6);
        await one.seen();
      }
      const source = events('tries_total', 'tries_failed_total');
      const found = await metrics.preflight({ ...names, source, to: await mark() });
      expect(found.halves.length).toBeGreaterThan(0);
      const [first, second] = (['exposed', 'control'] as const).map((side) =>
        found.halves.reduce((sum, stratum) => sum + stratum[side].n, 0),
      );
      expect((first ?? 0) / (second ?? 0)).toBeCloseTo(50 / 60, 1);
      expect(found.badShare).toBeCloseTo(0.1, 5);
      expect(found.perMinute).toBeGreaterThan(100);
    });

    it('does not count while targets are silent', async () => {
      const from = await mark();
      one.values.set(`orders_total{${on()}}`, 200);
      await other.stop();
      await one.seen();
      await one.seen();
      expect(await read(events('orders_total'), { from, to: new Date().toISOString() })).toEqual(
        noData(/^2 of 3 targets answer: the others fell silent/),
      );
      await other.start();
      await bothSeen();
    });

    // What the stand-in stored lives in the process that goes on scraping, so it has no restart to survive.
    if (start === runPrometheus)
      it('counts across a restart of Prometheus', async () => {
        const from = await mark();
        await prometheus.restart();
        one.values.set(`orders_total{${on()}}`, 211).set(`orders_total{${off()}}`, 2000);
        other.values.set(`orders_total{${off()}}`, 531);
        const to = await mark(5);
        // A connection of before the restart may end only when it is used.
        await expect
          .poll(() => read(events('orders_total', 'orders_failed_total'), { from, to }), { timeout: 5000 })
          .toEqual({ kind: 'counts', strata: [{ exposed: { n: 11, bad: 0 }, control: expect.anything() }] });
      });

    it('tells old samples from none, and asks again when Prometheus is gone', async () => {
      const to = new Date(Date.now() + 60_000).toISOString();
      const from = new Date(Date.now() + 50_000).toISOString();
      expect(await read(events('orders_total'), { from, to })).toMatchObject({ kind: 'no-data' });
      await prometheus.crash();
      await expect(read(events('orders_total'))).rejects.toThrow(
        /^Prometheus at http:\/\/127\.0\.0\.1:\d+ cannot be reached/,
      );
    });
  });
}

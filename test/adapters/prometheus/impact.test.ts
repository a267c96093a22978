import { InMemStorageProvider, Unleash as Sdk } from 'unleash-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startUnleash, type Unleash } from '../../../playground/unleash/server.ts';
import { createPrometheus } from '../../../src/adapters/prometheus.ts';
import { type MetricSource, metricSource } from '../../../src/domain/rollout/settings.ts';
import { TryAgain } from '../../../src/errors.ts';
import { freshDatabase } from '../../setup/database.ts';

const flag = 'free-delivery';
const names = { flag, environment: 'production' };
const orders = metricSource.parse({
  type: 'events',
  provider: 'unleash',
  total: 'orders{appName="shop"}',
  bad: 'orders_failed{appName="shop"}',
});
const latency = metricSource.parse({
  type: 'latency',
  provider: 'unleash',
  buckets: 'order_seconds_bucket',
  boundaries: [0.1, 0.5],
});

describe('the impact metrics of a real Unleash', () => {
  let unleash: Unleash;
  let sdk: Sdk;
  let drop: () => Promise<void>;
  const exposed: string[] = [];
  const control: string[] = [];
  beforeAll(async () => {
    const database = await freshDatabase();
    drop = database.drop;
    unleash = await startUnleash({ databaseUrl: database.url });
    const features = '/api/admin/projects/default/features';
    await unleash.admin('POST', features, { name: flag, type: 'release' });
    await unleash.admin('POST', `${features}/${flag}/environments/production/strategies`, {
      name: 'flexibleRollout',
      parameters: { rollout: '50', stickiness: 'userId', groupId: flag },
    });
    await unleash.admin('POST', `${features}/${flag}/environments/production/on`, {});
    sdk = new Sdk({
      appName: 'shop',
      url: `${unleash.url}/api`,
      customHeaders: { Authorization: unleash.clientTokens.production ?? '' },
      refreshInterval: 100,
      metricsInterval: 3_600_000,
      storageProvider: new InMemStorageProvider(),
    });
    // It complains while the server is away.
    sdk.on('error', () => undefined);
    await vi.waitUntil(() => sdk.isEnabled(flag, { userId: 'u3' }) || sdk.isEnabled(flag, { userId: 'u1' }), {
      timeout: 20_000,
    });
    for (let user = 0; exposed.length < 1 || control.length < 1; user++)
      (sdk.isEnabled(flag, { userId: `u${user}` }) ? exposed : control).push(`u${user}`);
    sdk.impactMetrics.defineCounter('orders', 'Orders.');
    sdk.impactMetrics.defineCounter('orders_failed', 'Orders that failed.');
    sdk.impactMetrics.defineHistogram('order_seconds', 'How long orders take.', [0.1, 0.5]);
  }, 90_000);
  afterAll(async () => {
    sdk.destroy();
    await unleash.stop();
    await drop();
  });

  const on = () => ({ flagNames: [flag], context: { userId: exposed[0] ?? '' } });
  const off = () => ({ flagNames: [flag], context: { userId: control[0] ?? '' } });
  const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 12, 0, second)).toISOString();
  const doorTo = (unleashUrl?: string) =>
    createPrometheus({
      url: 'http://127.0.0.1:1',
      now: () => new Date(),
      ...(unleashUrl !== undefined && { unleashUrl }),
    });
  const reader =
    (metrics = doorTo(unleash.url)) =>
    (source: MetricSource, from: number, to: number) =>
      metrics.read({ ...names, source, compareWith: 'cohort', from: at(from), to: at(to) });
  const stratum = (exposed: [n: number, bad: number], control: [n: number, bad: number]) => ({
    exposed: { n: exposed[0], bad: exposed[1] },
    control: { n: control[0], bad: control[1] },
  });
  const noData = (because: RegExp) => ({ kind: 'no-data', because: expect.stringMatching(because) });

  it('are counted between two looks', async () => {
    const read = reader();
    expect(await read(orders, -10, 0)).toEqual(noData(/^Unleash has no impact metric .*"orders"/));
    sdk.impactMetrics.incrementCounter('orders', 100, off());
    sdk.impactMetrics.incrementCounter('orders', 10, on());
    await sdk.flushMetrics();
    const first = { kind: 'counts', strata: [stratum([10, 0], [100, 0])] };
    expect(await read(orders, 0, 10)).toEqual(first);
    expect(await read(latency, 0, 10)).toMatchObject({ kind: 'no-data' });

    sdk.impactMetrics.incrementCounter('orders', 7, on());
    sdk.impactMetrics.incrementCounter('orders_failed', 3, on());
    sdk.impactMetrics.observeHistogram('order_seconds', 0.05, on());
    sdk.impactMetrics.observeHistogram('order_seconds', 0.3, on());
    sdk.impactMetrics.observeHistogram('order_seconds', 2, off());
    await sdk.flushMetrics();
    const second = { kind: 'counts', strata: [stratum([7, 3], [0, 0])] };
    expect(await read(orders, 10, 20)).toEqual(second);
    expect(await read(latency, 10, 20)).toEqual({
      kind: 'counts',
      strata: [stratum([2, 1], [1, 1]), stratum([2, 0], [1, 1])],
    });
    expect(await read(orders, 20, 30)).toEqual(noData(/^No traffic in either cohort since/));
    // A step that is done again sees what it saw.
    expect(await read(orders, 10, 20)).toEqual(second);
  });

  it('are not counted across looks that were missed', async () => {
    const read = reader();
    expect(await read(orders, -10, 0)).toEqual(noData(/were not looked at when this window began/));
    expect(await read(orders, 40, 50)).toEqual(noData(/were not looked at when this window began/));
  });

  it('begin anew when another flag joins them, and when Unleash is started again', async () => {
    const read = reader();
    await read(orders, -10, 0);
    sdk.impactMetrics.incrementCounter('orders', 4, { ...on(), flagNames: [flag, 'other'] });
    sdk.impactMetrics.incrementCounter('orders', 6, off());
    await sdk.flushMetrics();
    expect(await read(orders, 0, 10)).toEqual({ kind: 'counts', strata: [stratum([4, 0], [6, 0])] });
    await unleash.crash();
    await expect(read(orders, 10, 20)).rejects.toBeInstanceOf(TryAgain);
    await unleash.recover();
    sdk.impactMetrics.incrementCounter('orders', 2, on());
    sdk.impactMetrics.incrementCounter('orders', 5, off());
    await sdk.flushMetrics();
    expect(await read(orders, 10, 20)).toEqual({ kind: 'counts', strata: [stratum([2, 0], [5, 0])] });
  }, 60_000);

  it('tell the share of bad ones before the start, and the traffic from the second look on', async () => {
    const metrics = doorTo(unleash.url);
    const bad = { ...orders, bad: 'orders{free_delivery="enabled"}' };
    const look = (second: number) => metrics.preflight({ ...names, source: bad, to: at(second) });
    expect(await look(0)).toEqual({ halves: [], perMinute: 0, badShare: 2 / 7 });
    sdk.impactMetrics.incrementCounter('orders', 7, off());
    await sdk.flushMetrics();
    expect(await look(30)).toEqual({ halves: [], perMinute: 14, badShare: 2 / 14 });
  });

  it('are refused where they cannot be had', async () => {
    await expect(reader(doorTo())(orders, 0, 10)).rejects.toThrow(
      'The rollout settings name the provider "unleash", and UNLEASH_URL is not set.',
    );
    await expect(reader(doorTo(`${unleash.url}/elsewhere`))(orders, 0, 10)).rejects.toThrow(
      /has no impact metrics \(\d+\)\. They need version 8\.2/,
    );
    const history = { ...names, source: orders, compareWith: 'history', from: at(0), to: at(10) } as const;
    await expect(doorTo(unleash.url).read(history)).rejects.toThrow(
      'Impact metrics have no gauges and no history.',
    );
  });
});

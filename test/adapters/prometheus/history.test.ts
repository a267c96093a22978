import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runPrometheus } from '../../../playground/prometheus/real.ts';
import { hasPrometheus, type Prometheus } from '../../../playground/prometheus/start.ts';
import { createPrometheus } from '../../../src/adapters/prometheus.ts';
import { metricSource } from '../../../src/domain/rollout/settings.ts';
import { type Application, startApplication } from './application.ts';

const run = promisify(execFile);
const hour = 3600;
const week = 168 * hour;
const names = { flag: 'free-delivery', environment: 'production', compareWith: 'history' } as const;
const source = metricSource.parse({ type: 'events', total: 'orders_total', bad: 'orders_failed_total' });

/** Three past weeks of a process that counted, a minute apart around this hour; in the second week it restarts. */
function pastWeeks(thisHour: number): string {
  const samples: Record<'orders_total' | 'orders_failed_total', string[]> = {
    orders_total: [],
    orders_failed_total: [],
  };
  for (let back = 3; back >= 1; back--) {
    const start = thisHour - back * week;
    for (let minute = -30; minute <= 90; minute++) {
      const at = start + minute * 60;
      const counted = back === 2 && minute > 30 ? minute - 30 : minute + 30;
      const labels = '{job="shop",instance="old"}';
      samples.orders_total.push(`orders_total${labels} ${counted * 10} ${at}`);
      samples.orders_failed_total.push(`orders_failed_total${labels} ${counted * back} ${at}`);
    }
  }
  const family = (name: 'orders_total' | 'orders_failed_total') =>
    `# TYPE ${name.replace('_total', '')} counter\n${samples[name].join('\n')}\n`;
  return `${family('orders_total')}${family('orders_failed_total')}# EOF\n`;
}

// Prometheus is a system package; `npm run setup` says how to install it.
describe.skipIf(!hasPrometheus())('the same hour of past weeks', () => {
  let directory: string;
  let prometheus: Prometheus;
  let application: Application;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'history-'));
    const file = join(directory, 'past.txt');
    const thisHour = Math.floor(Date.now() / (hour * 1000)) * hour;
    await writeFile(file, pastWeeks(thisHour));
    await run('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', file, join(directory, 'data')]);
    application = await startApplication();
    prometheus = await runPrometheus({ targets: [application.url], scrapeMs: 50, directory });
  }, 60_000);
  afterAll(async () => {
    await prometheus.stop();
    await application.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('is counted without flag and cohort, beside the counts of now, and read once', async () => {
    const metrics = createPrometheus({ url: prometheus.url, now: () => new Date() });
    application.setAll([
      ['orders_total{route="a"}', 100],
      ['orders_total{route="b"}', 50],
    ]);
    await application.seen();
    const from = new Date().toISOString();
    application.setAll([
      ['orders_total{route="a"}', 130],
      ['orders_total{route="b"}', 55],
      ['orders_failed_total', 4],
    ]);
    await application.seen();
    const to = new Date().toISOString();
    expect(await metrics.read({ ...names, source, from, to })).toEqual({
      kind: 'historic',
      now: { n: 35, bad: 4 },
      past: [
        { n: 600, bad: 60 },
        { n: 600, bad: 120 },
        { n: 600, bad: 180 },
      ],
    });
  });

  it('needs something to compare with, and counts', async () => {
    const metrics = createPrometheus({ url: prometheus.url, now: () => new Date() });
    application.setAll([['visits_total', 1]]);
    await application.seen();
    const from = new Date().toISOString();
    application.setAll([['visits_total', 9]]);
    await application.seen();
    const window = { from, to: new Date().toISOString() };
    const visits = metricSource.parse({ type: 'events', total: 'visits_total', bad: 'failures_total' });
    expect(await metrics.read({ ...names, ...window, source: visits })).toEqual({
      kind: 'no-data',
      because: 'Prometheus has nothing of this hour in past weeks to compare with.',
    });
    const gauge = metricSource.parse({ type: 'gauge', value: 'queue_length' });
    await expect(metrics.read({ ...names, ...window, source: gauge })).rejects.toThrow(
      'A gauge cannot be compared with history.',
    );
  });
});

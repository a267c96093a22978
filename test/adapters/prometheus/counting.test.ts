import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runPrometheus } from '../../../playground/prometheus/real.ts';
import { standInForPrometheus } from '../../../playground/prometheus/stand-in.ts';
import { hasPrometheus, type Prometheus } from '../../../playground/prometheus/start.ts';
import { createPrometheus } from '../../../src/adapters/prometheus.ts';
import type { MetricSource } from '../../../src/domain/rollout/settings.ts';
import type { Metrics } from '../../../src/ports.ts';
import { type Application, counters, startApplication } from './application.ts';

const kinds = [
  { kind: 'the real Prometheus', start: runPrometheus, present: hasPrometheus() },
  { kind: 'the stand-in of the playground', start: standInForPrometheus, present: true },
];

const about = { flag: 'free-delivery', environment: 'production', compareWith: 'cohort' } as const;
const events = (total: string, bad: string): MetricSource => ({
  type: 'events',
  provider: 'prometheus',
  total,
  bad,
});

for (const { kind, start, present } of kinds) {
  describe.skipIf(!present)(`counting with ${kind}`, () => {
    let directory: string;
    let prometheus: Prometheus;
    let one: Application;
    let other: Application;
    let metrics: Metrics;
    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'prometheus-'));
      [one, other] = await Promise.all([startApplication(), startApplication()]);
      prometheus = await start({ targets: [one.url, other.url], scrapeMs: 100, directory });
      metrics = createPrometheus({ url: prometheus.url, now: () => new Date() });
      await one.seen();
      await other.seen();
    }, 60_000);
    afterAll(async () => {
      await prometheus.stop();
      await Promise.all([one.stop(), other.stop()]);
      await rm(directory, { recursive: true, force: true });
    });

    it('counts what was counted, and the first errors that ever were', async () => {
      const total = counters('orders_total');
      const bad = counters('orders_failed_total');
      one.values.set(total.on, 100).set(total.off, 1000);
      other.values.set(total.off, 500);
      await other.seen();
      const from = await one.mark();
      one.values.set(total.on, 107).set(total.off, 1050).set(bad.on, 2);
      other.values.set(total.off, 530).set(total.on, 3).set(bad.off, 5);
      await other.seen();
      const to = await one.mark();
      const source = events('orders_total', 'orders_failed_total{flag=~"$flag"}');
      expect(await metrics.read({ ...about, source, from, to })).toEqual({
        kind: 'counts',
        strata: [{ exposed: { n: 10, bad: 2 }, control: { n: 80, bad: 5 } }],
      });
    });
  });
}

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { makeMetrics } from '../src/http/metrics.ts';
import { makeServer } from '../src/http/server.ts';
import { openShop } from '../src/shop.ts';

const half = /half="[12]",/g;

describe('metrics', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  it('count a request under what its flags said', () => {
    const metrics = makeMetrics();
    for (const user of ['ana', 'ben', 'ana']) {
      const { features, answered } = metrics.watch({ isOn: () => user === 'ana' }, user);
      features.isOn('gift-wrap');
      answered('order', user === 'ana' ? 201 : 409);
    }
    const lines = metrics.text().replaceAll(half, '').split('\n');
    expect(lines).toContain('flag_first_exposure_total{flag="gift-wrap",cohort="on"} 1');
    expect(lines).toContain('flag_first_exposure_total{flag="gift-wrap",cohort="off"} 1');
    expect(lines).toContain(
      'http_requests_total{flag="gift-wrap",cohort="on",route="order",status="201"} 2',
    );
    expect(lines).toContain(
      'http_requests_total{flag="gift-wrap",cohort="off",route="order",status="409"} 1',
    );
    expect(lines).toContain(
      'http_request_duration_seconds_bucket{flag="gift-wrap",cohort="on",route="order",le="+Inf"} 2',
    );
  });

  it('leave out what asked no flag, and keep users in one half', () => {
    const metrics = makeMetrics();
    metrics.watch({ isOn: () => true }, 'ana').answered('products', 200);
    expect(metrics.text()).toBe('');
    for (let i = 0; i < 200; i++) {
      const { features, answered } = metrics.watch({ isOn: () => false }, `user ${i % 20}`);
      features.isOn('gift-wrap');
      answered('order', 201);
    }
    const counted = [...metrics.text().matchAll(/^http_requests_total.*half="([12])".* (\d+)$/gm)];
    expect(counted.map(([, name]) => name)).toEqual(['1', '2']);
    for (const [, , count] of counted) expect(Number(count) % 10).toBe(0);
  });

  it('are served with what each customer was given', async () => {
    server = makeServer(openShop(), (customer) => ({ isOn: () => customer === 'ana' }));
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await fetch(`${base}/carts`, { method: 'POST', headers: { 'x-user-id': 'ana' } });
    await fetch(`${base}/carts`, { method: 'POST', headers: { 'x-user-id': 'ben' } });
    await fetch(`${base}/carts/nowhere/order?now`, { method: 'POST' });
    const text = (await (await fetch(`${base}/metrics`)).text()).replaceAll(half, '');
    for (const cohort of ['on', 'off'])
      expect(text).toContain(
        `http_requests_total{flag="gift-wrap",cohort="${cohort}",route="new-cart",status="201"} 1\n`,
      );
    expect(text).not.toContain('route="order"');
  });
});

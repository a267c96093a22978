import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createPrometheus } from '../../../src/adapters/prometheus.ts';
import { metricSource } from '../../../src/domain/rollout/settings.ts';
import { GiveUp, TryAgain } from '../../../src/errors.ts';

const request = {
  flag: 'free-delivery',
  environment: 'production',
  source: metricSource.parse({ type: 'events', total: 'orders_total', bad: 'orders_failed_total' }),
  compareWith: 'cohort',
} as const;

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

async function answering(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
}

function read(url: string, { now = () => new Date(), headers = {}, token = 'secret' } = {}) {
  const to = now();
  const from = new Date(to.getTime() - 30_000);
  return createPrometheus({ url, token, headers, now }).read({
    ...request,
    from: from.toISOString(),
    to: to.toISOString(),
  });
}

const nothing = { status: 'success', data: { resultType: 'matrix', result: [] } };
const problem = (errorType: string, error: string) => JSON.stringify({ status: 'error', errorType, error });

describe('Prometheus in trouble', () => {
  it.each([
    [401, 'Unauthorized', GiveUp, /refuses us \(401\)\. Check PROMETHEUS_TOKEN\./],
    [403, '', GiveUp, /refuses us \(403\)\. Check PROMETHEUS_TOKEN\./],
    [400, problem('bad_data', 'parse error: x'), GiveUp, /`\{__name__="orders_total",.*`: parse error: x/],
    [422, problem('execution', 'too many samples'), GiveUp, /too many samples/],
    [
      404,
      'page not found',
      GiveUp,
      /does not answer as Prometheus does \(status 404\)\. Check PROMETHEUS_URL/,
    ],
    [302, '', GiveUp, /does not answer as Prometheus does \(status 302\)/],
    [200, '<html>Sign in</html>', GiveUp, /does not answer as Prometheus does \(status 200\)/],
    [200, '{"status":"success","data":{}}', GiveUp, /does not answer as Prometheus does/],
    [429, '', TryAgain, /limits how often we may ask/],
    [500, 'oh', TryAgain, /is in trouble: status 500/],
    [502, '<html>', TryAgain, /is in trouble: status 502/],
    [503, problem('timeout', 'query timed out'), TryAgain, /is in trouble: query timed out/],
  ])('answers %i %s', async (status, body, kind, sentence) => {
    const url = await answering((_, response) => {
      response.writeHead(status, { location: 'https://elsewhere.example', 'retry-after': '7' }).end(body);
    });
    const error = await read(url).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(kind);
    expect(error).toHaveProperty('message', expect.stringMatching(sentence));
    if (status === 429) expect(error).toHaveProperty('afterMs', 7000);
  });

  it('says nothing for five seconds, or stalls in the middle of its answer', async () => {
    const url = await answering((incoming, response) => {
      if (incoming.url?.startsWith('/half/')) response.writeHead(200).write('{"status":"success",');
    });
    const tries = await Promise.allSettled([read(url), read(`${url}/half`)]);
    for (const one of tries)
      expect(one).toMatchObject({
        status: 'rejected',
        reason: expect.objectContaining({
          name: 'TryAgain',
          message: expect.stringMatching(/^Prometheus at .* did not answer within 5 seconds\.$/),
        }),
      });
  }, 10_000);

  it('breaks off its answer', async () => {
    const url = await answering((_, response) => {
      response.writeHead(200, { 'content-length': '500' }).write('{"status":"success",');
      setImmediate(() => response.destroy());
    });
    await expect(read(url)).rejects.toThrow(TryAgain);
  });

  it('warns that something may be missing', async () => {
    const url = await answering((_, response) => {
      response.end(JSON.stringify({ ...nothing, warnings: ['a store did not answer'] }));
    });
    expect(await read(url)).toEqual({
      kind: 'no-data',
      because: 'Prometheus answered with a warning, so something may be missing: a store did not answer',
    });
  });

  it.each([
    [31, 'a window behind', /^Our clock and that of Prometheus are 3\d s apart \(ours .*, theirs .*\)/],
    [-33, 'a window ahead', /^Our clock and that of Prometheus are 3\d s apart/],
    [20, 'less than a window apart', /^Prometheus has no series/],
    [-20, 'less than a window apart', /^Prometheus has no series/],
  ])('has a clock that is %i s off: %s', async (seconds, _, because) => {
    const url = await answering((_, response) => response.end(JSON.stringify(nothing)));
    const now = () => new Date(Date.now() + (seconds + Math.sign(seconds)) * 1000);
    expect(await read(url, { now })).toEqual({ kind: 'no-data', because: expect.stringMatching(because) });
  });

  it('is asked for the targets of every job that was found', async () => {
    const asked: (string | null)[] = [];
    const at = Date.now() / 1000;
    const series = (job: string, cohort: string) => ({
      metric: { __name__: 'orders_total', flag: 'free-delivery', cohort, job, instance: '1' },
      values: [
        [at - 40, '3'],
        [at - 1, '5'],
      ],
    });
    const result = [series('shop.eu', 'on'), series('shop.us', 'off')];
    const url = await answering((incoming, response) => {
      const query = new URL(incoming.url ?? '/', 'http://prometheus').searchParams.get('query');
      asked.push(query);
      const found = query?.includes('"orders_total"') ? result : [];
      response.end(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: found } }));
    });
    expect(await read(url)).toEqual({
      kind: 'counts',
      strata: [{ exposed: { n: 2, bad: 0 }, control: { n: 2, bad: 0 } }],
    });
    expect(asked[2]).toBe('{__name__="up",job=~"shop\\\\.eu|shop\\\\.us"}[60000ms]');
  });

  it('is asked again before a start, where it has no data to go by', async () => {
    const url = await answering((_, response) => response.end(JSON.stringify(nothing)));
    const { flag, environment, source } = request;
    const doorAt = (now: () => Date) => createPrometheus({ url, now });
    const to = new Date().toISOString();
    expect(await doorAt(() => new Date()).preflight({ flag, environment, source, to })).toEqual({
      halves: [],
      perMinute: 0,
      badShare: 0,
    });
    const ahead = doorAt(() => new Date(Date.now() + 90_000));
    const error = await ahead.preflight({ flag, environment, source, to }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TryAgain);
    expect(error).toHaveProperty('message', expect.stringMatching(/^Our clock and that of Prometheus/));
  });

  it('is asked for whole windows, with our token and headers', async () => {
    const asked: { query: string | null; time: string | null; headers: object }[] = [];
    const url = await answering((incoming, response) => {
      const { searchParams } = new URL(incoming.url ?? '/', 'http://prometheus');
      const { authorization, 'x-scope-orgid': tenant } = incoming.headers;
      asked.push({
        query: searchParams.get('query'),
        time: searchParams.get('time'),
        headers: { authorization, tenant },
      });
      response.end(JSON.stringify(nothing));
    });
    const at = Math.floor(Date.now() / 1000) * 1000;
    await read(`${url}/`, { now: () => new Date(at), headers: { 'X-Scope-OrgID': 'acme' } });
    expect(asked).toEqual([
      {
        query: '{__name__="orders_total",flag="free-delivery"}[60000ms]',
        time: (at / 1000).toFixed(3),
        headers: { authorization: 'Bearer secret', tenant: 'acme' },
      },
      {
        query: 'count({__name__="orders_total"})',
        time: (at / 1000).toFixed(3),
        headers: { authorization: 'Bearer secret', tenant: 'acme' },
      },
    ]);
  });
});

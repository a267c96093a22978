import { once } from 'node:events';
import { InMemStorageProvider, Unleash } from 'unleash-client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { bucket } from '../../../src/adapters/unleash/bucket.ts';
import { clientBody } from '../../../src/adapters/unleash/shapes.ts';
import { type House, inProduction, openHouse, wanted } from './house.ts';

let house: House;
/** An application's own SDK client, in its usual settings but for how often it asks. */
let sdk: Unleash;
beforeAll(async () => {
  house = await openHouse();
  sdk = sdkOf({ refreshInterval: 200 });
  await once(sdk, 'synchronized');
}, 60_000);
afterAll(async () => {
  sdk?.destroy();
  await house?.close();
});

const production = 'production';
const ids = Array.from({ length: 10_000 }, (_, index) => `person-${index}`);

function sdkOf(more: Partial<ConstructorParameters<typeof Unleash>[0]>): Unleash {
  const client = new Unleash({
    appName: 'shop',
    url: `${house.unleash.url}/api`,
    customHeaders: { Authorization: house.unleash.clientTokens.production ?? '' },
    storageProvider: new InMemStorageProvider(),
    disableMetrics: true,
    skipInstanceCountWarning: true,
    ...more,
  });
  client.on('error', () => undefined);
  return client;
}
/** Waits until the application has read the flag like this. */
async function sees(
  flag: string,
  like: (parameters: readonly Readonly<Record<string, unknown>>[]) => boolean,
) {
  const seen = () => {
    const { enabled = false, strategies = [] } = sdk.getFeatureToggleDefinition(flag) ?? {};
    return enabled && like(strategies.map((one) => one.parameters ?? {}));
  };
  await vi.waitUntil(seen, { timeout: 10_000, interval: 50 });
}
const on = (flag: string) => ids.filter((userId) => sdk.isEnabled(flag, { userId }, false));
async function ramped(flag: string, percent: number) {
  const place = inProduction(flag);
  const made = await house.flags.prepare(place, wanted);
  const change = { strategy: made.strategy, from: 0, to: percent };
  return (await house.flags.setPercent(place, change)).flag;
}

describe('the effective percentage, in four ways', () => {
  test.concurrent.each([0, 1, 5, 25, 50, 99, 100])('at %d percent', async (percent) => {
    const flag = `share-${percent}`;
    const sight = await ramped(flag, percent);
    // 1: what the server holds.
    expect(await house.ann.strategies(flag, production)).toMatchObject([
      { parameters: { rollout: `${percent}` } },
    ]);
    // 2: what clients are told.
    await vi.waitUntil(async () => (await toldPercent(flag)) === `${percent}`, { timeout: 10_000 });
    // 3: what our SDK says for made-up users, against the hash.
    const served = await house.flags.served(inProduction(flag), sight);
    expect(served).toMatchObject({ agrees: true });
    expect(served.because).toContain(`exactly those of the ${percent} % that the hash says`);
    // 4: distinct users of an application who get it, within four standard deviations.
    await sees(flag, ([one]) => one?.rollout === `${percent}`);
    const share = percent / 100;
    const spread = 4 * Math.sqrt((share * (1 - share)) / ids.length);
    expect(Math.abs(on(flag).length / ids.length - share)).toBeLessThanOrEqual(spread);
  });

  test("and the server's own evaluation agrees with the hash for each of 100 users", async () => {
    await ramped('oracle', 25);
    const some = ids.slice(0, 100);
    const { body } = await house.ann.ask('POST', '/api/admin/playground/advanced', {
      environments: [production],
      projects: ['default'],
      context: { userId: some.join(','), appName: 'shop' },
    });
    const answer = z
      .object({
        features: z.array(
          z.object({
            name: z.string(),
            environments: z.record(
              z.string(),
              z.array(z.object({ isEnabled: z.boolean(), context: z.object({ userId: z.string() }) })),
            ),
          }),
        ),
      })
      .parse(body);
    const verdicts = answer.features.find(({ name }) => name === 'oracle')?.environments[production] ?? [];
    expect(Object.fromEntries(verdicts.map(({ context, isEnabled }) => [context.userId, isEnabled]))).toEqual(
      Object.fromEntries(some.map((id) => [id, bucket(id, 'oracle') <= 25])),
    );
  });

  test('and a change is told under a new ETag', async () => {
    const { strategy } = await ramped('tagged', 5);
    await expect.poll(() => toldPercent('tagged'), { timeout: 10_000 }).toBe('5');
    const before = (await clientAnswer()).headers.get('etag') ?? '';
    expect((await clientAnswer(before)).status).toBe(304);
    await house.flags.setPercent(inProduction('tagged'), { strategy, from: 5, to: 25 });
    await expect.poll(() => toldPercent('tagged'), { timeout: 10_000 }).toBe('25');
    expect((await clientAnswer(before)).status).toBe(200);
  });

  async function toldPercent(flag: string): Promise<string | undefined> {
    const { features } = clientBody.parse(await (await clientAnswer()).json());
    return features.find(({ name }) => name === flag)?.strategies[0]?.parameters.rollout;
  }
  function clientAnswer(etag?: string): Promise<Response> {
    return fetch(new URL('/api/client/features', house.unleash.url), {
      headers: {
        authorization: house.unleash.clientTokens.production ?? '',
        ...(etag !== undefined && { 'if-none-match': etag }),
      },
    });
  }
});

describe('what SDKs make of what people set up', () => {
  test.concurrent('those who have it at 5 % keep it at 25 %', async () => {
    const { strategy } = await ramped('nested', 5);
    await sees('nested', ([one]) => one?.rollout === '5');
    const early = on('nested');
    await house.flags.setPercent(inProduction('nested'), { strategy, from: 5, to: 25 });
    await sees('nested', ([one]) => one?.rollout === '25');
    expect(early.length).toBeGreaterThan(400);
    expect(early.filter((userId) => !sdk.isEnabled('nested', { userId }, false))).toEqual([]);
  });

  test.concurrent('two strategies of 10 % in two groups give it to about 19 %', async () => {
    await house.ann.create('two');
    for (const groupId of ['a', 'b'])
      await house.ann.addStrategy('two', production, {
        parameters: { rollout: '10', stickiness: 'userId', groupId },
      });
    await house.ann.enable('two', production);
    await sees('two', (all) => all.length === 2);
    expect(on('two').length / ids.length).toBeCloseTo(0.19, 1);
    expect(on('two')).toEqual(ids.filter((id) => bucket(id, 'a') <= 10 || bucket(id, 'b') <= 10));
    await expect(house.flags.look(inProduction('two'))).rejects.toThrow(/2 enabled strategies/);
  });

  test.concurrent('another group deals all users anew', async () => {
    await ramped('dealt', 25);
    await sees('dealt', ([one]) => one?.groupId === 'dealt' && one.rollout === '25');
    const before = new Set(on('dealt'));
    await house.ann.patch('dealt', production, [{ op: 'replace', path: '/parameters/groupId', value: 'b' }]);
    await sees('dealt', ([one]) => one?.groupId === 'b');
    const kept = on('dealt').filter((id) => before.has(id)).length / before.size;
    expect(kept).toBeGreaterThan(0.15);
    expect(kept).toBeLessThan(0.35);
  });

  test.concurrent('random stickiness flips users between calls; userId without a userId is off', async () => {
    await house.ann.create('flips');
    await house.ann.addStrategy('flips', production, {
      parameters: { rollout: '20', stickiness: 'random', groupId: 'flips' },
    });
    await house.ann.enable('flips', production);
    await ramped('nameless', 99);
    await sees('flips', ([one]) => one?.rollout === '20');
    await sees('nameless', ([one]) => one?.rollout === '99');
    const again = new Set(on('flips'));
    const flipped = ids.filter((userId) => sdk.isEnabled('flips', { userId }, false) !== again.has(userId));
    expect(flipped.length / ids.length).toBeGreaterThan(0.2);
    expect(sdk.isEnabled('nameless', {}, false)).toBe(false);
  });

  test('a flag that is on without strategies is on for everybody', () => {
    const bare = sdkOf({
      refreshInterval: 0,
      bootstrap: {
        data: [
          {
            name: 'bare',
            enabled: true,
            strategies: [],
            type: 'release',
            stale: false,
            impressionData: false,
          },
        ],
      },
    });
    return once(bare, 'ready').then(() => {
      expect(bare.isEnabled('bare', { userId: 'anybody' }, false)).toBe(true);
      bare.destroy();
    });
  });
});

describe('served', () => {
  test.concurrent('is nobody after each of the two ways off', async () => {
    const sight = await ramped('nobody', 50);
    const place = inProduction('nobody');
    expect(await house.flags.served(place, sight)).toMatchObject({ agrees: true });
    await house.flags.off(place);
    const off = await house.flags.look(place);
    expect(await house.flags.served(place, off)).toMatchObject({ percent: 0, agrees: true });
    await house.flags.setPercent(place, { strategy: off.strategy, from: 50, to: 0 });
    await house.flags.on(place);
    const gone = { enabled: false, percent: 0, strategy: '', stickiness: 'userId' };
    expect(await house.flags.served(place, gone)).toMatchObject({ percent: 0, agrees: true });
  });

  test.concurrent.each(['userId', 'default', 'sessionId', 'tenant'])(
    'deals by the stickiness %s',
    async (stickiness) => {
      const place = inProduction(`by-${stickiness}`);
      const { strategy } = await house.flags.prepare(place, { ...wanted, stickiness });
      const { flag } = await house.flags.setPercent(place, { strategy, from: 0, to: 25 });
      expect(await house.flags.served(place, flag)).toMatchObject({ agrees: true });
    },
  );

  test.concurrent('does not agree where a parent flag keeps it from users, and names the parent', async () => {
    await house.ann.create('parent');
    const sight = await ramped('child', 100);
    await house.ann.ask('POST', '/api/admin/projects/default/features/child/dependencies', {
      feature: 'parent',
    });
    await vi.waitUntil(() => sdk.getFeatureToggleDefinition('child')?.dependencies?.length === 1, {
      timeout: 10_000,
    });
    expect(await house.flags.served(inProduction('child'), sight)).toMatchObject({
      percent: 0,
      agrees: false,
      because: expect.stringContaining('It depends on parent.'),
    });
  });

  test('does not agree with a percentage that is not the one there, and says what clients get', async () => {
    const sight = await ramped('stale', 5);
    const served = await house.flags.served(inProduction('stale'), { ...sight, percent: 25 });
    expect(served).toMatchObject({
      agrees: false,
      because: expect.stringContaining('Clients have not got the newest change.'),
    });
    expect(served.percent).toBeGreaterThan(4);
    expect(served.percent).toBeLessThan(6);
  });
});

describe('the rehearsal', () => {
  test('tries both ways back, measures, and leaves the flag on at 0 %', async () => {
    const place = inProduction('rehearsed');
    const prepared = await house.flags.prepare(place, wanted);
    const { checks, offSeconds, flag } = await house.flags.rehearse(place, prepared);
    expect(checks.map(({ name, ok }) => [name, ok])).toEqual([
      ['our user', true],
      ['route 2: 0 %', true],
      ['clients', true],
      ['route 1: off', true],
      ['time until clients obey', true],
      ['on again', true],
    ]);
    expect(checks[0]?.detail).toBe('Unleash will show our changes as those of slipway@example.com.');
    expect(offSeconds).toBeGreaterThan(0);
    expect(flag).toEqual(prepared);
  });

  test.each([
    ['somebody is exposed', 5, false],
    ['it is off', 0, true],
  ] as const)('touches nothing when %s', async (_, percent, off) => {
    const place = inProduction(`untouched-${percent}`);
    await ramped(place.flag, percent);
    if (off) await house.flags.off(place);
    const before = await house.flags.look(place);
    const rehearsal = await house.flags.rehearse(place, before);
    expect(rehearsal).toEqual({
      checks: [expect.objectContaining({ name: 'nobody is exposed', ok: false })],
      flag: before,
    });
    expect(await house.flags.look(place)).toEqual(before);
  });
});

test('ramping names the flags that are on for somebody, but not for everybody', async () => {
  for (const [flag, percent] of [
    ['ramp-none', 0],
    ['ramp-some', 5],
    ['ramp-all', 100],
  ] as const)
    await ramped(flag, percent);
  await ramped('ramp-off', 25);
  await house.flags.off(inProduction('ramp-off'));
  await expect
    .poll(
      async () => (await house.flags.ramping(production)).filter(({ flag }) => flag.startsWith('ramp-')),
      { timeout: 10_000 },
    )
    .toEqual([{ project: 'default', flag: 'ramp-some' }]);
  expect(await house.flags.ramping('development')).toEqual([]);
});

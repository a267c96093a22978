import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { apiOf } from '../../../playground/unleash/api.ts';
import { createUnleash } from '../../../src/adapters/unleash.ts';
import { standBetween } from './between.ts';
import { type House, inProduction, openHouse, wanted } from './house.ts';

let house: House;
const open: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  house = await openHouse();
}, 60_000);
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
afterAll(() => house?.close());

function doorOf(token: string, url = house.unleash.url) {
  const flags = createUnleash({ ...house.unleash, url, token, refreshMs: 200 });
  open.push(flags);
  return flags;
}
async function between(decide: Parameters<typeof standBetween>[1]) {
  const proxy = await standBetween(house.unleash.url, decide);
  open.push(proxy);
  return doorOf(house.unleash.token, proxy.url);
}
async function ramped(flag: string, percent: number) {
  const place = inProduction(flag);
  const { strategy } = await house.flags.prepare(place, wanted);
  if (percent > 0) await house.flags.setPercent(place, { strategy, from: 0, to: percent });
  return { place, strategy };
}
const failed = (checks: readonly { name: string; ok: boolean; detail: string }[]) =>
  checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`);

describe('a token without the rights', () => {
  test('every write says which right is missing, and the rehearsal too', async () => {
    const { place, strategy } = await ramped('seen', 0);
    const exposed = await ramped('seen-exposed', 5);
    const viewer = await house.unleash.people.as('vera', 'viewer');
    const flags = doorOf(viewer.token);
    expect(await flags.look(place)).toMatchObject({ enabled: true, percent: 0 });
    for (const write of [
      () => flags.setPercent(place, { strategy, from: 0, to: 1 }),
      () => flags.off(exposed.place),
      () => flags.prepare(inProduction('unmade'), wanted),
    ])
      await expect(write()).rejects.toMatchObject({
        name: 'GiveUp',
        message: expect.stringMatching(
          /\(403\).*"(UPDATE|CREATE)_FEATURE(_\w+)?" permission.*Give the user of UNLEASH_TOKEN the rights listed/,
        ),
      });
    const { checks, offSeconds, flag } = await flags.rehearse(place, await flags.look(place));
    expect(failed(checks)).toEqual([
      expect.stringMatching(/^route 2: 0 %: Unleash forbids setting seen in production/),
      expect.stringMatching(/^route 1: off: Unleash forbids switching seen in production off/),
    ]);
    expect(offSeconds).toBeUndefined();
    expect(flag).toMatchObject({ enabled: true, percent: 0 });
  });

  test('one that is deleted in the middle is named with its setting', async () => {
    const { place } = await ramped('expiring', 5);
    const tom = await house.unleash.people.as('tom');
    const flags = doorOf(tom.token);
    expect(await flags.look(place)).toMatchObject({ percent: 5 });
    const client = new pg.Client({ connectionString: house.databaseUrl });
    await client.connect();
    await client.query('update personal_access_tokens set expires_at = now() where user_id = $1', [tom.id]);
    await client.end();
    for (const call of [
      () => flags.look(place),
      () => flags.off(place),
      () => flags.look(place, { since: new Date().toISOString() }),
    ])
      await expect(call()).rejects.toMatchObject({
        name: 'GiveUp',
        message: expect.stringContaining('it has expired or was deleted. Put a new one into UNLEASH_TOKEN.'),
      });
  });

  test('an SDK token that is deleted, or missing, is named with its setting', async () => {
    const { place } = await ramped('unseen', 5);
    const flags = createUnleash({
      ...house.unleash,
      clientTokens: { production: '*:production.0123456789' },
    });
    open.push(flags);
    const flag = await flags.look(place);
    await expect(flags.served(place, flag)).rejects.toThrow(
      /\(401\).*Put a new one into UNLEASH_CLIENT_TOKENS/,
    );
    await expect(flags.ramping('development')).rejects.toThrow(
      'There is no SDK token of the environment development',
    );
  });
});

test('change requests block both ways off for an editor: the rehearsal says so, and an admin token passes', async () => {
  const { place } = await ramped('guarded', 0);
  const exposed = await ramped('guarded-exposed', 5);
  const client = new pg.Client({ connectionString: house.databaseUrl });
  await client.connect();
  const require =
    "insert into change_request_settings (project, environment) values ('default', 'production')";
  try {
    await client.query(require);
    const { checks } = await house.flags.rehearse(place, await house.flags.look(place));
    expect(failed(checks)).toEqual([
      expect.stringMatching(
        /^route 2: 0 %: Unleash wants a change request .* permission SKIP_CHANGE_REQUEST/,
      ),
      expect.stringMatching(
        /^route 1: off: Unleash wants a change request .* permission SKIP_CHANGE_REQUEST/,
      ),
    ]);
    await expect(house.flags.off(exposed.place)).rejects.toMatchObject({
      name: 'GiveUp',
      message: expect.stringMatching(
        /^guarded-exposed in production is not off\. .*SKIP_CHANGE_REQUEST.* Setting 0 % instead/,
      ),
    });
    const admin = doorOf(house.unleash.adminToken);
    const rehearsal = await admin.rehearse(place, await admin.look(place));
    expect(failed(rehearsal.checks)).toEqual([]);
    expect(rehearsal.checks[0]?.detail).toMatch(/^Our token is an admin API token/);
    expect(await admin.off(exposed.place)).toEqual({ route: 'off' });
  } finally {
    await client.query('delete from change_request_settings');
    await client.end();
  }
});

describe('maintenance mode', () => {
  afterEach(() => house.unleash.maintenance(false));

  test('is found by the rehearsal', async () => {
    const { place, strategy } = await ramped('maintained-idle', 1);
    await house.flags.served(place, await house.flags.look(place));
    const { flag } = await house.flags.setPercent(place, { strategy, from: 1, to: 0 });
    await house.unleash.maintenance(true);
    const { checks } = await house.flags.rehearse(place, flag);
    expect(failed(checks)).toEqual([
      expect.stringMatching(/^route 1: off: Unleash takes no changes now \(503\) .* maintenance mode\./),
    ]);
    await expect(house.flags.prepare(inProduction('late'), wanted)).rejects.toMatchObject({
      name: 'TryAgain',
      message: expect.stringContaining('An administrator ends maintenance mode'),
    });
  });

  test('takes 0 % and tells no client, which counts as not off; it is off when maintenance ends', async () => {
    const { place } = await ramped('maintained', 100);
    await house.flags.served(place, await house.flags.look(place));
    await house.unleash.maintenance(true);
    await expect(house.flags.off(place)).rejects.toMatchObject({
      name: 'TryAgain',
      message: expect.stringMatching(/\(503\).* is at 0 %, and 4 s later clients have not been told/),
    });
    const flag = await house.flags.look(place);
    expect(flag).toMatchObject({ enabled: true, percent: 0 });
    await house.unleash.maintenance(false);
    expect(await house.flags.off(place)).toEqual({ route: 'off' });
    expect(await house.flags.served(place, flag)).toMatchObject({ percent: 0, agrees: true });
  });

  test('clients that cannot be asked do not keep it from going to 0 %', async () => {
    const { place } = await ramped('unasked', 25);
    const flags = await between(({ path }) =>
      path.endsWith('/off') || path === '/api/client/features' ? { status: 502, body: {} } : 'pass',
    );
    await expect(flags.off(place)).rejects.toMatchObject({ name: 'TryAgain' });
    expect(await house.flags.look(place)).toMatchObject({ percent: 0 });
  });

  test('when it takes nothing at all, both reasons are said and it is worth another try', async () => {
    const { place } = await ramped('closed', 25);
    const busy = { status: 503, body: { message: 'Unleash is currently in maintenance mode.' } };
    const flags = await between(({ method }) => (method === 'GET' ? 'pass' : busy));
    await expect(flags.off(place)).rejects.toMatchObject({
      name: 'TryAgain',
      message: expect.stringMatching(/is not off\. .*503.*Setting 0 % instead did not work either: .*503/),
    });
  });
});

describe('a server that is not itself', () => {
  test('down and back: every call says so, and works again by itself', async () => {
    const { place, strategy } = await ramped('down', 5);
    const flag = await house.flags.look(place);
    expect(await house.flags.served(place, flag)).toMatchObject({ agrees: true });
    await house.unleash.crash();
    for (const call of [
      () => house.flags.look(place),
      () => house.flags.off(place),
      () => house.flags.setPercent(place, { strategy, from: 5, to: 25 }),
      () => house.flags.served(place, flag),
      () => house.flags.ramping('production'),
    ])
      await expect(call()).rejects.toMatchObject({
        name: 'TryAgain',
        message: expect.stringMatching(/cannot be reached .*ECONNREFUSED.* is UNLEASH_URL right\?/),
      });
    await house.unleash.recover();
    expect(await house.flags.look(place)).toEqual(flag);
    expect(await house.flags.served(place, flag)).toMatchObject({ agrees: true });
  }, 60_000);

  test('answers that are none of Unleash, and limits', async () => {
    const strange = await between(() => ({ status: 200, body: '<html>' }));
    await expect(strange.look(inProduction('any'))).rejects.toMatchObject({
      name: 'GiveUp',
      message: expect.stringContaining('Does UNLEASH_URL name an Unleash server'),
    });
    const limited = await between(() => ({ status: 429, body: {} }));
    await expect(limited.look(inProduction('any'))).rejects.toMatchObject({ name: 'TryAgain' });
  });

  test('an SDK that was refused once and stopped asking is started again', async () => {
    const { place } = await ramped('stopped', 5);
    let asked = 0;
    const flags = await between(({ path }) => {
      if (path !== '/api/client/features') return 'pass';
      asked += 1;
      // The first is our own look; the second is the SDK's.
      return asked === 2 ? { status: 401, body: {} } : 'pass';
    });
    expect(await flags.served(place, await flags.look(place))).toMatchObject({ agrees: true });
  });
});

test('the server counts for the impact metrics, too', async () => {
  const metrics = await fetch(new URL('/internal-backstage/impact/metrics', house.unleash.url));
  expect(metrics.status).toBe(200);
  const nobody = apiOf(() => house.unleash.url, '');
  expect((await nobody('GET', '/api/admin/projects')).status).toBe(401);
});

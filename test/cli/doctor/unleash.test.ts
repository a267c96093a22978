import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startUnleash, type Unleash } from '../../../playground/unleash/server.ts';
import { checkUnleash } from '../../../src/cli/doctor/unleash.ts';
import { freshDatabase } from '../../setup/database.ts';
import { listen } from './far-end.ts';
import { linesOf } from './lines.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let unleash: Unleash;
beforeAll(async () => {
  database = await freshDatabase();
  unleash = await startUnleash({ databaseUrl: database.url });
}, 60_000);
afterAll(async () => {
  await unleash?.stop();
  await database?.drop();
});

type Settings = Parameters<typeof checkUnleash>[0];
const check = async (overrides: Partial<Settings> = {}) =>
  linesOf(
    await checkUnleash({
      url: unleash.url,
      token: unleash.token,
      clientTokens: { production: unleash.clientTokens.production ?? '' },
      project: 'default',
      environments: ['production'],
      ...overrides,
    }),
  );

describe('a real Unleash', () => {
  test('with everything in place', async () => {
    expect(await check()).toEqual([
      expect.stringMatching(/^ok Unleash: version 8\.\d+\.\d+ at http:\/\/127\.0\.0\.1:\d+$/),
      'ok Unleash token: acts as slipway, who may change strategies and toggle in production',
      'ok Unleash environment production: exists',
      'ok SDK token of production: Unleash shows it the flags',
    ]);
  });

  test('an admin API token works, and what speaks against it is said', async () => {
    expect(await check({ token: unleash.adminToken })).toContainEqual(
      'ok Unleash token: is an admin API token (admin): changes by other admin tokens will not be told from ours. Better is a personal access token of a user made for Slipway, with the root role Editor.',
    );
  });

  test.each<[string, () => Promise<Partial<Settings>>, string]>([
    [
      'a token nobody knows',
      async () => ({ token: 'user:gone' }),
      'problem Unleash token: Unleash does not know it: it has expired or was deleted. Make a new personal access token',
    ],
    [
      'an SDK token in its place',
      async () => ({ token: unleash.clientTokens.production ?? '' }),
      'problem Unleash token: it is an SDK token, which may not change flags. Set UNLEASH_TOKEN to a personal',
    ],
    [
      'a user who may only look',
      async () => ({ token: (await unleash.people.as('val', 'viewer')).token }),
      'problem Unleash token: acts as val, who lacks UPDATE_FEATURE_ENVIRONMENT, UPDATE_FEATURE_STRATEGY, CREATE_FEATURE_STRATEGY in production (project default). Give that user the root role Editor',
    ],
    [
      'a project where the user has no rights',
      async () => ({ project: 'payments' }),
      'in production (project payments). Give that user',
    ],
    [
      'an environment that is not there',
      async () => ({ environments: ['prod'], clientTokens: {} }),
      'problem Unleash environment prod: there is none; Unleash has development, production. Name one of them in slipway.yml',
    ],
    [
      'an environment without an SDK token',
      async () => ({ environments: ['development', 'production'] }),
      'problem SDK token of development: there is none. Add a backend token of development to UNLEASH_CLIENT_TOKENS.',
    ],
    [
      'an SDK token nobody knows',
      async () => ({ clientTokens: { production: 'default:production.gone' } }),
      'problem SDK token of production: Unleash does not know it. Make one of the type backend',
    ],
    [
      'an SDK token of the wrong type',
      async () => ({ clientTokens: { production: await frontendToken() } }),
      'problem SDK token of production: it is of another type, not one of a backend. Make one of the type backend',
    ],
  ])('%s', async (_what, overrides, expected) => {
    const lines = await check(await overrides());
    expect(lines.join('\n')).toContain(expected);
  });

  test('maintenance mode, which nobody sees before it is too late', async () => {
    await unleash.maintenance(true);
    onTestFinished(() => unleash.maintenance(false));
    await expect
      .poll(() => check(), { timeout: 20_000 })
      .toContainEqual(
        'problem Unleash maintenance mode: it is on: no flag can be switched off now, and changes reach no client. End it under "Configure, Maintenance".',
      );
  });

  async function frontendToken(): Promise<string> {
    const { body } = await unleash.admin('POST', '/api/admin/api-tokens', {
      tokenName: 'browser',
      type: 'frontend',
      environment: 'production',
      projects: ['*'],
    });
    return (body as { secret: string }).secret;
  }
});

describe('what only Unleash Enterprise has, and what is no Unleash', () => {
  const permissions = [
    'UPDATE_FEATURE_ENVIRONMENT',
    'UPDATE_FEATURE_STRATEGY',
    'CREATE_FEATURE_STRATEGY',
  ].map((permission) => ({ permission, project: 'default', environment: 'production' }));
  const skip = { permission: 'SKIP_CHANGE_REQUEST', project: 'default', environment: 'production' };
  const enterprise = (rights: readonly object[]) => ({
    'GET /api/admin/user': { body: { user: { username: 'slipway' }, permissions: rights } },
    'GET /api/admin/projects/default/change-requests/config': {
      body: [{ environment: 'production', changeRequestEnabled: true }],
    },
  });

  test('change requests without the right to skip them', async () => {
    expect(await check({ url: await listen(enterprise(permissions)) })).toContainEqual(
      'problem Unleash change requests: they are required in production, so that Slipway could not even switch off. Give the role of the user of UNLEASH_TOKEN the permission SKIP_CHANGE_REQUEST there.',
    );
  });

  test('change requests that may be skipped', async () => {
    const lines = await check({ url: await listen(enterprise([...permissions, skip])) });
    expect(lines.join('\n')).not.toContain('change requests');
  });

  test('another server', async () => {
    expect((await check({ url: await listen({}) })).at(0)).toMatch(
      /^problem Unleash: http:\S+ answers HTTP 404, and not as an Unleash server does. Set UNLEASH_URL/,
    );
  });

  test('a server that is down', async () => {
    expect(await check({ url: 'http://127.0.0.1:1' })).toEqual([
      expect.stringMatching(
        /^problem Unleash: http:\/\/127\.0\.0\.1:1 does not answer: .*\. Check UNLEASH_URL and that the server runs\.$/,
      ),
    ]);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { doctorCommand } from '../../src/cli/doctor.ts';
import { freshDatabase } from '../setup/database.ts';
import { needs, pathOf } from '../setup/needs.ts';
import { listen, type Routes } from './doctor/far-end.ts';

const manifest = parse(await readFile('manifest.yml', 'utf8'));
const scopes: readonly string[] = manifest.oauth_config.scopes.bot;
const workflowText = 'version: 1\nowner: "@maria"\nchecks: [{ name: test, run: npm test }]\n';
const contents = (text: string) => ({
  body: { encoding: 'base64', content: Buffer.from(text).toString('base64') },
});

/** The far ends as they answer when all is well. */
const well: Routes = {
  'POST /slack/auth.test': {
    headers: { 'x-oauth-scopes': scopes.join(',') },
    body: { ok: true, team: 'Acme', user: 'slipway' },
  },
  'POST /slack/apps.connections.open': { body: { ok: true, url: 'wss://x' } },
  'GET /slack/conversations.list': {
    body: { ok: true, channels: [{ id: 'C0SHOP', name: 'shop', is_member: true }] },
  },
  'GET /github/user': { body: { login: 'slipway-bot' } },
  'GET /github/repos/acme/shop': { body: { default_branch: 'main', permissions: { push: true } } },
  'GET /github/repos/acme/shop/git/ref/heads/main': { body: { ref: 'refs/heads/main' } },
  'GET /github/repos/acme/shop/contents/.slipway.yml': contents(workflowText),
  'GET /v1/models': { body: { data: [{ id: 'small' }, { id: 'large' }] } },
};

const slipwayYml = `version: 1
channels: { '#shop': [acme/shop] }
models:
  light: { name: small, inputPerMillion: 1, outputPerMillion: 2 }
  standard: { name: small, inputPerMillion: 1, outputPerMillion: 2 }
  strong: { name: large, inputPerMillion: 1, outputPerMillion: 2 }
people: { approve: everyone, administer: [U012AB3CD] }
`;

let home: string;
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'slipway-doctor-'));
  await writeFile(path.join(home, 'slipway.yml'), slipwayYml);
});
afterAll(() => rm(home, { recursive: true }));

async function closedPort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function doctor(
  options: { routes?: Routes; env?: Record<string, string>; args?: readonly string[] } = {},
) {
  const { routes = well, env = {}, args = [] } = options;
  const base = await listen(routes);
  const lines: string[] = [];
  const status = await doctorCommand(args, {
    out: (line) => lines.push(line),
    err: (line) => lines.push(line),
    cwd: home,
    env: {
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_APP_TOKEN: 'xapp-1',
      SLACK_API_URL: `${base}/slack`,
      GITHUB_TOKEN: 'ghs',
      GITHUB_API_URL: `${base}/github`,
      OPENAI_API_KEY: 'key',
      OPENAI_BASE_URL: `${base}/v1/`,
      ...env,
    },
  });
  return { status, lines, text: lines.join('\n') };
}

needs('bubblewrap')('with everything in place', () => {
  test('every line is ok and the status is 0', async () => {
    const { status, lines } = await doctor();
    expect(lines.map((line) => line.replace(/: .*/, ''))).toEqual([
      'ok       settings',
      'ok       Slack token',
      'ok       Slack scopes',
      'ok       Slack connection',
      'ok       Slack channel #shop',
      'ok       GitHub token',
      'ok       GitHub acme/shop',
      'ok       .slipway.yml of acme/shop',
      'ok       model endpoint',
      'ok       model small',
      'ok       model large',
      'ok       rollouts',
      'ok       SLIPWAY_HOME',
      'ok       PostgreSQL',
      'ok       Redis',
      'ok       git',
      'ok       sandbox',
      'No problems.',
    ]);
    expect(status).toBe(0);
  });

  test('--json says the same to a machine', async () => {
    const { status, text } = await doctor({ args: ['--json'] });
    const answer = JSON.parse(text);
    expect(answer.verdict).toBe('ok');
    expect(answer.checks).toContainEqual({
      subject: 'Slack token',
      verdict: 'ok',
      because: 'slipway in Acme',
    });
    expect(status).toBe(0);
  });
});

needs('bubblewrap')('what is wrong is said, with what to do', () => {
  test.each<[string, Routes, string]>([
    [
      'a refused Slack token',
      { 'POST /slack/auth.test': { body: { ok: false, error: 'invalid_auth' } } },
      'PROBLEM  Slack token: Slack says invalid_auth\n         Check SLACK_BOT_TOKEN',
    ],
    [
      'a missing scope',
      {
        'POST /slack/auth.test': {
          headers: { 'x-oauth-scopes': scopes.filter((scope) => scope !== 'usergroups:read').join(',') },
          body: { ok: true },
        },
      },
      'PROBLEM  Slack scopes: the bot token lacks usergroups:read\n         Paste manifest.yml',
    ],
    [
      'a wrong Slack address',
      { 'POST /slack/auth.test': { status: 404, body: {} } },
      'PROBLEM  Slack token: HTTP 404 without an answer of Slack',
    ],
    [
      'an app token without its scope',
      { 'POST /slack/apps.connections.open': { body: { ok: false, error: 'missing_scope' } } },
      'PROBLEM  Slack connection: Socket Mode does not open: Slack says missing_scope',
    ],
    [
      'a channel without the bot',
      {
        'GET /slack/conversations.list': {
          body: { ok: true, channels: [{ id: 'C0', name: 'shop', is_member: false }] },
        },
      },
      'PROBLEM  Slack channel #shop: the bot is not in it\n         In that channel, type: /invite @Slipway',
    ],
    [
      'a refused GitHub token',
      { 'GET /github/user': { status: 401, body: {} } },
      'PROBLEM  GitHub token: GitHub refuses it',
    ],
    [
      'a repository out of sight',
      { 'GET /github/repos/acme/shop': { status: 404, body: {} } },
      'PROBLEM  GitHub acme/shop: the token cannot see it',
    ],
    [
      'a repository read-only',
      { 'GET /github/repos/acme/shop': { body: { default_branch: 'main', permissions: { push: false } } } },
      'PROBLEM  GitHub acme/shop: the token may not push',
    ],
    [
      'a base branch that is not there',
      { 'GET /github/repos/acme/shop/git/ref/heads/main': { status: 404, body: {} } },
      'PROBLEM  GitHub acme/shop: it has no branch main',
    ],
    [
      'a broken .slipway.yml',
      {
        'GET /github/repos/acme/shop/contents/.slipway.yml': contents(workflowText.replace('owner', 'ownr')),
      },
      'PROBLEM  .slipway.yml of acme/shop: 1:1 owner: is missing; it must be text; 2:1 ownr: unknown; did you mean owner?',
    ],
    [
      'a refused model key',
      { 'GET /v1/models': { status: 401, body: {} } },
      'refuses the key\n         Check OPENAI_API_KEY.',
    ],
    [
      'a model nobody has',
      { 'GET /v1/models': { body: { data: [{ id: 'small' }, { id: 'larger' }] } } },
      'does not know it (HTTP 404)\n         Name a model of this endpoint in slipway.yml. Did you mean larger?',
    ],
  ])('%s', async (_what, change, expected) => {
    const { status, text } = await doctor({ routes: { ...well, ...change } });
    expect(text).toContain(expected);
    expect(text).toContain('1 to mend.');
    expect(status).toBe(1);
  });

  test('a model that is not listed but answers is fine', async () => {
    const { text } = await doctor({
      routes: {
        ...well,
        'GET /v1/models': { status: 404, body: {} },
        'POST /v1/chat/completions': { body: {} },
      },
    });
    expect(text).toMatch(/ok {7}model large: \S+ answers with it/);
  });

  test('a missing token is a problem, and the other connections are still checked', async () => {
    const { status, text } = await doctor({ env: { GITHUB_TOKEN: '' } });
    expect(text).toContain('PROBLEM  GITHUB_TOKEN: is not set.');
    expect(text).toContain('ok       Slack token: slipway in Acme');
    expect(text).not.toContain('GitHub token:');
    expect(status).toBe(1);
  });

  test('servers that do not answer', async () => {
    const port = await closedPort();
    const { text } = await doctor({
      env: {
        OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
        DATABASE_URL: `postgres://me:hush@127.0.0.1:${port}/x`,
        REDIS_URL: `redis://127.0.0.1:${port}`,
      },
    });
    expect(text).toMatch(
      /PROBLEM {2}model endpoint: http:\/\/127\.0\.0\.1:\d+ does not answer: .*ECONNREFUSED/,
    );
    expect(text).toMatch(/PROBLEM {2}PostgreSQL: no connection: .*ECONNREFUSED/);
    expect(text).toMatch(/PROBLEM {2}Redis: no connection: .*ECONNREFUSED/);
    expect(text).not.toContain('hush');
  });

  test('a word it does not know', async () => {
    const { status, text } = await doctor({ args: ['--jsn'] });
    expect(text).toContain('Usage: slipway doctor [--json]');
    expect(status).toBe(2);
  });
});

test('a real PostgreSQL is recognised', async () => {
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  const { text } = await doctor({ env: { DATABASE_URL: database.url } });
  expect(text).toMatch(/ok {7}PostgreSQL: version \d\d/);
});

needs('redis-server')('a real Redis', () => {
  test.each([
    ['noeviction', /ok {7}Redis: answers, and evicts nothing/],
    ['allkeys-lru', /PROBLEM {2}Redis: its maxmemory-policy is allkeys-lru/],
  ])('with the policy %s', async (policy, expected) => {
    const port = await closedPort();
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--maxmemory-policy', policy];
    const server = spawn(pathOf('redis-server') ?? '', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(async () => {
      server.kill('SIGKILL');
      await once(server, 'exit');
    });
    for await (const chunk of server.stdout) if (String(chunk).includes('Ready to accept')) break;
    const { text } = await doctor({ env: { REDIS_URL: `redis://127.0.0.1:${port}` } });
    expect(text).toMatch(expected);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explain, loadConfig } from '../../src/config/load.ts';

const example = readFileSync('slipway.example.yml', 'utf8');
const environment = {
  SLACK_BOT_TOKEN: 'xoxb-1-secret',
  SLACK_APP_TOKEN: 'xapp-1-secret',
  GITHUB_TOKEN: 'github_pat_secret',
  OPENAI_API_KEY: 'sk-secret',
};

/** What loadConfig finds wrong, as one line each. */
function problemsOf(env: Record<string, string | undefined>, text = example): readonly string[] {
  const loaded = loadConfig(env, () => text);
  return 'problems' in loaded ? loaded.problems.map(({ where, message }) => `${where}: ${message}`) : [];
}

describe('a complete configuration', () => {
  const loaded = loadConfig(
    { ...environment, SLACK_API_URL: 'http://127.0.0.1:1/api', PORT: '' },
    () => example,
  );
  if ('problems' in loaded) throw new Error(explain(loaded.problems));
  const { config } = loaded;

  test('is one value, with the defaults filled in', () => {
    expect(config.slack).toEqual({
      botToken: 'xoxb-1-secret',
      appToken: 'xapp-1-secret',
      port: 3001,
      apiUrl: 'http://127.0.0.1:1/api/',
    });
    expect(config.listen).toEqual({ host: '127.0.0.1', port: 3000 });
    expect(config.endpoints).toEqual({ main: { apiKey: 'sk-secret', baseUrl: 'https://api.openai.com/v1' } });
    expect(config.home).toMatch(/^\/.*\/\.slipway$/);
    expect(config.deployment.channels['#platform']).toEqual(['acme/api', 'acme/worker']);
    expect(config.deployment.routes.interviewer).toEqual({ low: 'light', medium: 'light', high: 'light' });
    expect(config.deployment.routes.coder.high).toBe('strong');
    expect(config.deployment.people.approve).toEqual(['S0REVIEWERS']);
  });

  test('knows its secrets', () => {
    expect(config.secrets).toEqual(['xoxb-1-secret', 'xapp-1-secret', 'github_pat_secret', 'sk-secret']);
  });

  test('is frozen to its leaves', () => {
    expect(Object.isFrozen(config.slack) && Object.isFrozen(config.deployment.channels['#shop'])).toBe(true);
  });
});

test('the defaults of a short slipway.yml are those the example shows', () => {
  const short = example.replace(/^(routes|budgets|limits):.*\n(?: {2}.*\n)*/gm, '');
  const read = (text: string) => {
    const loaded = loadConfig(environment, () => text);
    if ('problems' in loaded) throw new Error(explain(loaded.problems));
    return loaded.config.deployment;
  };
  expect(short).not.toContain('routes:');
  expect(read(short)).toEqual(read(example));
});

test('nothing set: every missing variable and the missing file are reported together', () => {
  const loaded = loadConfig({}, () => {
    throw new Error('ENOENT');
  });
  const problems = 'problems' in loaded ? loaded.problems : [];
  expect(problems.map(({ where }) => where)).toEqual([
    'SLACK_BOT_TOKEN',
    'GITHUB_TOKEN',
    'OPENAI_API_KEY',
    'SLACK_APP_TOKEN',
    'slipway.yml',
  ]);
  expect(explain(problems)).toMatch(
    /^Slipway cannot start: 5 problems in its configuration\.\n {2}SLACK_BOT_TOKEN: /,
  );
});

test.each([
  [
    { SLACK_BOT_TOKEN: 'xapp-oops' },
    'SLACK_BOT_TOKEN: must be a bot token, which starts with xoxb- (its value is not shown).',
  ],
  [
    { SLACK_API_URL: 'slack.com/api' },
    'SLACK_API_URL: must be an http or https address, not "slack.com/api".',
  ],
  [{ PORT: '70000' }, 'PORT: must be a port, 0 to 65535, not "70000".'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL: must be debug, info, warn or error, not "loud".'],
  [
    { DATABASE_URL: 'mysql://me:hush@db' },
    'DATABASE_URL: must be a postgres:// address (its value is not shown).',
  ],
  [{ REDIS_URL: 'http://x' }, 'REDIS_URL: must be a redis:// or rediss:// address (its value is not shown).'],
  [
    { OPENAI_FALLBACK_API_KEY: 'k' },
    'OPENAI_FALLBACK_BASE_URL: is not set, though the other half of the fallback endpoint is. Set both or neither.',
  ],
  [
    { OPENAI_FALLBACK_API_KEY: 'k', OPENAI_FALLBACK_BASE_URL: 'http://b/v1' },
    'OPENAI_FALLBACK_BASE_URL: is set, though no model of slipway.yml has a fallback. Name one, or unset it.',
  ],
  [
    { SLACK_BOT_TOKEN: undefined, SLACK_BOT_TOKN: 'xoxb-1' },
    'SLACK_BOT_TOKEN: is not set. Copy it from "OAuth & Permissions" of the Slack app, after installing the app in the workspace. There is a SLACK_BOT_TOKN: did you mean this?',
  ],
])('%j is one clear problem', (change, problem) => {
  expect(problemsOf({ ...environment, ...change })).toEqual([problem]);
});

test('without an app-level token the signing secret is enough', () => {
  expect(problemsOf({ ...environment, SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: 's' })).toEqual([]);
});

test.each([
  ['a key that nearly exists', '\nbudgetz: {}\n', 'unknown; did you mean budgets?'],
  [
    'a right without a holder',
    ['approve: [S0REVIEWERS]', 'approve: maria'],
    'must be everyone, or a list of Slack user ids',
  ],
  [
    'a repository without its owner',
    ['[acme/shop]', '[shop]'],
    'channels.#shop[0]: must be owner/name, not "shop"',
  ],
  [
    'settings nobody uses',
    ['acme/worker: {', 'acme/walker: {'],
    'repositories.acme/walker: has settings but no channel',
  ],
  [
    'a route to no tier',
    ['interviewer: light', 'interviewer: lite'],
    'routes.interviewer: must be light, standard, strong',
  ],
  [
    'a missing price',
    [', outputPerMillion: 0.40', ''],
    'models.light.outputPerMillion: is missing; it must be a number',
  ],
  [
    'a web address without protocol',
    ['https://slipway', 'slipway'],
    'web.url: must be an http or https address',
  ],
  ['too many questions', ['questions: 3', 'questions: 9'], 'limits.questions: must be at most 3, not 9'],
  ['a channel that cannot be', ['"#shop"', 'shop'], 'channels.shop: must be a channel id or #name'],
])('slipway.yml with %s', (_what, change, message) => {
  const text =
    typeof change === 'string' ? example + change : example.replace(change[0] ?? '', change[1] ?? '');
  expect(text).not.toBe(example);
  const problems = problemsOf(environment, text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/^slipway\.yml:\d+:\d+: /);
  expect(problems[0]).toContain(message);
});

test('a token pasted into slipway.yml is not shown again', () => {
  const problems = problemsOf(environment, example.replace('name: gpt-5-nano', 'name: [xoxb-12345-abcdef]'));
  expect(problems).toHaveLength(1);
  expect(problems.join()).not.toContain('12345');
});

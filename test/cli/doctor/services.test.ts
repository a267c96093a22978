import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startPrometheus } from '../../../playground/prometheus/start.ts';
import { checkJira } from '../../../src/cli/doctor/jira.ts';
import { checkOnCall } from '../../../src/cli/doctor/on-call.ts';
import { checkPrometheus } from '../../../src/cli/doctor/prometheus.ts';
import { needs } from '../../setup/needs.ts';
import { listen, type Routes } from './far-end.ts';
import { linesOf } from './lines.ts';

needs('prometheus')('a real Prometheus', () => {
  test('without an application', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'slipway-doctor-'));
    const prometheus = await startPrometheus({ targets: [], scrapeMs: 1000, directory });
    onTestFinished(async () => {
      await prometheus.stop();
      await rm(directory, { recursive: true });
    });
    expect(linesOf(await checkPrometheus({ url: prometheus.url }))).toEqual([
      expect.stringMatching(/^ok Prometheus: version [23]\.\d+\.\d+/),
      'ok Prometheus clock: keeps our time',
      'ok Prometheus cohorts: no series has the labels flag and cohort yet. Applications need the middleware of docs/metrics.md before a rollout can compare cohorts.',
    ]);
  });
});

describe('Prometheus', () => {
  /** One route answers both queries: as a number it is the clock, as a list the cohorts. */
  const answering = (result: readonly unknown[]): Routes => ({
    'GET /api/v1/query': { body: { status: 'success', data: { resultType: 'x', result } } },
    'GET /api/v1/status/buildinfo': { body: { status: 'success', data: { version: '1.8.2' } } },
  });
  test.each<[string, Routes, RegExp]>([
    [
      'with a token it refuses',
      { 'GET /api/v1/query': { status: 401, body: {} } },
      /^problem Prometheus: it refuses the token \(HTTP 401\)\. Check PROMETHEUS_TOKEN\.$/m,
    ],
    [
      'that is none',
      {},
      /^problem Prometheus: http:\S+ answers HTTP 404, and not as Prometheus does\. Set PROMETHEUS_URL/m,
    ],
    [
      'with another time',
      answering([0, `${Date.now() / 1000 - 300}`]),
      /^problem Prometheus clock: it is 30\d s away from ours, .* Set both machines by NTP\.$/m,
    ],
    [
      'of another age',
      answering([0, `${Date.now() / 1000}`]),
      /^problem Prometheus: version 1\.8\.2 is too old\. Use Prometheus 2 or newer\.$/m,
    ],
  ])('%s', async (_what, routes, expected) => {
    expect(linesOf(await checkPrometheus({ url: await listen(routes) })).join('\n')).toMatch(expected);
  });

  test('that is down', async () => {
    expect(linesOf(await checkPrometheus({ url: 'http://127.0.0.1:1' }))).toEqual([
      expect.stringMatching(
        /^problem Prometheus: .* does not answer: .* Check PROMETHEUS_URL and that it runs\.$/,
      ),
    ]);
  });
});

describe('Jira', () => {
  const tracker = { project: 'SHOP', issueType: 'Bug' };
  const well: Routes = {
    'GET /rest/api/2/myself': { body: { displayName: 'Slipway' } },
    'GET /rest/api/2/project/SHOP': {
      body: { name: 'The shop', issueTypes: [{ name: 'Bug' }, { name: 'Sub-bug', subtask: true }] },
    },
  };
  const check = async (routes: Routes, wanted = tracker) =>
    linesOf(await checkJira({ url: await listen(routes), user: 'me', token: 't', tracker: wanted }));

  test('with everything in place', async () => {
    expect(await check(well)).toEqual([
      'ok Jira: acts as Slipway',
      'ok Jira project SHOP: The shop has the issue type Bug',
    ]);
  });

  test.each<[string, Routes, typeof tracker, RegExp]>([
    [
      'an account it refuses',
      { 'GET /rest/api/2/myself': { status: 401, body: {} } },
      tracker,
      /^problem Jira: it refuses the account \(HTTP 401\)\. Check JIRA_USER and JIRA_TOKEN\.$/m,
    ],
    [
      'another server',
      {},
      tracker,
      /^problem Jira: http:\S+ answers HTTP 404, and not as Jira does\. Set JIRA_URL/m,
    ],
    [
      'a project out of sight',
      well,
      { project: 'SHIP', issueType: 'Bug' },
      /^problem Jira project SHIP: there is none that the account can see\. Mend tracker\.project/m,
    ],
    [
      'an issue type it has not',
      well,
      { project: 'SHOP', issueType: 'Bugs' },
      /^problem Jira project SHOP: it has no issue type Bugs; it has Bug\. .* Did you mean Bug\?$/m,
    ],
  ])('%s', async (_what, routes, wanted, expected) => {
    expect((await check(routes, wanted)).join('\n')).toMatch(expected);
  });

  test('that is down', async () => {
    const lines = linesOf(await checkJira({ url: 'http://127.0.0.1:1', user: 'me', token: 't', tracker }));
    expect(lines).toEqual([expect.stringMatching(/^problem Jira: .* does not answer: .* Check JIRA_URL/)]);
  });
});

describe('on call', () => {
  const group = { group: 'S0ONCALL' };
  const turns = { people: ['U0ANN', 'U0BEN'], from: '2026-11-16T09:00:00Z', hours: 168 };
  const member = { body: { ok: true, user: { name: 'ann' } } };
  test.each<[string, Routes, typeof group | typeof turns, string]>([
    [
      'a group with members',
      { 'GET /usergroups.users.list': { body: { ok: true, users: ['U0ANN', 'U0BEN'] } } },
      group,
      'ok on call: the user group S0ONCALL, of 2',
    ],
    [
      'an empty group',
      { 'GET /usergroups.users.list': { body: { ok: true, users: [] } } },
      group,
      'problem on call: the user group S0ONCALL has no members. Add who is on call to it in Slack.',
    ],
    [
      'a group that is not there',
      { 'GET /usergroups.users.list': { body: { ok: false, error: 'no_such_subteam' } } },
      group,
      'problem on call: the user group S0ONCALL cannot be read: Slack says no_such_subteam. Mend onCall.group in slipway.yml: the id of a user group of this workspace (S…).',
    ],
    ['a Slack that is down', {}, group, 'unknown on call: Slack did not list the members of S0ONCALL.'],
    ['a schedule', { 'GET /users.info': member }, turns, 'ok on call: ann now, of 2'],
    [
      'a schedule with somebody who left',
      { 'GET /users.info': { body: { ok: true, user: { name: 'ann', deleted: true } } } },
      turns,
      'problem on call: U0ANN, U0BEN: no active person of this workspace. Mend onCall.people in slipway.yml.',
    ],
    [
      'a schedule with nobody we know',
      { 'GET /users.info': { body: { ok: false, error: 'user_not_found' } } },
      turns,
      'problem on call: U0ANN, U0BEN: no active person of this workspace. Mend onCall.people in slipway.yml.',
    ],
  ])('%s', async (_what, routes, onCall, expected) => {
    const settings = { botToken: 'xoxb-1', apiUrl: `${await listen(routes)}/`, onCall };
    expect(linesOf(await checkOnCall({ ...settings, now: new Date('2026-11-18T09:00:00Z') }))).toEqual([
      expected,
    ]);
  });
});

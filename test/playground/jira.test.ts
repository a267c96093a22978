import { afterEach, describe, expect, it } from 'vitest';
import type { Flavour } from '../../playground/jira/issues.ts';
import { type JiraServer, startJira } from '../../playground/jira/server.ts';

const basic = `Basic ${btoa('ada:secret')}`;
const running: JiraServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((jira) => jira.stop()));
});

async function jiraOf(flavour: Flavour) {
  const jira = await startJira({
    flavour,
    projects: [
      { key: 'SHOP', name: 'Shop', issueTypes: ['Bug'] },
      { key: 'OPS', name: 'Operations', issueTypes: ['Bug'], required: { customfield_10010: 'Severity' } },
    ],
    accounts: { ada: 'secret' },
  });
  running.push(jira);
  const ask = async (call: string, body?: unknown, authorization = basic) => {
    const [method = 'GET', path = '/'] = call.split(' ');
    const response = await fetch(`${jira.url}${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer: unknown = text.startsWith('{') ? JSON.parse(text) : text;
    return { status: response.status, answer, headers: response.headers };
  };
  return { jira, ask };
}

function issueOf(fields: Readonly<Record<string, unknown>> = {}) {
  return { fields: { project: { key: 'SHOP' }, issuetype: { name: 'Bug' }, summary: 'Broken', ...fields } };
}

describe.each(['cloud', 'server'] as const)('the flavour %s', (flavour) => {
  it.each([
    [{ project: { key: 'X' } }, { project: 'valid project is required' }],
    [{ issuetype: { name: 'Epic' } }, { issuetype: 'Specify a valid issue type' }],
    [{ summary: ' ' }, { summary: 'You must specify a summary of the issue.' }],
    [{ summary: 'a\nb' }, { summary: 'The summary is invalid because it contains newline characters.' }],
    [{ summary: 'x'.repeat(256) }, { summary: 'Summary must be less than 255 characters.' }],
    [{ labels: ['a b'] }, { labels: "The label 'a b' contains spaces which is invalid." }],
    [{ labels: 'a' }, { labels: 'data was malformed' }],
    [{ project: { key: 'OPS' } }, { customfield_10010: 'Severity is required.' }],
  ])('refuses an issue with %j', async (fields, errors) => {
    const { jira, ask } = await jiraOf(flavour);
    const { status, answer } = await ask('POST /rest/api/2/issue', issueOf(fields));
    expect({ status, answer }).toEqual({ status: 400, answer: { errorMessages: [], errors } });
    expect(jira.issues()).toEqual([]);
  });

  it('gives an issue by its key, its number and its page', async () => {
    const { jira, ask } = await jiraOf(flavour);
    const made = await ask('POST /rest/api/2/issue', issueOf({ labels: ['one'], description: '<b>' }));
    expect(made).toMatchObject({ status: 201, answer: { id: '10001', key: 'SHOP-1' } });
    const self = { status: 200, answer: { key: 'SHOP-1', fields: { summary: 'Broken', labels: ['one'] } } };
    expect(await ask('GET /rest/api/2/issue/SHOP-1')).toMatchObject(self);
    expect(await ask('GET /rest/api/2/issue/10001')).toMatchObject(self);
    expect(await ask('GET /rest/api/2/issue/SHOP-2')).toMatchObject({ status: 404 });
    expect((await ask('GET /browse/SHOP-1')).answer).toContain('&lt;b&gt;');
    expect((await ask('GET /')).answer).toContain(`${jira.url}/browse/SHOP-1`);
  });

  it.each([
    ['project = NOPE', "The value 'NOPE' does not exist for the field 'project'."],
    ['colour = red', "Field 'colour' does not exist or you do not have permission to view it."],
    ['labels =', /^Error in the JQL Query/],
    ['labels = a OR labels = b', /^Error in the JQL Query/],
    ['labels = "a', /^Error in the JQL Query/],
  ])('refuses the query %s', async (jql, message) => {
    const { ask } = await jiraOf(flavour);
    await ask('POST /rest/api/2/issue', issueOf({ labels: ['a'] }));
    const path = flavour === 'cloud' ? '/rest/api/3/search/jql' : '/rest/api/2/search';
    const { status, answer } = await ask(`POST ${path}`, { jql });
    expect(status).toBe(400);
    expect(answer).toMatchObject({
      errorMessages: [typeof message === 'string' ? message : expect.stringMatching(message)],
    });
  });
});

describe('Jira Cloud', () => {
  it('gives numbers only, and pages by a token', async () => {
    const { ask } = await jiraOf('cloud');
    for (let count = 0; count < 3; count += 1)
      await ask('POST /rest/api/2/issue', issueOf({ labels: ['a'] }));
    const jql = encodeURIComponent('project = "SHOP" AND labels = a ORDER BY created ASC');
    const first = await ask(`GET /rest/api/3/search/jql?jql=${jql}&maxResults=2`);
    expect(first.answer).toEqual({
      issues: [{ id: '10001' }, { id: '10002' }],
      nextPageToken: expect.any(String),
    });
    const token = JSON.stringify(first.answer).match(/"nextPageToken":"([^"]+)"/)?.[1];
    const second = await ask(`GET /rest/api/3/search/jql?jql=${jql}&maxResults=2&nextPageToken=${token}`);
    expect(second.answer).toEqual({ issues: [{ id: '10003' }], isLast: true });
    expect(await ask(`GET /rest/api/3/search/jql?jql=${jql}&nextPageToken=x`)).toMatchObject({ status: 400 });
  });

  it.each([
    ['the old search', 'GET /rest/api/2/search?jql=labels=a', undefined, 410],
    ['a search without bounds', 'POST /rest/api/3/search/jql', { jql: 'ORDER BY created' }, 400],
    [
      'more than fifty numbers',
      'POST /rest/api/3/search/jql',
      { jql: 'labels = a', reconcileIssues: Array(51).fill(1) },
      400,
    ],
    ['plain text on version 3', 'POST /rest/api/3/issue', issueOf({ description: 'text' }), 400],
  ])('refuses %s', async (_, call, body, status) => {
    const { ask } = await jiraOf('cloud');
    expect(await ask(call, body)).toMatchObject({ status });
  });

  it('takes a wrong token for nobody: it finds nothing and makes nothing', async () => {
    const { jira, ask } = await jiraOf('cloud');
    await ask('POST /rest/api/2/issue', issueOf({ labels: ['a'] }));
    const wrong = `Basic ${btoa('ada:old')}`;
    const found = await ask('POST /rest/api/3/search/jql', { jql: 'labels = a' }, wrong);
    expect(found).toMatchObject({ status: 200, answer: { issues: [] } });
    expect(found.headers.get('x-seraph-loginreason')).toBe('AUTHENTICATED_FAILED');
    expect(await ask('POST /rest/api/2/issue', issueOf(), wrong)).toMatchObject({ status: 401 });
    expect(jira.issues()).toHaveLength(1);
  });
});

describe("a Jira of one's own", () => {
  it('has the old search only, with its totals', async () => {
    const { ask } = await jiraOf('server');
    for (let count = 0; count < 3; count += 1)
      await ask('POST /rest/api/2/issue', issueOf({ labels: ['a'] }));
    expect(await ask('GET /rest/api/3/search/jql?jql=labels=a')).toMatchObject({ status: 404 });
    expect(await ask('GET /rest/api/2/search/jql?jql=labels=a')).toMatchObject({ status: 404 });
    const found = await ask('POST /rest/api/2/search', { jql: 'labels = a', startAt: 1, maxResults: 1 });
    expect(found.answer).toMatchObject({ total: 3, startAt: 1, issues: [{ key: 'SHOP-2' }] });
  });

  it('refuses a wrong token everywhere', async () => {
    const { ask } = await jiraOf('server');
    for (const call of ['GET /rest/api/2/search?jql=labels=a', 'POST /rest/api/2/issue'])
      expect(await ask(call, call.startsWith('POST') ? issueOf() : undefined, 'Basic x')).toMatchObject({
        status: 401,
      });
  });
});

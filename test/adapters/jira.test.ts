import { createServer, type RequestListener } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../playground/jira/faults.ts';
import type { Project } from '../../playground/jira/issues.ts';
import { type JiraOptions, type JiraServer, startJira } from '../../playground/jira/server.ts';
import { createJira } from '../../src/adapters/jira.ts';
import { GiveUp, TryAgain } from '../../src/errors.ts';

const user = 'slipway@example.com';
const token = 'token-of:the-tests-0815';
const shop: Project = { key: 'SHOP', name: 'Shop', issueTypes: ['Bug', 'Task'] };
const issue = {
  label: 'slipway-rollout-1-7',
  summary: 'Rollout of checkout-v2 was halted',
  description:
    'Errors rose from 0.5 % to 1.6 %.\n\nThread: https://acme.slack.com/archives/C1/p17?thread_ts=1.2&cid=C1',
};

const running: Pick<JiraServer, 'stop'>[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((jira) => jira.stop()));
});

async function start(options: Partial<JiraOptions> & Pick<JiraOptions, 'flavour'>): Promise<JiraServer> {
  const jira = await startJira({ projects: [shop], accounts: { [user]: token }, ...options });
  running.push(jira);
  return jira;
}

function trackerAt(url: string, other: Partial<Parameters<typeof createJira>[0]> = {}) {
  return createJira({ url, user, token, project: 'SHOP', issueType: 'Bug', timeoutMs: 5000, ...other });
}

/** What answers as it is told, where the stand-in never would. */
async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No TCP port.');
  running.push({
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  return `http://127.0.0.1:${address.port}`;
}

async function errorOf(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('It did not fail.');
}

const create = /^POST .*\/issue$/;
const search = /search/;

describe.each(['cloud', 'server'] as const)('a Jira of the flavour %s', (flavour) => {
  it('gets an issue with label, type, summary and description', async () => {
    const jira = await start({ flavour });
    expect(await trackerAt(jira.url).open(issue)).toEqual({
      key: 'SHOP-1',
      url: `${jira.url}/browse/SHOP-1`,
    });
    expect(jira.issues()).toMatchObject([
      {
        key: 'SHOP-1',
        project: 'SHOP',
        issueType: 'Bug',
        summary: 'Rollout of checkout-v2 was halted',
        description: issue.description,
        labels: ['slipway-rollout-1-7'],
        reporter: user,
      },
    ]);
    expect((await fetch(`${jira.url}/browse/SHOP-1`)).status).toBe(200);
  });

  it('is asked again without a second issue, also by a process that knows nothing of the first', async () => {
    const jira = await start({ flavour });
    const tracker = trackerAt(jira.url);
    const first = await tracker.open(issue);
    expect(await tracker.open(issue)).toEqual(first);
    expect(await trackerAt(jira.url).open({ ...issue, summary: 'Another text' })).toEqual(first);
    expect(jira.issues()).toHaveLength(1);
  });

  it('keeps labels apart', async () => {
    const jira = await start({ flavour });
    const tracker = trackerAt(jira.url);
    const labels = ['slipway-1', 'slipway-10', 'slipway-1+a&b=%20#c'];
    const opened = await Promise.all(labels.map((label) => tracker.open({ ...issue, label })));
    expect(new Set(opened.map(({ key }) => key)).size).toBe(3);
    const again = await Promise.all(labels.map((label) => trackerAt(jira.url).open({ ...issue, label })));
    expect(again).toEqual(opened);
  });

  it('makes one issue for two calls at once', async () => {
    const jira = await start({ flavour });
    const tracker = trackerAt(jira.url);
    const [one, other] = await Promise.all([tracker.open(issue), tracker.open(issue)]);
    expect(one).toEqual(other);
    expect(jira.issues()).toHaveLength(1);
  });

  it('answers with the oldest issue when two processes made one each', async () => {
    const jira = await start({ flavour });
    const labels = [issue.label];
    for (const text of ['first', 'second']) {
      await trackerAt(jira.url).open({ ...issue, label: text });
      jira.people.change(jira.issues().at(-1)?.key ?? '', { labels });
    }
    expect(await trackerAt(jira.url).open(issue)).toMatchObject({ key: 'SHOP-1' });
    expect(jira.issues()).toHaveLength(2);
  });

  it('finds an issue that a person renamed, moved and closed', async () => {
    const jira = await start({ flavour });
    await trackerAt(jira.url).open(issue);
    jira.people.change('SHOP-1', { key: 'OPS-9', project: 'OPS', summary: 'Ours now', status: 'Done' });
    expect(await trackerAt(jira.url).open(issue)).toEqual({ key: 'OPS-9', url: `${jira.url}/browse/OPS-9` });
    expect(jira.issues()).toHaveLength(1);
  });

  it('makes an issue again that a person deleted', async () => {
    const jira = await start({ flavour });
    const tracker = trackerAt(jira.url);
    await tracker.open(issue);
    jira.people.remove('SHOP-1');
    expect(await tracker.open(issue)).toMatchObject({ key: 'SHOP-2' });
  });

  it.each(['', '/', '//'])('is reached below a path, written with "%s" at its end', async (end) => {
    const jira = await start({ flavour, path: '/tools/jira' });
    const tracker = trackerAt(`${jira.url}${end}`);
    expect(await tracker.open(issue)).toEqual({ key: 'SHOP-1', url: `${jira.url}/browse/SHOP-1` });
    expect(await tracker.open(issue)).toMatchObject({ key: 'SHOP-1' });
  });

  it.each<{ name: string; fault: Fault; afterMs: number | undefined; says: RegExp; made: number }>([
    {
      name: 'a rate limit',
      fault: { kind: 'rate-limit' },
      afterMs: 7000,
      says: /^Jira asked us to slow down while looking for the issue labelled slipway-rollout-1-7\.$/,
      made: 0,
    },
    {
      name: 'a rate limit at the creation',
      fault: { kind: 'rate-limit', on: create },
      afterMs: 7000,
      says: /slow down while making/,
      made: 0,
    },
    {
      name: 'maintenance',
      fault: { kind: 'maintenance' },
      afterMs: 120_000,
      says: /answered 503 while looking/,
      made: 0,
    },
    {
      name: 'an error of the search',
      fault: { kind: 'error-before' },
      afterMs: undefined,
      says: /answered 500 while looking/,
      made: 0,
    },
    {
      name: 'an error of the creation',
      fault: { kind: 'error-before', on: create },
      afterMs: 60_000,
      says: /answered 500 while making/,
      made: 0,
    },
    {
      name: 'an error after the creation',
      fault: { kind: 'error-after', on: create },
      afterMs: 60_000,
      says: /answered 502 while making/,
      made: 1,
    },
    {
      name: 'a connection that breaks off',
      fault: { kind: 'cut-before' },
      afterMs: undefined,
      says: /^Jira broke off \(.+\) while looking/,
      made: 0,
    },
    {
      name: 'a lost answer to the creation',
      fault: { kind: 'cut-after', on: create },
      afterMs: 60_000,
      says: /^Jira broke off \(.+\) while making/,
      made: 1,
    },
    {
      name: 'a search without end',
      fault: { kind: 'hang-before' },
      afterMs: undefined,
      says: /^Jira did not answer in time while looking/,
      made: 0,
    },
    {
      name: 'a creation without answer',
      fault: { kind: 'hang-after', on: create },
      afterMs: 60_000,
      says: /^Jira did not answer in time while making/,
      made: 1,
    },
  ])('is tried again after $name, and makes one issue in the end', async ({ fault, afterMs, says, made }) => {
    const jira = await start({ flavour });
    const hangs = fault.kind.startsWith('hang');
    const tracker = trackerAt(jira.url, hangs ? { timeoutMs: 1000 } : {});
    jira.fail(fault);
    const error = await errorOf(tracker.open(issue));
    expect(error).toBeInstanceOf(TryAgain);
    expect(error.message).toMatch(says);
    expect(error).toMatchObject({ afterMs });
    expect(jira.issues()).toHaveLength(made);
    expect(await trackerAt(jira.url).open(issue)).toMatchObject({ key: 'SHOP-1' });
    expect(jira.issues()).toHaveLength(1);
  });

  it.each<{ name: string; fault: Fault; says: RegExp }>([
    {
      name: 'a refused permission',
      fault: { kind: 'forbidden', on: create },
      says: /does not let JIRA_USER go on while making .*\(403\): You do not have permission to do that\. Give that account the permissions Browse Projects and Create Issues in project SHOP, or set JIRA_USER and JIRA_TOKEN/,
    },
    { name: 'a captcha', fault: { kind: 'captcha' }, says: /Log in once as that account in a browser/ },
    {
      name: 'a login page',
      fault: { kind: 'login-page' },
      says: /Set JIRA_URL to the address of Jira itself/,
    },
    {
      name: 'a redirect',
      fault: { kind: 'moved' },
      says: /sent us elsewhere while looking .* \(302\)\. Set JIRA_URL/,
    },
  ])('gives up at $name', async ({ fault, says }) => {
    const jira = await start({ flavour, faults: [fault] });
    const error = await errorOf(trackerAt(jira.url).open(issue));
    expect(error).toBeInstanceOf(GiveUp);
    expect(error.message).toMatch(says);
    expect(jira.issues()).toHaveLength(0);
  });

  it.each<{
    name: string;
    project: Partial<Project>;
    tracker: { project?: string; issueType?: string };
    says: string;
  }>([
    {
      name: 'a project that does not exist',
      project: {},
      tracker: { project: 'NOPE' },
      says: 'Jira refused while making the issue labelled slipway-rollout-1-7 (400): project: valid project is required. Correct tracker.project (NOPE) in slipway.yml, or give JIRA_USER the permission Create Issues there.',
    },
    {
      name: 'a type that the project has not',
      project: {},
      tracker: { issueType: 'Incident' },
      says: 'Jira refused while making the issue labelled slipway-rollout-1-7 (400): issuetype: Specify a valid issue type. Correct tracker.issueType in slipway.yml: project SHOP has no type Incident.',
    },
    {
      name: 'a field that must be filled in',
      project: { required: { customfield_10010: 'Severity' } },
      tracker: {},
      says: 'Jira refused while making the issue labelled slipway-rollout-1-7 (400): customfield_10010: Severity is required. Make customfield_10010 optional for Bug in project SHOP, give it a default value, or name another tracker.issueType in slipway.yml.',
    },
    {
      name: 'labels that are not on the screen',
      project: { hidden: ['labels'] },
      tracker: {},
      says: "Jira refused while making the issue labelled slipway-rollout-1-7 (400): labels: Field 'labels' cannot be set. It is not on the appropriate screen, or unknown. Put the field Labels on the create screen of Bug in project SHOP: Slipway finds its issues by it.",
    },
  ])('says what to correct at $name', async ({ project, tracker, says }) => {
    const jira = await start({ flavour, projects: [{ ...shop, ...project }] });
    const error = await errorOf(trackerAt(jira.url, tracker).open(issue));
    expect(error).toBeInstanceOf(GiveUp);
    expect(error.message).toBe(says);
  });

  it.each([
    { name: 'a token that has expired', account: { token: 'token-of:yesterday-4711' } },
    { name: 'a user that does not exist', account: { user: 'nobody@example.com' } },
  ])('refuses $name, with a sentence that names both settings', async ({ account }) => {
    const jira = await start({ flavour });
    const error = await errorOf(trackerAt(jira.url, account).open(issue));
    expect(error).toBeInstanceOf(GiveUp);
    expect(error.message).toMatch(
      /^Jira did not accept JIRA_USER and JIRA_TOKEN while looking for the issue labelled slipway-rollout-1-7 \((200|401)\)\./,
    );
    expect(jira.calls).toHaveLength(1);
  });

  it('gets summaries and descriptions it can take, whatever they were', async () => {
    const jira = await start({ flavour });
    const long = `${'a\n'.repeat(200)}${'😀'.repeat(200)}`;
    await trackerAt(jira.url).open({ label: 'long', summary: long, description: '*!{[😀'.repeat(20_000) });
    const [made] = jira.issues();
    expect(made?.summary.length).toBeLessThanOrEqual(255);
    expect(made?.summary.isWellFormed()).toBe(true);
    expect(made?.description.length).toBeGreaterThan(32_000);
    expect(made?.description.isWellFormed()).toBe(true);
  });

  it('gets no secrets', async () => {
    const jira = await start({ flavour });
    const secret = `ghp_${'Zq3'.repeat(12)}`;
    await trackerAt(jira.url).open({
      label: 'secret',
      summary: `${'x'.repeat(230)} ${secret}`,
      description: `It ran with ${secret} and ${token}.`,
    });
    const [made] = jira.issues();
    expect(JSON.stringify(made)).not.toMatch(/ghp_|0815/);
    expect(made?.description).toMatch(/^It ran with \\\[SECRET:/);
  });
});

describe('the search of Jira Cloud', () => {
  it('is the new one, and never the removed one', async () => {
    const jira = await start({ flavour: 'cloud' });
    await trackerAt(jira.url).open(issue);
    expect(jira.calls).toEqual(['GET /rest/api/3/search/jql', 'POST /rest/api/2/issue']);
  });

  it('finds what this process made although the index has not seen it', async () => {
    const jira = await start({ flavour: 'cloud' });
    jira.index.stop();
    const tracker = trackerAt(jira.url);
    const first = await tracker.open(issue);
    expect(await tracker.open(issue)).toEqual(first);
    expect(jira.issues()).toHaveLength(1);
  });

  it('may not know what another process made a moment ago: then there are two, and the older one from then on', async () => {
    const jira = await start({ flavour: 'cloud' });
    jira.index.stop();
    const early = trackerAt(jira.url);
    const late = trackerAt(jira.url);
    expect(await early.open(issue)).toMatchObject({ key: 'SHOP-1' });
    expect(await late.open(issue)).toMatchObject({ key: 'SHOP-2' });
    jira.index.goOn();
    expect(await late.open(issue)).toMatchObject({ key: 'SHOP-1' });
    expect(await trackerAt(jira.url).open(issue)).toMatchObject({ key: 'SHOP-1' });
    expect(jira.issues()).toHaveLength(2);
  });

  it('names fifty numbers and no more', async () => {
    const jira = await start({ flavour: 'cloud' });
    const tracker = trackerAt(jira.url);
    for (let count = 0; count < 53; count += 1) await tracker.open({ ...issue, label: `l${count}` });
    expect(jira.issues()).toHaveLength(53);
  });

  it('may answer with an empty page that is not the last, and with labels that are only alike', async () => {
    const shouted = { id: '6', key: 'SHOP-6', fields: { labels: [issue.label.toUpperCase()] } };
    const pages = [
      { issues: [], nextPageToken: 'two+/=' },
      { issues: [shouted, { id: '7', key: 'SHOP-7', fields: { labels: [issue.label] } }], isLast: true },
    ];
    const asked: (string | null)[] = [];
    const url = await serve((request, response) => {
      asked.push(new URL(request.url ?? '/', 'http://jira').searchParams.get('nextPageToken'));
      response.end(JSON.stringify(pages[asked.length - 1]));
    });
    expect(await trackerAt(url).open(issue)).toMatchObject({ key: 'SHOP-7' });
    expect(asked).toEqual([null, 'two+/=']);
  });

  it('counts as ours when one part of the login failed and another did not', async () => {
    const url = await serve((_, response) => {
      response.setHeader('x-seraph-loginreason', ['AUTHENTICATED_FAILED', 'OK']);
      response.end(
        JSON.stringify({ issues: [{ id: '7', key: 'SHOP-7', fields: { labels: [issue.label] } }] }),
      );
    });
    expect(await trackerAt(url).open(issue)).toMatchObject({ key: 'SHOP-7' });
  });
});

it("a Jira of one's own is searched in the old way", async () => {
  const jira = await start({ flavour: 'server' });
  await trackerAt(jira.url).open(issue);
  expect(jira.calls).toEqual([
    'GET /rest/api/3/search/jql',
    'POST /rest/api/2/search',
    'POST /rest/api/2/issue',
  ]);
});

it('no Jira at the address is for a person, none at all is for later', async () => {
  const jira = await start({ flavour: 'server', path: '/jira' });
  const wrong = await errorOf(trackerAt(jira.url.replace('/jira', '/wrong')).open(issue));
  expect(wrong).toBeInstanceOf(GiveUp);
  expect(wrong.message).toMatch(/^There is no Jira at JIRA_URL.*\(404\)\. Correct JIRA_URL, with its path/);
  const down = await start({ flavour: 'server' });
  await down.stop();
  const gone = await errorOf(trackerAt(down.url).open(issue));
  expect(gone).toBeInstanceOf(TryAgain);
  expect(gone.message).toMatch(/^Jira cannot be reached at JIRA_URL \(ECONNREFUSED\) while looking/);
});

it.each(['', 'two words', 'quo"te', 'back\\slash', 'new\nline', 'x'.repeat(256)])(
  'the label %j is refused before Jira is asked',
  async (label) => {
    const jira = await start({ flavour: 'cloud' });
    const error = await errorOf(trackerAt(jira.url).open({ ...issue, label }));
    expect(error).toBeInstanceOf(GiveUp);
    expect(error.message).toContain('cannot be a label in Jira');
    expect(jira.calls).toEqual([]);
  },
);

it('no error says anything of the token, in its text, its cause or its stack', async () => {
  const jira = await start({ flavour: 'cloud' });
  const encoded = Buffer.from(`${user}:${token}`).toString('base64');
  const echo = await serve((request, response) => {
    response.statusCode = 400;
    const errorMessages = [`Bad ${request.headers.authorization} and ${token}`];
    response.end(JSON.stringify({ errorMessages, errors: {} }));
  });
  const down = await start({ flavour: 'cloud' });
  await down.stop();
  const kinds = [
    'error-before',
    'cut-before',
    'moved',
    'login-page',
    'rate-limit',
    'forbidden',
    'captcha',
  ] as const;
  jira.fail(...kinds.map((kind) => ({ kind, on: search })));
  const errors = [await errorOf(trackerAt(echo).open(issue)), await errorOf(trackerAt(down.url).open(issue))];
  for (const _ of kinds) errors.push(await errorOf(trackerAt(jira.url).open(issue)));
  expect(errors[0]?.message).toMatch(/\(400\): Bad Basic \[SECRET:/);
  for (const error of errors) {
    const all = inspect(error, { depth: 10, showHidden: true });
    expect(all).not.toContain(token);
    expect(all).not.toContain(encoded);
  }
});

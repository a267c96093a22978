import { execFile, execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GitHubServer } from '../../../playground/github/server.ts';
import { startGitHub } from '../../../playground/github/server.ts';
import type { Exchange } from './published-schema.ts';
import { problemsWith, problemsWithPayload, templateOf } from './published-schema.ts';

const exec = promisify(execFile);
const directory = mkdtempSync(join(tmpdir(), 'github-'));
const people = [
  { login: 'slipway[bot]', type: 'Bot', token: 'bot-token', repositories: ['acme/shop'] },
  { login: 'ada', name: 'Ada', email: 'ada@acme.example', token: 'ada-token' },
] as const;
const secret = 'a secret of the webhook';
const hook = {
  received: [] as { event: string; valid: boolean; id: string; payload: { action?: string } }[],
};
const receiver = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  hook.received.push({
    event: String(request.headers['x-github-event']),
    id: String(request.headers['x-github-delivery']),
    valid: request.headers['x-hub-signature-256'] === signature,
    payload: JSON.parse(body),
  });
  response.writeHead(202).end();
});

let github: GitHubServer;
let base: string;
const seen: Exchange[] = [];

/** One request, its answer held against GitHub's own description. */
async function call(
  method: string,
  path: string,
  options: { body?: unknown; token?: string | null; headers?: Record<string, string> } = {},
) {
  const { body, token = 'bot-token', headers = {} } = options;
  const response = await fetch(`${github.apiUrl}${path}`, {
    method,
    headers: { ...(token !== null && { authorization: `Bearer ${token}` }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = text === '' ? '' : JSON.parse(text);
  const pathname = path.replace(/\?.*/, '');
  const exchange = { method, path: pathname, status: response.status, body: answer };
  seen.push(exchange);
  expect(problemsWith(exchange)).toEqual([]);
  return { status: response.status, body: answer, headers: response.headers };
}

const repo = '/repos/acme/shop';

beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const address = receiver.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const source = join(directory, 'source');
  execFileSync(
    'sh',
    [
      '-ec',
      `git init -q -b main ${source}; cd ${source}; mkdir src; echo one > src/one.ts; echo readme > README.md
       git add -A; git commit -qm first; echo two >> src/one.ts; git commit -qam second`,
    ],
    {
      env: {
        PATH: process.env.PATH,
        GIT_AUTHOR_NAME: 'Ada',
        GIT_AUTHOR_EMAIL: 'ada@acme.example',
        GIT_COMMITTER_NAME: 'Ada',
        GIT_COMMITTER_EMAIL: 'ada@acme.example',
      },
    },
  );
  github = await startGitHub({
    directory: join(directory, 'state'),
    people,
    pushers: ['ada'],
    webhooks: [{ url: `http://127.0.0.1:${port}/hooks`, secret }],
  });
  await github.people.createRepository({ name: 'acme/shop', from: source });
  await github.people.createRepository({ name: 'acme/secret', from: source });
  base = (await github.people.branches('acme/shop'))[0]?.sha ?? '';
});
afterAll(async () => {
  await github.stop();
  await new Promise((resolve) => receiver.close(resolve));
  rmSync(directory, { recursive: true, force: true });
});

const commitOn = async (parent: string, files: Record<string, string | null>) => {
  const tree = Object.entries(files).map(([path, content]) => ({
    path,
    mode: '100644',
    type: 'blob',
    ...(content === null ? { sha: null } : { content }),
  }));
  const { body: parentCommit } = await call('GET', `${repo}/git/commits/${parent}`);
  const { body: made } = await call('POST', `${repo}/git/trees`, {
    body: { base_tree: parentCommit.tree.sha, tree },
  });
  const body = { message: 'a change', tree: made.sha, parents: [parent] };
  return (await call('POST', `${repo}/git/commits`, { body })).body.sha as string;
};
const pullFrom = async (branch: string, files: Record<string, string>, over: object = {}) => {
  const sha = await commitOn(base, files);
  await call('POST', `${repo}/git/refs`, { body: { ref: `refs/heads/${branch}`, sha } });
  const body = { title: branch, head: branch, base: 'main', body: 'why', draft: true, ...over };
  return { sha, pull: (await call('POST', `${repo}/pulls`, { body })).body };
};

describe('reading', () => {
  it('answers who is asking, the limits and where it is installed', async () => {
    expect((await call('GET', '/user')).body).toMatchObject({ login: 'slipway[bot]', type: 'Bot' });
    expect((await call('GET', '/user/repos')).body).toMatchObject([{ full_name: 'acme/shop' }]);
    expect((await call('GET', '/user/repos', { token: 'ada-token' })).body).toHaveLength(2);
    expect((await call('GET', '/rate_limit')).body.rate.limit).toBe(5000);
    await call('GET', '/meta');
    expect((await call('GET', `${repo}/installation`)).body.permissions).toMatchObject({ contents: 'write' });
  });

  it('answers the repository, its branches, files, commits and comparisons', async () => {
    expect((await call('GET', repo)).body).toMatchObject({ full_name: 'acme/shop', default_branch: 'main' });
    expect((await call('GET', `${repo}/branches`)).body).toMatchObject([
      { name: 'main', commit: { sha: base } },
    ]);
    expect((await call('GET', `${repo}/branches/main`)).body.commit.sha).toBe(base);
    const file = (await call('GET', `${repo}/contents/src%2Fone.ts?ref=main`)).body;
    expect(Buffer.from(file.content, 'base64').toString('utf8')).toBe('one\ntwo\n');
    expect((await call('GET', `${repo}/contents/src`)).body).toMatchObject([
      { path: 'src/one.ts', type: 'file' },
    ]);
    const commits = (await call('GET', `${repo}/commits?path=README.md`)).body;
    expect(commits).toMatchObject([{ commit: { message: 'first' }, author: { login: 'ada' } }]);
    const [first] = commits;
    expect((await call('GET', `${repo}/commits/main`)).body.files).toMatchObject([
      { filename: 'src/one.ts', patch: '@@ -1 +1,2 @@\n one\n+two' },
    ]);
    expect((await call('GET', `${repo}/commits/${first.sha}`)).body.stats).toEqual({
      additions: 2,
      deletions: 0,
      total: 2,
    });
    const compared = await call('GET', `${repo}/compare/${first.sha}...main`);
    expect(compared.body).toMatchObject({
      status: 'ahead',
      ahead_by: 1,
      files: [{ filename: 'src/one.ts' }],
    });
  });

  it('answers git objects', async () => {
    const { body: ref } = await call('GET', `${repo}/git/ref/heads%2Fmain`);
    expect(ref.object.sha).toBe(base);
    expect((await call('GET', `${repo}/git/matching-refs/heads%2Fma`)).body).toHaveLength(1);
    const { body: tree } = await call('GET', `${repo}/git/trees/${base}?recursive=1`);
    expect(tree.tree.map((one: { path: string }) => one.path)).toEqual(['README.md', 'src', 'src/one.ts']);
    const { body: blob } = await call('GET', `${repo}/git/blobs/${tree.tree[0].sha}`);
    expect(Buffer.from(blob.content, 'base64').toString('utf8')).toBe('readme\n');
    const { body: made } = await call('POST', `${repo}/git/blobs`, {
      body: { content: 'cmVhZG1lCg==', encoding: 'base64' },
    });
    expect(made.sha).toBe(tree.tree[0].sha);
  });

  it('pages, and says where the other pages are', async () => {
    const one = await call('GET', `${repo}/commits?per_page=1`);
    expect(one.body).toHaveLength(1);
    expect(one.headers.get('link')).toBe(
      `<${github.apiUrl}${repo}/commits?per_page=1&page=2>; rel="next", <${github.apiUrl}${repo}/commits?per_page=1&page=2>; rel="last"`,
    );
    const two = await call('GET', `${repo}/commits?per_page=1&page=2`);
    expect(two.body).toMatchObject([{ commit: { message: 'first' } }]);
    expect(two.headers.get('link')).toContain('rel="prev"');
  });

  it('answers 304 to who has it already', async () => {
    const first = await call('GET', `${repo}/branches`);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^W\/"/);
    const response = await fetch(`${github.apiUrl}${repo}/branches`, {
      headers: { authorization: 'Bearer bot-token', 'if-none-match': etag },
    });
    expect([response.status, await response.text()]).toEqual([304, '']);
  });
});

describe('refusing', () => {
  it.each([
    ['GET', '/repos/acme/none', {}, 404, { message: 'Not Found', documentation_url: expect.any(String) }],
    ['GET', '/repos/acme/secret', {}, 404, { message: 'Not Found' }],
    ['GET', '/user', { token: 'wrong' }, 401, { message: 'Bad credentials' }],
    ['GET', '/user', { token: null }, 401, { message: 'Bad credentials' }],
    ['GET', `${repo}/git/ref/heads%2Fnone`, {}, 404, { message: 'Not Found' }],
    [
      'POST',
      `${repo}/pulls`,
      { body: { head: 'x', base: 'main' } },
      422,
      {
        message: 'Validation Failed',
        errors: [{ resource: 'PullRequest', code: 'missing_field', field: 'title' }],
      },
    ],
    [
      'POST',
      `${repo}/pulls`,
      { body: { title: 'x', head: 'none', base: 'main' } },
      422,
      { errors: [{ field: 'head', code: 'invalid' }] },
    ],
    [
      'POST',
      `${repo}/pulls`,
      { body: { title: 'x', head: 'main', base: 'main' } },
      422,
      { errors: [{ message: 'No commits between main and main' }] },
    ],
    [
      'POST',
      `${repo}/git/trees`,
      { body: { tree: [{ path: '../x', mode: '100644', content: '' }] } },
      422,
      { message: 'tree.path contains a malformed path component' },
    ],
    [
      'POST',
      `${repo}/git/commits`,
      { body: { message: 'm', tree: '0'.repeat(40) } },
      422,
      { message: 'Tree SHA does not exist' },
    ],
    [
      'POST',
      `${repo}/git/refs`,
      { body: { ref: 'refs/heads/x', sha: '0'.repeat(40) } },
      422,
      { message: 'Object does not exist' },
    ],
    [
      'PATCH',
      `${repo}/git/refs/heads%2Fnone`,
      { body: { sha: '0'.repeat(40) } },
      422,
      { message: 'Reference does not exist' },
    ],
  ])('%s %s %j with %i', async (method, path, options, status, body) => {
    expect(await call(method, path, options)).toMatchObject({ status, body });
  });

  it('does what is asked of it when it should go wrong', async () => {
    github.faults.plan({ kind: 'rate-limit', on: /^GET .*\/branches$/ });
    await call('GET', '/user');
    const limited = await call('GET', `${repo}/branches`);
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([403, '7']);
    github.faults.plan({ kind: 'error-before', times: 2 });
    const statuses = [];
    for (let index = 0; index < 3; index++)
      statuses.push(
        (await fetch(`${github.apiUrl}/user`, { headers: { authorization: 'Bearer bot-token' } })).status,
      );
    expect(statuses).toEqual([500, 500, 200]);
    github.faults.plan({ kind: 'hang-after', on: /POST .*\/labels$/ });
    const slow = fetch(`${github.apiUrl}${repo}/labels`, {
      method: 'POST',
      headers: { authorization: 'Bearer bot-token' },
      body: JSON.stringify({ name: 'made-all-the-same' }),
      signal: AbortSignal.timeout(300),
    });
    await expect(slow).rejects.toThrow();
    expect((await call('GET', `${repo}/labels/made-all-the-same`)).status).toBe(200);
  });
});

describe('pull requests', () => {
  it('are made once, found by their branch, edited and listed with their files and commits', async () => {
    const { sha, pull } = await pullFrom('one', { 'src/new.ts': 'new\n' });
    expect(pull).toMatchObject({
      draft: true,
      mergeable: true,
      mergeable_state: 'draft',
      commits: 1,
      additions: 1,
    });
    const again = { title: 'x', head: 'one', base: 'main' };
    expect((await call('POST', `${repo}/pulls`, { body: again })).body.errors[0].message).toBe(
      'A pull request already exists for acme:one.',
    );
    expect((await call('GET', `${repo}/pulls?head=acme:one&state=all`)).body).toMatchObject([
      { number: pull.number },
    ]);
    expect((await call('GET', `${repo}/pulls?head=acme:two`)).body).toEqual([]);
    const edited = await call('PATCH', `${repo}/pulls/${pull.number}`, { body: { body: 'because' } });
    expect(edited.body).toMatchObject({ title: 'one', body: 'because' });
    expect((await call('GET', `${repo}/pulls/${pull.number}/files`)).body).toMatchObject([
      { filename: 'src/new.ts', status: 'added', additions: 1 },
    ]);
    expect((await call('GET', `${repo}/pulls/${pull.number}/commits`)).body).toMatchObject([{ sha }]);
  });

  it('take comments, labels, checks and statuses', async () => {
    const { sha, pull } = await pullFrom('talk', { 'talk.txt': 'x' });
    const issue = `${repo}/issues/${pull.number}`;
    const { body: comment } = await call('POST', `${issue}/comments`, { body: { body: 'hello' } });
    await call('PATCH', `${repo}/issues/comments/${comment.id}`, { body: { body: 'goodbye' } });
    expect((await call('GET', `${issue}/comments`)).body).toMatchObject([{ body: 'goodbye' }]);
    const label = { name: 'ai-generated', color: '5319e7' };
    await call('POST', `${repo}/labels`, { body: label });
    const twice = await call('POST', `${repo}/labels`, { body: label });
    expect(twice).toMatchObject({ status: 422, body: { errors: [{ code: 'already_exists' }] } });
    expect((await call('GET', `${repo}/labels/ai-generated`)).body.color).toBe('5319e7');
    expect((await call('GET', `${repo}/labels`)).body.length).toBeGreaterThan(0);
    await call('POST', `${issue}/labels`, { body: { labels: ['ai-generated', 'new'] } });
    expect((await call('GET', `${issue}/labels`)).body).toHaveLength(2);
    const run = {
      name: 'slipway',
      head_sha: sha,
      conclusion: 'success',
      output: { title: 't', summary: 's' },
    };
    await call('POST', `${repo}/check-runs`, { body: run });
    expect((await call('GET', `${repo}/commits/talk/check-runs`)).body).toMatchObject({
      total_count: 1,
      check_runs: [{ status: 'completed', conclusion: 'success' }],
    });
    await call('POST', `${repo}/statuses/${sha}`, { body: { state: 'success', context: 'ci' } });
    expect((await call('GET', `${repo}/commits/${sha}/statuses`)).body).toMatchObject([{ context: 'ci' }]);
  });

  it('are approved by others, follow a push, and are merged by git', async () => {
    const { sha, pull } = await pullFrom('merge-me', { 'merged.txt': 'merged\n' });
    const path = `${repo}/pulls/${pull.number}`;
    const own = await call('POST', `${path}/reviews`, { body: { event: 'APPROVE' } });
    expect(own).toMatchObject({
      status: 422,
      body: { errors: ['Can not approve your own pull request'] },
    });
    const next = await commitOn(sha, { 'more.txt': 'more\n' });
    await call('PATCH', `${repo}/git/refs/heads%2Fmerge-me`, { body: { sha: next } });
    const back = await call('PATCH', `${repo}/git/refs/heads%2Fmerge-me`, { body: { sha: base } });
    expect(back).toMatchObject({ status: 422, body: { message: 'Update is not a fast forward' } });
    expect((await call('GET', path)).body).toMatchObject({ head: { sha: next }, commits: 2 });
    const review = await call('POST', `${path}/reviews`, { body: { event: 'APPROVE' }, token: 'ada-token' });
    expect(review.body).toMatchObject({ state: 'APPROVED', commit_id: next, user: { login: 'ada' } });
    expect((await call('GET', `${path}/reviews`)).body).toHaveLength(1);

    expect(await call('PUT', `${path}/merge`, { body: {} })).toMatchObject({ status: 405 });
    await github.people.readyForReview({ repository: 'acme/shop', number: pull.number, login: 'ada' });
    expect(await call('PUT', `${path}/merge`, { body: { sha } })).toMatchObject({ status: 409 });
    const pushed = await github.people.commit({
      repository: 'acme/shop',
      branch: 'main',
      files: { 'other.txt': 'other\n' },
      message: 'meanwhile',
      login: 'ada',
    });
    const merged = await call('PUT', `${path}/merge`, { body: { sha: next }, token: 'ada-token' });
    const [commit] = await github.people.log('acme/shop', 'main');
    expect(commit).toMatchObject({ sha: merged.body.sha, parents: [pushed, next], author: { name: 'Ada' } });
    expect(await github.people.read('acme/shop', 'main', 'merged.txt')).toBe('merged\n');
    expect(await github.people.read('acme/shop', 'main', 'other.txt')).toBe('other\n');
    expect((await call('GET', path)).body).toMatchObject({
      merged: true,
      state: 'closed',
      merged_by: { login: 'ada' },
    });
    expect((await call('DELETE', `${repo}/git/refs/heads%2Fmerge-me`)).status).toBe(204);
  });

  it('that conflict are not mergeable', async () => {
    await github.people.commit({
      repository: 'acme/shop',
      branch: 'main',
      files: { 'src/one.ts': 'theirs\n' },
      message: 'theirs',
      login: 'ada',
    });
    const { pull } = await pullFrom('conflict', { 'src/one.ts': 'ours\n' }, { draft: false });
    expect(pull).toMatchObject({ mergeable: false, mergeable_state: 'dirty' });
    expect(await call('PUT', `${repo}/pulls/${pull.number}/merge`, { body: {} })).toMatchObject({
      status: 405,
      body: { message: 'Pull Request is not mergeable' },
    });
  });

  it('have a page that shows them, with nothing of their text as markup', async () => {
    const body =
      '# Asked for\n\n- [x] **done** `code`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n<script>alert(1)</script> [x](javascript:alert(1))';
    const { pull } = await pullFrom(
      'page',
      { 'page.html': '<b>bold</b>\n' },
      { body, title: '<i>title</i>' },
    );
    const html = await (await fetch(pull.html_url)).text();
    expect(html).toContain('<h1>Asked for</h1>');
    expect(html).toMatch(/<input[^>]* type="checkbox"[^>]*> ?<strong>done<\/strong> <code>code<\/code>/);
    expect(html).toMatch(/<td>1<\/td>\s*<td>2<\/td>/);
    expect(html).toContain('<span class="added">+&lt;b&gt;bold&lt;/b&gt;</span>');
    expect(html).not.toMatch(/<script|<i>|href="javascript/);
    expect((await fetch(`${github.url}/acme/shop`)).status).toBe(200);
    expect((await fetch(github.url)).status).toBe(200);
    expect((await fetch(`${github.url}/acme/shop/pull/999`)).status).toBe(404);
  });
});

describe('git over HTTP', () => {
  const git = (token: string, ...args: string[]) =>
    exec(
      'git',
      [
        '-c',
        `http.extraHeader=Authorization: Basic ${Buffer.from(`x:${token}`).toString('base64')}`,
        ...args,
      ],
      {
        env: {
          PATH: process.env.PATH,
          HOME: directory,
          GIT_TERMINAL_PROMPT: '0',
          GIT_AUTHOR_NAME: 'Ada',
          GIT_AUTHOR_EMAIL: 'ada@acme.example',
          GIT_COMMITTER_NAME: 'Ada',
          GIT_COMMITTER_EMAIL: 'ada@acme.example',
        },
      },
    );

  it('is cloned by those who may see it, and pushed to by those who may push', async () => {
    const { pull } = await pullFrom('pushed-to', { 'p.txt': 'p\n' });
    const clone = join(directory, 'clone');
    await git('bot-token', 'clone', '-q', '-b', 'pushed-to', `${github.url}/acme/shop.git`, clone);
    await git('bot-token', '-C', clone, 'commit', '-q', '--allow-empty', '-m', 'pushed');
    await expect(git('bot-token', '-C', clone, 'push', '-q')).rejects.toThrow('403');
    await git('ada-token', '-C', clone, 'push', '-q');
    const head = (await git('ada-token', '-C', clone, 'rev-parse', 'HEAD')).stdout.trim();
    expect((await call('GET', `${repo}/pulls/${pull.number}`)).body.head.sha).toBe(head);
  });

  it.each([
    ['a wrong token', 'wrong', 'acme/shop', 'could not read Username'],
    ['a repository that may not be seen', 'bot-token', 'acme/secret', 'not found'],
    ['a repository that is not there', 'bot-token', 'acme/none', 'not found'],
  ])('refuses %s', async (_, token, repository, message) => {
    await expect(git(token, 'ls-remote', `${github.url}/${repository}.git`)).rejects.toThrow(message);
  });
});

describe('webhooks', () => {
  it('tell of pushes, pull requests and reviews, signed, each once, as GitHub describes them', async () => {
    await github.settled();
    expect(hook.received.every((one) => one.valid)).toBe(true);
    expect(new Set(hook.received.map((one) => one.id)).size).toBe(hook.received.length);
    const names = hook.received.map(({ event, payload }) =>
      [event.replaceAll('_', '-'), ...(payload.action ? [payload.action.replaceAll('_', '-')] : [])].join(
        '-',
      ),
    );
    expect(new Set(names)).toEqual(
      new Set([
        'push',
        'pull-request-opened',
        'pull-request-edited',
        'pull-request-labeled',
        'pull-request-synchronize',
        'pull-request-ready-for-review',
        'pull-request-closed',
        'pull-request-review-submitted',
      ]),
    );
    const problems = hook.received.flatMap((one, index) =>
      problemsWithPayload(names[index] ?? '', one.payload),
    );
    expect([...new Set(problems)]).toEqual([]);
    expect(github.deliveries.every((delivery) => delivery.status === 202)).toBe(true);
  });
});

describe('the server', () => {
  it('goes on where it was stopped', async () => {
    const before = github.people.pulls('acme/shop').length;
    await github.stop();
    github = await startGitHub({ directory: join(directory, 'state'), people });
    expect(github.people.pulls('acme/shop')).toHaveLength(before);
    expect((await call('GET', `${repo}/pulls/1`)).body.number).toBe(1);
  });

  it('had every route asked at least once and answered as GitHub describes it', () => {
    const asked = new Set(
      seen.filter((one) => one.status < 300).map((one) => `${one.method} ${templateOf(one.path)}`),
    );
    const shape = (route: string) => route.replace(/\{[^}]+\}|:\w+/g, '*');
    const shapes = new Set([...asked].map(shape));
    expect(github.routes.length).toBeGreaterThan(40);
    expect(
      github.routes.map((route) => shape(route.replace('/api/v3', ''))).filter((one) => !shapes.has(one)),
    ).toEqual([]);
  });
});

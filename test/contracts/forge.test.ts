import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createGitHub } from '../../src/adapters/github.ts';
import { GiveUp, TryAgain } from '../../src/errors.ts';
import type { ProposedChange } from '../../src/ports.ts';
import type { ForgeBench } from './forge.ts';
import { forgeOn } from './forge.ts';

const plain = `
mkdir -p src docs
printf 'one\\n' > src/one.ts
printf '#!/bin/sh\\n' > run.sh
chmod +x run.sh
git add -A
git commit -q -m first
printf 'guide\\n' > docs/guide.md
`;

const benches: ForgeBench[] = [];
/** One that a test may change as it likes. */
const bench = async (script = plain, options: Parameters<typeof forgeOn>[1] = {}) => {
  const one = await forgeOn(script, options);
  benches.push(one);
  return one;
};
const shared = new Map<string, Promise<ForgeBench>>();
/** One for tests that leave it as it is. */
const sharedBench = (script = plain) => {
  const known = shared.get(script) ?? bench(script, { callTimeoutMs: 2000 });
  shared.set(script, known);
  return known;
};
afterAll(async () => {
  for (const one of benches) await one.stop();
});

const changeOf = (base: string, over: Partial<ProposedChange> = {}): ProposedChange => ({
  repository: 'acme/shop',
  branch: 'slipway/f1-two',
  baseBranch: 'main',
  baseCommit: base,
  files: [
    { path: 'src/two.ts', content: 'two € 😀\n' },
    { path: 'run.sh', content: '#!/bin/sh\nexit 0\n' },
    { path: 'docs/guide.md', content: null },
  ],
  commitMessage: 'feat: two\n\nAssisted-by: slipway:model-1',
  title: 'Two',
  body: '# Two\n\nAsked for by Ada.',
  labels: ['ai-generated'],
  ...over,
});

describe('look', () => {
  it('answers the default branch and its newest commit', async () => {
    const { forge, base } = await sharedBench();
    expect(await forge.look('acme/shop')).toEqual({ branch: 'main', commit: base });
  });

  it.each(['acme/none', 'acme/secret'])('gives up on %s, which the bot cannot see', async (repository) => {
    const { forge } = await sharedBench();
    await expect(forge.look(repository)).rejects.toEqual(
      new GiveUp(
        `The bot cannot see ${repository}. Install the app on it or correct the name in slipway.yml.`,
      ),
    );
  });

  it.each(['shop', '../../etc', 'acme/..', 'acme/shop/x', '-x/shop', 'acme/sh op', 'acme/shop?x=1', ''])(
    'gives up on %j, which is no name of a repository',
    async (repository) => {
      const { forge, github } = await sharedBench();
      const before = github.faults.calls.length;
      await expect(forge.look(repository)).rejects.toThrow('is not a repository. Write it as owner/name');
      expect(github.faults.calls.length).toBe(before);
    },
  );

  it.each([
    ['error-before', TryAgain, 'GitHub answered 500 while looking at acme/shop.', undefined],
    ['rate-limit', TryAgain, 'GitHub asked us to slow down while looking at acme/shop.', 7000],
    ['cut-before', TryAgain, 'GitHub did not answer while looking at acme/shop', undefined],
    ['hang-after', TryAgain, 'GitHub did not answer while looking at acme/shop', undefined],
    ['forbidden', GiveUp, 'GitHub forbids looking at acme/shop (403).', undefined],
  ] as const)('turns %s into %o', async (kind, type, sentence, afterMs) => {
    const { forge, github } = await sharedBench();
    github.faults.plan({ kind });
    const error = await forge.look('acme/shop').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ message: expect.stringContaining(sentence) });
    if (error instanceof TryAgain) expect(error.afterMs).toBe(afterMs);
    expect(await forge.look('acme/shop')).toMatchObject({ branch: 'main' });
  });
});

describe('checkOut', () => {
  const checkOut = async (one: ForgeBench) => {
    const directory = one.fresh();
    const signal = AbortSignal.timeout(20_000);
    const history = await one.forge.checkOut({
      repository: 'acme/shop',
      commit: one.base,
      directory,
      signal,
    });
    return { directory, history };
  };
  const filesIn = (directory: string) =>
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
      .toSorted();

  it('writes the plain files, the executable bit kept, and answers the history', async () => {
    const one = await sharedBench();
    const { directory, history } = await checkOut(one);
    expect(filesIn(directory)).toEqual(['docs/guide.md', 'run.sh', 'src/one.ts']);
    expect(readFileSync(join(directory, 'src/one.ts'), 'utf8')).toBe('one\n');
    expect(statSync(join(directory, 'run.sh')).mode & 0o111).toBe(0o111);
    expect(statSync(join(directory, 'src/one.ts')).mode & 0o111).toBe(0);
    expect(history.map(({ paths }) => paths)).toEqual([['docs/guide.md'], ['run.sh', 'src/one.ts']]);
    expect(history[0]).toMatchObject({ commit: one.base, at: '2026-11-01T10:00:00.000Z' });
  });

  it('answers at most the newest 200 commits', async () => {
    const one = await bench(`for i in $(seq 210); do git commit -q --allow-empty -m $i; done`);
    const { history } = await checkOut(one);
    expect(history).toHaveLength(200);
    expect(history[0]?.commit).toBe(one.base);
  });

  it('brings in what was pushed since, and keeps what it has when GitHub is away', async () => {
    const one = await bench();
    await checkOut(one);
    const commit = await one.github.people.commit({
      repository: 'acme/shop',
      branch: 'main',
      files: { 'new.txt': 'new' },
      message: 'new',
      login: 'ada',
    });
    const directory = one.fresh();
    const signal = AbortSignal.timeout(20_000);
    await one.forge.checkOut({ repository: 'acme/shop', commit, directory, signal });
    expect(filesIn(directory)).toContain('new.txt');
    await one.github.stop();
    expect(filesIn((await checkOut(one)).directory)).toHaveLength(3);
  });

  it('serves several at once from a mirror that is not there yet', async () => {
    const one = await bench();
    const results = await Promise.all([1, 2, 3, 4].map(() => checkOut(one)));
    expect(results.map(({ directory }) => filesIn(directory).length)).toEqual([3, 3, 3, 3]);
  });

  it('writes links as plain files and submodules as empty directories, so that nothing leads outside', async () => {
    const one = await bench(`
      ln -s /etc/passwd absolute
      ln -s ../../../etc up
      ln -s . here
      mkdir sub
      git update-index --add --cacheinfo 160000,0123456789012345678901234567890123456789,sub/module
      printf '[submodule "m"]\\n\\tpath = sub/module\\n\\turl = /etc\\n' > .gitmodules
    `);
    const { directory } = await checkOut(one);
    const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
    expect(entries.filter((entry) => entry.isSymbolicLink())).toEqual([]);
    expect(readFileSync(join(directory, 'absolute'), 'utf8')).toBe('/etc/passwd');
    expect(readFileSync(join(directory, 'up'), 'utf8')).toBe('../../../etc');
    expect(filesIn(directory)).toEqual(['.gitmodules', 'absolute', 'here', 'up']);
  });

  it('obeys no attribute of a hostile repository: nothing runs, nothing is hidden, nothing is rewritten', async () => {
    const one = await bench(`
      mkdir -p .githooks hooks
      printf '#!/bin/sh\\ntouch %s/ran-hook\\n' "$HOME" > .githooks/post-checkout
      cp .githooks/post-checkout hooks/post-checkout
      chmod +x .githooks/* hooks/*
      printf '[filter "evil"]\\n\\tsmudge = touch %s/ran-filter; cat\\n[core]\\n\\thooksPath = .githooks\\n\\tfsmonitor = touch %s/ran-monitor\\n' "$HOME" "$HOME" > .gitconfig
      printf '%s\\n' '*.evil filter=evil' 'hidden.txt export-ignore' 'subst.txt export-subst' '*.crlf text eol=crlf' '*.utf16 working-tree-encoding=UTF-16' '*.lfs filter=lfs diff=lfs' > .gitattributes
      printf 'x' > a.evil
      printf 'see me' > hidden.txt
      printf '$Format:%%H$' > subst.txt
      printf 'a\\nb\\n' > a.crlf
      printf 'a' > a.utf16.txt
      printf 'version https://git-lfs.github.com/spec/v1\\n' > big.lfs
    `);
    const { directory } = await checkOut(one);
    const read = (path: string) => readFileSync(join(directory, path), 'utf8');
    expect(read('hidden.txt')).toBe('see me');
    expect(read('subst.txt')).toBe('$Format:%H$');
    expect(read('a.crlf')).toBe('a\nb\n');
    expect(read('a.evil')).toBe('x');
    expect(read('big.lfs')).toContain('git-lfs');
    expect(filesIn(join(directory, '..')).filter((path) => path.includes('ran-'))).toEqual([]);
  });

  it('refuses a tree that names a path outside of it', async () => {
    const one = await bench(`
      blob=$(printf evil | git hash-object -w --stdin)
      inner=$(printf '100644 blob %s\\tevil.txt\\n' "$blob" | git mktree)
      outer=$(printf '040000 tree %s\\t..\\n' "$inner" | git mktree)
      git update-ref refs/heads/evil $(git commit-tree -m evil $outer)
    `);
    const commit = (await one.github.people.branches('acme/shop')).find(
      (branch) => branch.name === 'evil',
    )?.sha;
    const directory = one.fresh();
    const request = {
      repository: 'acme/shop',
      commit: commit ?? '',
      directory,
      signal: AbortSignal.timeout(20_000),
    };
    await expect(one.forge.checkOut(request)).rejects.toThrow('"../evil.txt", which is not a path of a file');
    expect(readdirSync(directory)).toEqual([]);
  });

  it('keeps the token out of the mirror', async () => {
    const one = await sharedBench();
    await checkOut(one);
    const work = join(one.fresh(), '..', 'work');
    const secret = Buffer.from('x-access-token:ghs_the-token-of-the-bot').toString('base64');
    for (const path of filesIn(work)) {
      const content = readFileSync(join(work, path), 'latin1');
      expect(content.includes('ghs_the-token') || content.includes(secret)).toBe(false);
    }
  });

  it.each([
    [
      'a commit it does not have',
      { commit: '0123456789012345678901234567890123456789' },
      'has no commit 0123',
    ],
    ['something that is no commit', { commit: '--upload-pack=touch x' }, 'is not the full id of a commit'],
    ['a repository the bot cannot see', { repository: 'acme/secret' }, 'The bot cannot see acme/secret.'],
    ['a directory that is not there', { directory: '/nonexistent/x' }, 'it is not a directory'],
    ['a directory that is not empty', { directory: import.meta.dirname }, 'it is not empty'],
  ])('gives up on %s', async (_, over, sentence) => {
    const one = await sharedBench();
    const request = { repository: 'acme/shop', commit: one.base, directory: one.fresh(), ...over };
    const error = await one.forge
      .checkOut({ ...request, signal: AbortSignal.timeout(20_000) })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GiveUp);
    expect(error).toMatchObject({ message: expect.stringContaining(sentence) });
  });

  it('stops with the reason of the signal', async () => {
    const one = await sharedBench();
    const stop = new AbortController();
    const request = {
      repository: 'acme/shop',
      commit: one.base,
      directory: one.fresh(),
      signal: stop.signal,
    };
    const work = one.forge.checkOut(request);
    stop.abort(new Error('stopped by Ada'));
    await expect(work).rejects.toThrow('stopped by Ada');
  });
});

describe('propose', () => {
  const left = async ({ github }: ForgeBench) => {
    const branches = (await github.people.branches('acme/shop')).filter((one) => one.name !== 'main');
    return { branches, pulls: github.people.pulls('acme/shop') };
  };

  it('makes a branch, a commit, a draft pull request and a label', async () => {
    const one = await bench();
    const made = await one.forge.propose(changeOf(one.base));
    expect(made).toEqual({
      number: 1,
      url: `${one.github.url}/acme/shop/pull/1`,
      draft: true,
      headSha: (await left(one)).branches[0]?.sha,
      files: ['docs/guide.md', 'run.sh', 'src/two.ts'],
    });
    const [commit] = await one.github.people.log('acme/shop', made.headSha);
    expect(commit).toMatchObject({
      parents: [one.base],
      message: 'feat: two\n\nAssisted-by: slipway:model-1',
    });
    expect(await one.github.people.read('acme/shop', made.headSha, 'src/two.ts')).toBe('two € 😀\n');
    expect((await left(one)).pulls).toMatchObject([{ labels: ['ai-generated'], draft: true, title: 'Two' }]);
    const directory = one.fresh();
    const signal = AbortSignal.timeout(20_000);
    await one.forge.checkOut({ repository: 'acme/shop', commit: made.headSha, directory, signal });
    expect(readdirSync(directory).toSorted()).toEqual(['run.sh', 'src']);
    expect(statSync(join(directory, 'run.sh')).mode & 0o111).toBe(0o111);
  });

  it('changes nothing when it is asked again', async () => {
    const one = await bench();
    const first = await one.forge.propose(changeOf(one.base));
    one.github.faults.clear();
    const before = one.github.faults.calls.length;
    expect(await one.forge.propose(changeOf(one.base))).toEqual(first);
    const writes = one.github.faults.calls.slice(before).filter((call) => !call.startsWith('GET'));
    expect(writes).toEqual(['POST /repos/acme/shop/git/trees']);
    const { branches, pulls } = await left(one);
    expect([branches.length, pulls.length]).toEqual([1, 1]);
  });

  it('keeps unfinished work on a branch without a pull request, and proposes the same commit later', async () => {
    const one = await bench();
    const change = changeOf(one.base);
    const kept = await one.forge.keep(change);
    expect(await one.forge.keep(change)).toEqual(kept);
    expect(kept.url).toBe(`${one.github.url}/acme/shop/tree/${change.branch}`);
    expect(await left(one)).toMatchObject({ branches: [{ sha: kept.headSha }], pulls: [] });
    expect((await one.forge.propose(change)).headSha).toBe(kept.headSha);
    await expect(one.forge.keep({ ...change, branch: 'main', baseBranch: 'next' })).rejects.toThrow(
      'default branch',
    );
  });

  it('makes the same commit anywhere', async () => {
    const [one, two] = [await bench(), await bench()];
    expect(one.base).toBe(two.base);
    const [first, second] = [
      await one.forge.propose(changeOf(one.base)),
      await two.forge.propose(changeOf(two.base)),
    ];
    expect(first.headSha).toBe(second.headSha);
  });

  it('ends with one branch and one pull request when it is cut off after any call', async () => {
    const one = await bench();
    const undisturbed = await one.forge.propose(changeOf(one.base, { branch: 'slipway/f0-undisturbed' }));
    const calls = one.github.faults.calls.length;
    expect(calls).toBeGreaterThan(12);
    let hit = 0;
    for (let skip = 0; skip < calls; skip++) {
      const branch = `slipway/f1-${skip}`;
      const labels = ['ai-generated', `label-${skip}`];
      const change = changeOf(one.base, { branch, labels });
      one.github.faults.plan({ kind: 'cut-after', skip });
      const error = await one.forge.propose(change).catch((thrown: unknown) => thrown);
      if (!(error instanceof TryAgain)) break;
      hit += 1;
      const made = await one.forge.propose(change);
      expect(made.headSha).toBe(undisturbed.headSha);
      const pulls = one.github.people.pulls('acme/shop').filter((pull) => pull.head === branch);
      expect(pulls).toMatchObject([{ number: made.number, draft: true, labels }]);
    }
    expect(hit).toBeGreaterThan(12);
    const { branches, pulls } = await left(one);
    expect(new Set(branches.map((branch) => branch.sha))).toEqual(new Set([undisturbed.headSha]));
    expect(pulls).toHaveLength(branches.length);
  }, 60_000);

  it('ends with one branch and one pull request when two ask at the same time', async () => {
    const one = await bench();
    const both = await Promise.allSettled([1, 2].map(() => one.forge.propose(changeOf(one.base))));
    for (const result of both)
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(TryAgain);
    const made = await one.forge.propose(changeOf(one.base));
    const { branches, pulls } = await left(one);
    expect(branches).toEqual([{ name: 'slipway/f1-two', sha: made.headSha }]);
    expect(pulls).toMatchObject([{ number: made.number, labels: ['ai-generated'] }]);
  });

  it('puts a new version on top of the old one, and brings title and body up to date', async () => {
    const one = await bench();
    const first = await one.forge.propose(changeOf(one.base));
    const files = [{ path: 'src/two.ts', content: 'better\n' }];
    const next = changeOf(one.base, { files, title: 'Two, better', body: 'New words.' });
    const second = await one.forge.propose(next);
    expect(second).toMatchObject({ number: first.number, files: ['src/two.ts'] });
    expect(await one.forge.propose(next)).toEqual(second);
    const [commit] = await one.github.people.log('acme/shop', second.headSha);
    expect(commit?.parents).toEqual([first.headSha]);
    expect(one.github.people.pulls('acme/shop')).toMatchObject([
      { title: 'Two, better', body: 'New words.' },
    ]);
  });

  it('joins the base commit to the branch when that has moved on', async () => {
    const one = await bench();
    const first = await one.forge.propose(changeOf(one.base));
    const push = {
      repository: 'acme/shop',
      branch: 'main',
      files: { 'x.txt': 'x' },
      message: 'x',
      login: 'ada',
    };
    const base = await one.github.people.commit(push);
    const second = await one.forge.propose(changeOf(base));
    const [commit] = await one.github.people.log('acme/shop', second.headSha);
    expect(commit?.parents).toEqual([first.headSha, base]);
    expect(second.files).toEqual(['docs/guide.md', 'run.sh', 'src/two.ts']);
    expect(await one.forge.propose(changeOf(base))).toEqual(second);
  });

  it('never writes over what a person pushed to the branch', async () => {
    const one = await bench();
    await one.forge.propose(changeOf(one.base));
    const push = { repository: 'acme/shop', files: { 'mine.txt': 'mine' }, message: 'mine', login: 'ada' };
    const pushed = await one.github.people.commit({ ...push, branch: 'slipway/f1-two' });
    const error = await one.forge.propose(changeOf(one.base)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GiveUp);
    expect(error).toMatchObject({ message: expect.stringContaining('Ada has pushed to slipway/f1-two') });
    expect((await left(one)).branches).toEqual([{ name: 'slipway/f1-two', sha: pushed }]);
  });

  it('leaves a pull request alone that was merged, and gives up on one that was closed', async () => {
    const one = await bench();
    const made = await one.forge.propose(changeOf(one.base));
    const at = { repository: 'acme/shop', number: 1, login: 'ada' };
    await one.github.people.readyForReview(at);
    await one.github.people.merge(at);
    expect(await one.forge.propose(changeOf(one.base))).toEqual({ ...made, draft: false });
    const files = [{ path: 'other.txt', content: 'other' }];
    const other = changeOf(one.base, { branch: 'slipway/f2-other', files });
    const { number } = await one.forge.propose(other);
    await one.github.people.close({ ...at, number });
    await expect(one.forge.propose(other)).rejects.toThrow(`Somebody closed pull request ${one.github.url}`);
  });

  const link = `${plain}\nln -s src link\nln -s src/one.ts one-link\nmkdir module\ngit update-index --add --cacheinfo 160000,0123456789012345678901234567890123456789,module`;
  it.each<[string, Partial<ProposedChange>, string]>([
    ['the default branch', { branch: 'main', baseBranch: 'develop' }, 'is the default branch of acme/shop'],
    [
      'the base branch',
      { branch: 'develop', baseBranch: 'develop' },
      'cannot be proposed from develop to itself',
    ],
    ['a branch with a bad name', { branch: '--force' }, 'cannot be the name of a branch'],
    ['a branch with a control character', { branch: 'a\u0007b' }, 'cannot be the name of a branch'],
    ['no files', { files: [] }, 'the change has no files'],
    [
      'files that are there already',
      { files: [{ path: 'src/one.ts', content: 'one\n' }] },
      'has these files already',
    ],
    [
      'the deletion of what is not there',
      { files: [{ path: 'none.ts', content: null }] },
      'has these files already',
    ],
    ['a path outside', { files: [{ path: '../x', content: '' }] }, '"../x" is not a path'],
    ['an absolute path', { files: [{ path: '/x', content: '' }] }, '"/x" is not a path'],
    ['a path into .git', { files: [{ path: 'a/.GIT/hooks/x', content: '' }] }, 'is not a path'],
    ['a path through a link', { files: [{ path: 'link/x.ts', content: '' }] }, 'link is a symbolic link'],
    ['a link itself', { files: [{ path: 'one-link', content: '' }] }, 'one-link is a symbolic link'],
    ['a path into a submodule', { files: [{ path: 'module/x', content: '' }] }, 'module is a submodule'],
    ['a path below a file', { files: [{ path: 'run.sh/x', content: '' }] }, 'run.sh is a file'],
    ['a file in place of a directory', { files: [{ path: 'src', content: '' }] }, 'src is a directory'],
    [
      'a base commit that is not there',
      { baseCommit: '0123456789012345678901234567890123456789' },
      'answered 404',
    ],
    ['a base branch that is not there', { baseBranch: 'develop' }, 'refused opening the pull request'],
    ['a repository the bot cannot see', { repository: 'acme/secret' }, 'The bot cannot see acme/secret.'],
  ])('gives up on %s', async (_, over, sentence) => {
    const one = await sharedBench(link);
    const error = await one.forge.propose(changeOf(one.base, over)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GiveUp);
    expect(error).toMatchObject({ message: expect.stringContaining(sentence) });
    expect((await left(one)).pulls).toEqual([]);
  });

  it('cuts a body that GitHub would not take', async () => {
    const one = await bench();
    await one.forge.propose(changeOf(one.base, { body: 'x'.repeat(70_000) }));
    expect(one.github.people.pulls('acme/shop')[0]?.body).toHaveLength(65_536);
  });

  it('gives up when the token is not accepted, and does not show it', async () => {
    const one = await sharedBench();
    const options = {
      baseUrl: one.github.apiUrl,
      gitUrl: one.github.url,
      token: 'ghs_wrong',
      workDirectory: one.fresh(),
    };
    const forge = createGitHub(options);
    const signal = AbortSignal.timeout(20_000);
    const request = { repository: 'acme/shop', commit: one.base, directory: one.fresh(), signal };
    for (const work of [forge.propose(changeOf(one.base)), forge.checkOut(request)]) {
      const error = await work.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(GiveUp);
      expect(error).toMatchObject({ message: expect.stringMatching(/GITHUB_TOKEN/) });
      expect(error).not.toMatchObject({ message: expect.stringContaining('ghs_wrong') });
    }
  });
});

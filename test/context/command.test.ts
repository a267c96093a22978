import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contextCommand } from '../../src/cli/context.ts';
import { commitAll, git, makeDirectory, shop, writeInto } from './made-repository.ts';

async function run(cwd: string, ...args: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const status = await contextCommand(args, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    cwd,
  });
  return { status, out: out.join('\n'), err: err.join('\n') };
}

function shopWithHistory(): string {
  const directory = makeDirectory({ ...shop, '.gitignore': 'scratch/\n' });
  git(directory, 'init', '-q');
  commitAll(directory, 'first');
  for (const line of ['one', 'two']) {
    writeInto(directory, { 'src/cart.ts': `${shop['src/cart.ts']}// ${line}\n` });
    commitAll(directory, line);
  }
  return directory;
}

test('lists files with scores, reasons and tokens, as JSON and for people', async () => {
  const directory = shopWithHistory();
  const json = await run(directory, '.', 'discount on the cart total', '--json', '--max-tokens', '5000');
  const pack = JSON.parse(json.out);
  expect(json.status).toBe(0);
  expect(pack.files.slice(0, 2).map((file: { path: string }) => file.path)).toEqual([
    'AGENTS.md',
    'src/cart.ts',
  ]);
  expect(pack.files[1]).toEqual({
    path: 'src/cart.ts',
    score: 1,
    reasons: expect.arrayContaining(['matches cart in its path', 'changed in 3 of the last 3 commits']),
    tokens: expect.any(Number),
    form: 'whole',
    shownLines: 7,
    lines: 7,
  });
  expect(pack.maxTokens).toBe(5000);
  const text = await run(directory, '.', 'discount on the cart total');
  expect(text.out).toMatch(/^ 1\.000 {2}src\/cart\.ts {2}\(\d+ tokens\)\n {10}matches /m);
  expect(text.out).toMatch(/\d+ files, \d+ of 24000 tokens$/);
});

test('reads .slipway.yml, passes over what git ignores, and works in a folder without git', async () => {
  const directory = shopWithHistory();
  writeInto(directory, {
    'scratch/cart.ts': 'discount cart total',
    '.slipway.yml':
      'version: 1\nowner: "@maria"\ncontext: { always: [README.md], never: ["test/**"], maxTokens: 3000 }\nchecks: [{ name: t, run: "true" }]\n',
  });
  const withGit = JSON.parse((await run('/', directory, 'discount on the cart', '--json')).out);
  const found = withGit.files.map((file: { path: string }) => file.path);
  expect(found[0]).toBe('README.md');
  expect(found.filter((path: string) => path.startsWith('test/') || path.startsWith('scratch/'))).toEqual([]);
  expect(withGit.maxTokens).toBe(3000);

  rmSync(join(directory, '.git'), { recursive: true });
  const without = await run('/', directory, 'discount on the cart');
  expect(without.status).toBe(0);
  expect(without.out).toContain('scratch/cart.ts');
  expect(without.out).not.toContain('of the last');
});

test('a folder that an outer repository ignores is read all the same', async () => {
  const directory = makeDirectory({ '.gitignore': 'inner/\n', 'inner/cart.ts': 'export const cart = 1;\n' });
  git(directory, 'init', '-q');
  expect((await run(directory, 'inner', 'cart')).out).toMatch(/^ 1\.000 {2}cart\.ts /);
});

/** Gives the newest commit a signature, which git would ask `gpg.program` about. */
function signLastCommit(directory: string): void {
  const commit = git(directory, 'cat-file', 'commit', 'HEAD');
  const signature = 'gpgsig -----BEGIN PGP SIGNATURE-----\n \n abcd\n -----END PGP SIGNATURE-----';
  writeFileSync(
    join(directory, 'signed'),
    commit.replace('\n\n', () => `\n${signature}\n\n`),
  );
  const signed = git(directory, 'hash-object', '-t', 'commit', '-w', 'signed').trim();
  git(directory, 'update-ref', 'HEAD', signed);
}

test('nothing in the configuration of the checkout is run', async () => {
  const directory = shopWithHistory();
  const ran = join(directory, 'ran');
  const program = join(directory, 'program');
  writeFileSync(program, `#!/bin/sh\ntouch ${ran}\n`, { mode: 0o755 });
  signLastCommit(directory);
  const settings: Readonly<Record<string, string>> = {
    'core.fsmonitor': program,
    'core.hooksPath': directory,
    'core.pager': program,
    'pager.log': program,
    'log.showSignature': 'true',
    'gpg.program': program,
    'diff.external': program,
    'diff.x.textconv': program,
    'filter.x.clean': program,
    'filter.x.smudge': program,
  };
  for (const [key, value] of Object.entries(settings)) git(directory, 'config', key, value);
  writeInto(directory, { '.gitattributes': '*.ts diff=x filter=x\n' });
  expect((await run('/', directory, 'cart')).out).toContain('changed in 3 of the last 3 commits');
  expect(existsSync(ran)).toBe(false);
});

test.each([
  [['.'], /^A directory and a request are needed/],
  [['.', ' '], /^A directory and a request are needed/],
  [['nowhere', 'x'], /nowhere is not a directory/],
  [['.', 'x', '--max-tokens', '-3'], /max-tokens/],
  [['.', 'x', '--nope'], /nope/],
])('%j is answered with what to do', async (args, message) => {
  const answer = await run(makeDirectory({}), ...args);
  expect(answer.status).toBe(2);
  expect(answer.err).toMatch(message);
  expect(answer.out).toBe('');
});

test('every problem of a broken .slipway.yml is told with its line', async () => {
  const answer = await run(makeDirectory({ '.slipway.yml': 'version: 2\nowner: ""\n' }), '.', 'x');
  expect(answer.status).toBe(2);
  expect(answer.err).toMatch(/\.slipway\.yml:1:\d+ .*\n.*\.slipway\.yml:2:\d+ /);
});

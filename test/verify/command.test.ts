import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bubblewrap } from '../../src/adapters/bubblewrap.ts';
import { verifyCommand } from '../../src/cli/verify.ts';

const missing = await bubblewrap().unavailable();
const rules = `version: 1
owner: '@maria'
checks:
  - { name: test, run: 'node --test --test-reporter=junit --test-reporter-destination=$REPORT', report: junit }
`;
const code = 'exports.add = (a, b) => a + b;\n';
const broken = 'exports.add = (a, b) => a - b;\n';
const tests = `const { test } = require('node:test');
const { add } = require('../src/a.js');
test('adds', () => require('node:assert').equal(add(1, 2), 3));
`;

let checkout = '';
let cache: string | undefined;
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'slipway-command-'));
  cache = process.env.XDG_CACHE_HOME;
  process.env.XDG_CACHE_HOME = join(checkout, '.git', 'cache');
  git('init', '--quiet', '--initial-branch=main');
});
afterEach(() => {
  if (cache === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = cache;
  rmSync(checkout, { recursive: true, force: true });
});

function git(...parameters: readonly string[]): string {
  const who = ['-c', 'user.name=Maria', '-c', 'user.email=maria@example.com'];
  return execFileSync('git', [...who, ...parameters], {
    cwd: checkout,
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim();
}
function put(files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(checkout, path, '..'), { recursive: true });
    writeFileSync(join(checkout, path), content);
  }
}
function commit(files: Readonly<Record<string, string>>): string {
  put(files);
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '--message=change');
  return git('rev-parse', 'HEAD');
}
async function verify(...args: readonly string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const io = {
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
    cwd: checkout,
    env: {},
  };
  const status = await verifyCommand(['.', ...args], io);
  return { status, out: out.join('\n'), err: err.join('\n') };
}
async function report(...args: readonly string[]) {
  const { status, out } = await verify('--json', ...args);
  return { status, ...JSON.parse(out) };
}

describe.skipIf(missing !== undefined && process.env.CI !== 'true')(missing ?? 'slipway verify', () => {
  const shop = { '.slipway.yml': rules, 'src/a.js': code, 'test/a.test.js': tests };

  test('answers in the promised shape', async () => {
    const base = commit(shop);
    const head = commit({ 'src/a.js': `${code}exports.b = 1;\n` });
    expect(await report('--base', 'HEAD~1')).toMatchObject({
      status: 0,
      verdict: 'pass',
      base,
      head,
      checks: [
        {
          name: 'test',
          verdict: 'pass',
          because: expect.any(String),
          tests: {
            base: { passed: 1, failed: 0 },
            head: { passed: 1, failed: 0 },
            newlyFailing: [],
            missing: [],
          },
        },
      ],
      findings: [expect.objectContaining({ severity: 'note' })],
      durationMs: expect.any(Number),
    });
  });

  test('takes the working tree as it stands: edited, deleted and untracked files, not the ignored ones', async () => {
    const base = commit({ ...shop, '.gitignore': 'ignored.js\n', 'old.js': '' });
    put({
      'src/a.js': broken,
      'test/b.test.js': tests.replace('adds', 'adds again'),
      'ignored.js': 'const = 1',
    });
    rmSync(join(checkout, 'old.js'));
    const found = await report();
    expect([found.status, found.base, found.head]).toEqual([1, base, `${base}+uncommitted`]);
    expect(found.checks[0].tests).toMatchObject({
      head: { passed: 0, failed: 2 },
      newlyFailing: ['test/a.test.js > adds'],
    });
    expect(found.failures[0]).toMatchObject({
      gate: 'test',
      expected: '3',
      received: '-1',
      at: 'test/a.test.js:3',
    });
    expect(found.findings.some(({ path }: { path?: string }) => path === 'ignored.js')).toBe(false);
  });

  test('without --base: where the branch left, else the commit before', async () => {
    const first = commit(shop);
    const second = commit({ 'src/b.js': '' });
    expect((await report()).base).toBe(first);
    git('checkout', '--quiet', '-b', 'feature');
    commit({ 'src/c.js': '' });
    commit({ 'src/d.js': '' });
    expect((await report()).base).toBe(second);
  });

  test('judges by the rules of the base', async () => {
    commit(shop);
    put({
      '.slipway.yml': rules.replace('node --test', 'true; node --test --test-name-pattern=none'),
      'src/a.js': broken,
    });
    expect((await report()).status).toBe(1);
  });

  test('a repository that is only now getting rules is judged by them', async () => {
    commit({ 'src/a.js': code, 'test/a.test.js': tests });
    put({ '.slipway.yml': rules });
    const found = await report();
    expect([found.status, JSON.stringify(found.findings)]).toEqual([
      0,
      expect.stringContaining('of the working tree was used'),
    ]);
  });

  test('works in a directory of a larger repository', async () => {
    mkdirSync(join(checkout, 'packages/shop'), { recursive: true });
    commit(Object.fromEntries(Object.entries(shop).map(([path, text]) => [`packages/shop/${path}`, text])));
    put({ 'packages/shop/src/a.js': broken });
    const lines: string[] = [];
    const io = { out: (line: string) => void lines.push(line), err: () => {}, cwd: checkout, env: {} };
    expect(await verifyCommand(['packages/shop', '--json'], io)).toBe(1);
    expect(JSON.parse(lines.join('\n')).checks[0].tests.newlyFailing).toEqual(['test/a.test.js > adds']);
  });

  test('uses the installed packages of the checkout, and cannot change them', async () => {
    put({ 'node_modules/dep/index.js': 'module.exports = 3;\n' });
    commit({
      ...shop,
      '.gitignore': 'node_modules\n',
      'test/a.test.js': `${tests}test('dep', () => {
  require('node:assert').equal(require('dep'), 3);
  require('node:assert').throws(() => require('node:fs').writeFileSync('node_modules/dep/index.js', ''));
});\n`,
    });
    put({ 'src/b.js': '' });
    expect(await report()).toMatchObject({ status: 0, checks: [{ tests: { head: { passed: 2 } } }] });
  });

  test('uses them too where installing is not possible, and says so', async () => {
    put({ 'node_modules/dep/index.js': 'module.exports = 3;\n' });
    commit({
      ...shop,
      '.slipway.yml': `${rules}install: exit 7\n`,
      '.gitignore': 'node_modules\n',
      'test/b.test.js':
        "require('node:test').test('dep', () => require('node:assert').equal(require('dep'), 3));\n",
    });
    put({ 'src/b.js': '' });
    const answer = await report();
    expect(answer).toMatchObject({ status: 0, checks: [{ tests: { head: { passed: 2 } } }] });
    expect(JSON.stringify(answer.findings)).toContain('installed in the checkout');
    put({ 'src/a.js': broken });
    expect((await report()).status).toBe(1);
  });

  test('an assertion bent by the code under test is noticed, whichever it is', async () => {
    commit(shop);
    put({ 'src/a.js': `${broken}require('node:assert').equal = () => {};\n` });
    expect(await report()).toMatchObject({ status: 1, checks: [{ verdict: 'tampered' }] });
  });

  test('an expected text rewritten to fit is held against the change', async () => {
    const golden = `const { test } = require('node:test');
const said = require('node:fs').readFileSync('test/golden.txt', 'utf8');
test('golden', () => require('node:assert').equal(String(require('../src/a.js').add(1, 2)), said));
`;
    commit({ ...shop, 'test/a.test.js': golden, 'test/golden.txt': '3' });
    put({ 'src/a.js': broken, 'test/golden.txt': '-1' });
    expect((await report()).status).toBe(1);
  });

  test('criteria from a specification', async () => {
    commit(shop);
    put({
      'src/a.js': `${code}exports.sub = (a, b) => a - b;\n`,
      'test/sub.test.js': `const { test } = require('node:test');
test('AC-1 subtracts', () => require('node:assert').equal(require('../src/a.js').sub(3, 1), 2));
test('AC-2 is true anyway', () => {});
`,
      'spec.md': '- **AC-1** It subtracts.\n',
    });
    expect(await report('--spec', 'spec.md')).toMatchObject({
      status: 0,
      criteria: [{ id: 'AC-1', base: 'red', head: 'green' }],
    });
    put({ 'spec.md': '- **AC-1** It subtracts.\n- **AC-2** It is true.\n' });
    expect(await report('--spec', 'spec.md')).toMatchObject({ status: 1, criteria: [{}, { base: 'green' }] });
  });

  test('runs no hook, filter or file monitor of the checkout', async () => {
    commit({ ...shop, '.gitattributes': '*.js filter=evil\n' });
    const trap = join(checkout, '.git', 'trap');
    writeFileSync(trap, `#!/bin/sh\ntouch ${join(checkout, '.git', 'sprung')}\ncat\n`);
    chmodSync(trap, 0o755);
    for (const name of [
      'filter.evil.clean',
      'filter.evil.smudge',
      'filter.evil.process',
      'core.fsmonitor',
      'diff.external',
    ]) {
      git('config', name, trap);
    }
    put({ 'src/a.js': broken });
    expect((await report()).status).toBe(1);
    expect(existsSync(join(checkout, '.git', 'sprung'))).toBe(false);
  });

  test('follows no link out of the checkout', async () => {
    commit(shop);
    symlinkSync('/etc/hostname', join(checkout, 'src', 'link.js'));
    put({
      'test/link.test.js':
        "require('node:test').test('link', () => { require('node:assert').throws(() => require('node:fs').readFileSync('src/link.js')); });\n",
    });
    expect(await report()).toMatchObject({ status: 0, checks: [{ tests: { head: { passed: 2 } } }] });
  });

  test.each([
    ['as it was', code, 0],
    ['broken on the way', broken, 1],
  ])('tests of a table move with their code, %s', async (_, moved, status) => {
    const table = (path: string) => `const { test } = require('node:test');
const { add } = require('${path}');
for (const [a, b, sum] of [[1, 2, 3], [2, 2, 4]])
  test(\`\${a} and \${b}\`, () => require('node:assert').equal(add(a, b), sum));
`;
    commit({
      '.slipway.yml': `${rules}  - { name: script, run: node --test }\n`,
      'src/a.js': code,
      'test/a.test.js': table('../src/a.js'),
    });
    git('rm', '-r', '--quiet', 'src', 'test');
    put({ 'src/math/a.js': moved, 'test/math/a.test.js': table('../../src/math/a.js') });
    expect((await report()).status).toBe(status);
  });

  test.each([
    ['and so does its test', (text: string) => text.replaceAll(/add(?! is)/g, 'sum'), code, 0],
    ['and its tests are named for it', (text: string) => text.replaceAll('add', 'sum'), code, 0],
    ['broken', (text: string) => text.replaceAll('add', 'sum'), broken, 1],
    ['with a weaker test', (text: string) => text.replaceAll('add', 'sum').replace('3', '-1'), broken, 1],
    ['and the test asks less', (text: string) => text.replace('equal', 'notEqual'), broken, 1],
  ])('a function gets another name, %s', async (_, edit, source, status) => {
    commit({ ...shop, 'test/a.test.js': tests.replace("'adds'", "'add is right'") });
    put({
      'src/a.js': source.replace('add', 'sum'),
      'test/a.test.js': edit(tests.replace("'adds'", "'add is right'")),
    });
    expect((await report()).status).toBe(status);
  });

  test('a directory given to node --test, which only an older Node looks into', async () => {
    commit({ ...shop, '.slipway.yml': rules.replace('$REPORT', '$REPORT test/') });
    put({ 'src/a.js': broken });
    const { status, verdict } = await report();
    // Without that Node no test can be run, and nothing may be said to hold.
    expect([
      [1, 'fail'],
      [2, 'unknown'],
    ]).toContainEqual([status, verdict]);
  });

  test.each([
    ['asks less', '{ "rules": { "b": 0 } }', 1],
    ['leaves files out', '{ "rules": { "b": 1 }, "ignores": ["src/b.js"] }', 1],
    ['takes what new code needs', '{ "rules": { "b": 1 }, "plugin": "b" }', 0],
  ])('a linter whose configuration %s', async (_, configuration, status) => {
    const lint = `const said = JSON.parse(require('fs').readFileSync('.eslintrc.json', 'utf8'));
const b = require('fs').existsSync('src/b.js') && said.rules.b && !said.ignores && !said.plugin;
process.exit(b ? 1 : 0);
`;
    commit({
      ...shop,
      '.slipway.yml': `${rules}  - { name: lint, run: node lint.js }\n`,
      'lint.js': lint,
      '.eslintrc.json': '{ "rules": { "b": 1 } }\n',
    });
    put({ 'src/b.js': '', '.eslintrc.json': `${configuration}\n` });
    expect((await report()).status).toBe(status);
  });

  test.each([
    ['itself', 'node lint.js'],
    ['through a script', 'npm run -s lint'],
  ])('a linter of the repository that no longer looks, run %s', async (_, run) => {
    const lint = (status: number) => `process.exit(require('fs').existsSync('src/b.js') ? ${status} : 0);\n`;
    commit({
      ...shop,
      '.slipway.yml': `${rules}  - { name: lint, run: ${run} }\n`,
      'package.json': '{ "scripts": { "lint": "node ./lint.js" } }\n',
      'lint.js': lint(1),
    });
    put({ 'src/b.js': '', 'lint.js': lint(0) });
    expect((await report()).status).toBe(1);
  });

  test('rules that name no owner judge all the same', async () => {
    commit({ ...shop, '.slipway.yml': rules.replace("owner: '@maria'\n", '') });
    put({ 'src/a.js': broken });
    expect((await report()).status).toBe(1);
  });

  test.each<[string, () => void, string | RegExp]>([
    ['no commit', () => {}, 'not a git checkout with a commit'],
    ['no rules', () => commit({ a: '' }) && commit({ b: '' }), 'There is no .slipway.yml'],
    ['nothing to compare', () => commit(shop), 'nothing to compare'],
    [
      'broken rules: every problem',
      () => commit({ '.slipway.yml': 'version: 2\nowner: x\nchekcs: []\n' }) && commit({ b: '' }),
      /\.slipway\.yml:1:1 [\s\S]*\.slipway\.yml:3:1 /,
    ],
  ])('could not run: %s', async (_, prepare, sentence) => {
    prepare();
    const text = await verify();
    expect([text.status, text.err]).toEqual([2, expect.stringMatching(sentence)]);
    const json = await report();
    expect([json.status, json.verdict, json.checks]).toEqual([2, 'unknown', []]);
  });

  test('could not run: the runner is not installed', async () => {
    commit({
      ...shop,
      '.slipway.yml': rules
        .replace(/run: '.*?'/, "run: 'npx vitest run --outputFile=$REPORT'")
        .replace('junit', 'vitest-json'),
    });
    put({ 'src/b.js': '' });
    expect(await report()).toMatchObject({ status: 2, verdict: 'unknown', checks: [{ verdict: 'unknown' }] });
  });

  test('for a person: what was found, with the failing test', async () => {
    commit(shop);
    put({ 'src/a.js': broken });
    const { status, out } = await verify();
    expect(status).toBe(1);
    expect(out).toMatch(/^✘ FAIL {2}[0-9a-f]{10} → [0-9a-f]{10}\+uncommitted/);
    expect(out).toContain('now fails: test/a.test.js > adds');
    expect(out).toContain('expected 3');
  });
});

test.each([
  [['--bogus'], /bogus/],
  [['a', 'b'], /one directory/],
])('%j is answered with the usage', async (args, sentence) => {
  const err: string[] = [];
  const io = { out: () => {}, err: (line: string) => void err.push(line), cwd: '/', env: {} };
  expect(await verifyCommand(args, io)).toBe(2);
  expect(err.join('\n')).toMatch(sentence);
  expect(err.join('\n')).toContain('slipway verify DIR');
});

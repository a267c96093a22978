import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changesBetween } from '../../src/verify/changes.ts';
import { compareTests } from '../../src/verify/compare.ts';
import { diffCoverage, mergeCoverage, readLcov } from '../../src/verify/coverage.ts';
import { satisfies } from '../../src/verify/node-range.ts';
import type { TestResult } from '../../src/verify/results.ts';
import { readSpec } from '../../src/verify/spec-file.ts';
import { testBodies } from '../../src/verify/test-bodies.ts';
import { sideOf } from '../../src/verify/test-side.ts';
import { readUntrusted } from '../../src/verify/tree.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'slipway-parts-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function put(files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(directory, path, '..'), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
}

test.each([
  ['24.21.0', '24', true],
  ['24.21.0', 'v24.21.0', true],
  ['24.21.0', '24.20', false],
  ['24.21.0', '20.x', false],
  ['20.20.2', '^20.19.0 || >=22.12.0', true],
  ['21.0.0', '^20.19.0 || >=22.12.0', false],
  ['24.21.0', '>=18 <23', false],
  ['22.1.0', '>= 18 < 23', true],
  ['20.20.2', 'lts/iron', true],
  ['24.21.0', 'lts/*', true],
  ['20.1.5', '~20.1', true],
  ['20.2.0', '~20.1', false],
  ['20.9.9', '18 - 20', true],
  ['24.0.0', '>20', true],
  ['20.5.0', '>20', false],
  ['24.0.0', '*', true],
  ['24.0.0', 'whatever', false],
])('Node %s fits "%s": %s', (version, range, fits) => {
  expect(satisfies(version, range)).toBe(fits);
});

test.each([
  ['src/cart.ts', 'code'],
  ['src/cart.test.ts', 'test'],
  ['test/helpers/shop.js', 'test'],
  ['src/__snapshots__/cart.test.ts.snap', 'test'],
  ['docs/test/readme.md', 'code'],
  ['vitest.config.ts', 'runner'],
  ['packages/a/tsconfig.json', 'runner'],
  ['package.json', 'scripts'],
  ['test/fixtures/package.json', 'test'],
  ['.github/workflows/ci.yml', 'ci'],
  ['src/contest.ts', 'code'],
  ['src/latest/index.ts', 'code'],
])('%s is on the side of %s', (path, side) => {
  expect(sideOf(path)).toBe(side);
});

describe('comparing tests', () => {
  const of = (id: string, outcome: TestResult['outcome'], file = 'a.test.js'): TestResult => ({
    id,
    file,
    titles: id === file ? [] : [id],
    outcome,
  });
  const ids = (tests: readonly TestResult[]) => tests.map(({ id }) => id);
  test.each([
    ['a failure that is not new', [of('x', 'failed')], [of('x', 'failed')], [], [], []],
    ['a regression', [of('x', 'passed')], [of('x', 'failed')], ['x'], [], []],
    ['a test that is gone', [of('x', 'passed')], [], [], ['x'], []],
    ['a test that is skipped now', [of('x', 'passed')], [of('x', 'skipped')], [], ['x'], []],
    ['a skipped test that is gone', [of('x', 'skipped')], [], [], [], []],
    ['a new failing test', [], [of('x', 'failed')], [], [], ['x']],
    [
      'a failing test under a new name',
      [of('x', 'failed')],
      [{ ...of('x (moved)', 'failed'), titles: ['new suite', 'x'] }],
      [],
      [],
      [],
    ],
    [
      'a file that no longer loads',
      [of('x', 'passed')],
      [of('a.test.js', 'failed')],
      [],
      ['x'],
      ['a.test.js'],
    ],
    ['a file that never loaded', [of('a.test.js', 'failed')], [of('x', 'failed')], [], [], []],
    ['a script that became tests', [of('a.test.js', 'passed')], [of('x', 'passed')], [], [], []],
  ] as const)('%s', (_, base, head, newlyFailing, missing, newFailures) => {
    const compared = compareTests(base, head);
    expect([compared.newlyFailing, compared.missing, compared.newFailures].map(ids)).toEqual([
      newlyFailing,
      missing,
      newFailures,
    ]);
  });
});

describe('coverage of a change', () => {
  const lcov =
    'SF:/job/src/a.js\nDA:1,1\nDA:2,0\nDA:3,4\nend_of_record\nSF:src/b.js\nDA:1,0\nend_of_record\n';
  const added = (path: string, ...lines: readonly string[]) => ({
    path,
    kind: 'added' as const,
    added: lines.map((text, index) => ({ line: index + 1, text })),
    removed: [],
  });
  test('counts added lines that can run', async () => {
    const changes = [
      added('src/a.js', 'one()', 'two()', 'three()', 'not executable'),
      added('test/a.test.js', 'x()'),
    ];
    expect(await diffCoverage(changes, readLcov(lcov), async () => '')).toEqual({
      executable: 3,
      covered: 2,
      uncovered: [{ path: 'src/a.js', line: 2 }],
    });
  });
  test('code that no test loads is not covered; types are no code', async () => {
    const texts: Readonly<Record<string, string>> = {
      'src/new.ts': 'export const f = () => {\n  return 1;\n};\n',
      'src/types.ts': 'export type A = {\n  a: number;\n};\n',
    };
    const changes = Object.entries(texts).map(([path, text]) => added(path, ...text.split('\n')));
    const result = await diffCoverage(changes, readLcov(lcov), async (path) => texts[path]);
    expect(result.uncovered).toEqual([
      { path: 'src/new.ts', line: 1 },
      { path: 'src/new.ts', line: 2 },
    ]);
  });
  test('two checks cover together', () => {
    const merged = mergeCoverage([readLcov(lcov), readLcov('SF:src/a.js\nDA:2,3\nend_of_record')]);
    expect(merged.get('src/a.js')?.get(2)).toBe(3);
  });
});

describe('reading what hostile code wrote', () => {
  test('a plain file is read, anything else is absent', async () => {
    put({
      'out/plain.txt': 'plain',
      'out/large.txt': 'x'.repeat(100),
      'secret.txt': 'secret',
      'secrets/a.txt': 'secret',
    });
    const out = join(directory, 'out');
    symlinkSync('../secret.txt', join(out, 'link.txt'));
    symlinkSync('../secrets', join(out, 'folder'));
    linkSync(join(directory, 'secret.txt'), join(out, 'hard.txt'));
    execFileSync('mkfifo', [join(out, 'pipe')]);
    const read = async (path: string) => readUntrusted(out, path, 50);
    expect(await read('plain.txt')).toBe('plain');
    for (const path of [
      'link.txt',
      'folder/a.txt',
      'hard.txt',
      'pipe',
      'large.txt',
      'absent',
      '../secret.txt',
      '.',
    ]) {
      expect([path, await read(path)]).toEqual([path, undefined]);
    }
  });
});

test('what changed between two trees, renames found', async () => {
  const long = Array.from({ length: 20 }, (_, index) => `line ${index}`).join('\n');
  put({
    'base/same.txt': 'same',
    'base/changed.txt': 'one\ntwo\nthree\n',
    'base/gone.txt': 'gone\n',
    'base/old name é.txt': long,
    'head/same.txt': 'same',
    'head/changed.txt': 'one\n2\nthree\nfour\n',
    'head/new name é.txt': `${long}\nmore`,
    'head/empty.txt': '',
    'head/.gitattributes': '*.txt binary\n',
    'head/node_modules/x/index.js': 'ignored',
  });
  const changes = await changesBetween(join(directory, 'base'), join(directory, 'head'));
  expect(changes.map(({ path, kind, from }) => [path, kind, from])).toEqual([
    ['.gitattributes', 'added', undefined],
    ['changed.txt', 'modified', undefined],
    ['empty.txt', 'added', undefined],
    ['gone.txt', 'deleted', undefined],
    ['new name é.txt', 'renamed', 'old name é.txt'],
  ]);
  expect(changes[1]).toMatchObject({
    added: [
      { line: 2, text: '2' },
      { line: 4, text: 'four' },
    ],
    removed: [{ line: 2, text: 'two' }],
  });
});

test('bodies of tests by their titles', () => {
  const bodies = testBodies(
    'a.test.ts',
    "describe('s', () => {\n  test('a', async () => {\n    await x( 1 );\n  });\n});",
  );
  expect(bodies.get('a')).toBe('async () => { await x( 1 ); }');
});

describe('the specification', () => {
  const named = { id: 'AC-1', file: 'test/a.test.ts', name: 'suite > adds' };
  test.each([
    ['spec.json', '{"criteria":[{"id":"AC-1","file":"test/a.test.ts","name":"suite > adds"}]}'],
    ['spec.yml', 'criteria:\n  - id: AC-1\n    test: { file: test/a.test.ts, name: suite > adds }\n'],
    ['spec.md', '---\ncriteria:\n  - { id: AC-1, test: "test/a.test.ts > suite > adds" }\n---\n# Title\n'],
    [
      'spec.md',
      '# Title\n\n```yaml\ntests:\n  - { criterion: AC-1, file: test/a.test.ts, name: suite > adds }\n```\n',
    ],
    ['spec.md', '- **AC-1** It adds. `test/a.test.ts > suite > adds`\n'],
  ])('%s', (path, text) => {
    expect(readSpec(path, text)).toEqual([named]);
  });
  test('criteria without a test are looked for by their id', () => {
    expect(readSpec('spec.md', '- **AC-1** It adds.\n- AC-2: It subtracts.\n')).toEqual([
      { id: 'AC-1' },
      { id: 'AC-2' },
    ]);
  });
  test.each([
    ['spec.json', '{"criteria": 3}'],
    ['spec.json', '{'],
    ['spec.md', 'nothing here'],
  ])('%s that says nothing is refused with its name: %s', (path, text) => {
    expect(() => readSpec(path, text)).toThrow(path);
  });
});

import { describe, expect, test } from 'vitest';
import { readWorkflow } from '../../src/config/workflow-file.ts';

const good = `version: 1
owner: '@maria'
reviewed: 2026-11-01
context: { always: [AGENTS.md, docs/architecture.md], never: ['**/*.pem'], maxTokens: 24000 }
install: npm ci --ignore-scripts
checks:
  - { name: types, run: npx tsc --noEmit }
  - name: test
    run: npx vitest run --reporter=json --outputFile=$REPORT
    report: vitest-json
    coverage: coverage/lcov.info
thresholds: { diffCoverage: 80, changedLines: 400, attempts: 3 }
protected: ['.github/**', package.json]
risk: { high: ['src/payments/**'], low: ['docs/**'] }
budget: { perFeature: 4.00 }
`;

function problemsOf(text: string): readonly string[] {
  const read = readWorkflow(text);
  return 'problems' in read
    ? read.problems.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`)
    : [];
}

test('a whole file is read, and what it leaves out has defaults', () => {
  const read = readWorkflow(good);
  expect('value' in read && read.value.checks[1]).toEqual({
    name: 'test',
    run: 'npx vitest run --reporter=json --outputFile=$REPORT',
    report: 'vitest-json',
    coverage: 'coverage/lcov.info',
    timeoutSeconds: 600,
  });
  expect('value' in read && read.value.toolchains).toEqual([]);
  expect('value' in read && read.value.reviewed).toBe('2026-11-01');
});

describe('each problem has its place', () => {
  test.each([
    [
      'checkz: []',
      good.replace('checks:', 'checkz:'),
      ['1:1 checks: is missing; it must be a list', '6:1 checkz: unknown; did you mean checks?'],
    ],
    [
      'a nested key',
      good.replace('coverage:', 'coverag:'),
      ['11:5 checks[1].coverag: unknown; did you mean coverage?'],
    ],
    [
      'a key like no other',
      good.replace('install:', 'colour:'),
      [
        '5:1 colour: unknown; known here: version, owner, reviewed, context, install, checks, thresholds, protected, risk, budget, toolchains, rollout',
      ],
    ],
    [
      'a wrong kind',
      good.replace('80', 'many'),
      ['12:15 thresholds.diffCoverage: must be a number, not "many"'],
    ],
    [
      'a number out of range',
      good.replace('80', '180'),
      ['12:15 thresholds.diffCoverage: must be at most 100, not 180'],
    ],
    ['nothing to spend', good.replace('4.00', '0'), ['15:11 budget.perFeature: must be above 0, not 0']],
    [
      'an unknown report',
      good.replace('vitest-json', 'vitest-jsn'),
      [
        '10:5 checks[1].report: must be vitest-json, jest-json, mocha-json, junit, tap, not "vitest-jsn"; did you mean vitest-json?',
      ],
    ],
    [
      'a list entry of the wrong kind',
      good.replace('package.json]', '7]'),
      ['13:27 protected[1]: must be text, not 7'],
    ],
    [
      'no checks',
      good.replace(/checks:\n(?: .*\n)*/, 'checks: []\n'),
      ['6:1 checks: must have at least 1 entry'],
    ],
    ['another version', good.replace('version: 1', 'version: 2'), ['1:1 version: must be 1, not 2']],
    [
      'two mistakes at once',
      good.replace('80', 'many').replace('owner:', 'ownr:'),
      [
        '1:1 owner: is missing; it must be text',
        '2:1 ownr: unknown; did you mean owner?',
        '12:15 thresholds.diffCoverage: must be a number, not "many"',
      ],
    ],
    ['a bare word', 'hello', ['1:1 must be a group of settings, not "hello"']],
    ['nothing', '', ['1:1 is empty']],
    ['only a comment', '# soon\n', ['1:1 is empty']],
  ])('%s', (_what, text, problems) => {
    expect(problemsOf(text)).toEqual(problems.map((problem) => `.slipway.yml:${problem}`));
  });

  test.each([
    [
      'a tab for indentation',
      'version: 1\nchecks:\n\t- x\n',
      /^\.slipway\.yml:3:\d+ is not valid YAML here: /,
    ],
    ['a key twice', `${good}owner: '@tom'\n`, /^\.slipway\.yml:16:1 is not valid YAML here: /],
    [
      'a tag of its own',
      good.replace("'@maria'", '!!js/function "x"'),
      /^\.slipway\.yml:2:\d+ is not valid YAML here: /,
    ],
    ['two documents', `${good}---\n${good}`, /is not valid YAML here: /],
    [
      'aliases that multiply',
      `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(50)}]\nc: &c [${'*b,'.repeat(50)}]\nd: [${'*c,'.repeat(50)}]\n`,
      /cannot be read as YAML/,
    ],
    ['nesting without end', '['.repeat(50_000), /YAML/],
    ['a file of a megabyte', `# ${'x'.repeat(1_000_000)}`, /has 1000002 characters; at most 100000 are read/],
  ])('%s', (_what, text, expected) => {
    expect(problemsOf(text)[0]).toMatch(expected);
  });
});

import { describe, expect, test } from 'vitest';
import type { ReportFormat } from '../../src/domain/workflow.ts';
import { readReport } from '../../src/verify/reports/index.ts';

function outcomes(format: ReportFormat, text: string): Readonly<Record<string, string>> | string {
  const report = readReport(format, text);
  return report.kind === 'tests'
    ? Object.fromEntries(report.tests.map(({ id, outcome }) => [id, outcome]))
    : report.kind;
}

const jestFile = (more: object) => ({ name: '/job/test/a.test.js', status: 'passed', message: '', ...more });
const jestJson = (...files: readonly object[]) =>
  JSON.stringify({ numTotalTests: files.length, success: true, testResults: files });
const passed = (title: string, ...ancestorTitles: readonly string[]) => ({
  ancestorTitles,
  title,
  status: 'passed',
  failureMessages: [],
});

describe('jest and vitest JSON', () => {
  test('names tests by path, suites and title, whatever became of them', () => {
    const text = jestJson(
      jestFile({
        assertionResults: [
          passed('adds', 'math', 'sums'),
          { ...passed('skipped'), status: 'pending' },
          { ...passed('to do'), status: 'todo' },
          { ...passed('off'), status: 'skipped' },
          { ...passed('same'), failureMessages: null },
          passed('same'),
        ],
      }),
    );
    expect(outcomes('jest-json', text)).toEqual({
      'test/a.test.js > math > sums > adds': 'passed',
      'test/a.test.js > skipped': 'skipped',
      'test/a.test.js > to do': 'skipped',
      'test/a.test.js > off': 'skipped',
      'test/a.test.js > same': 'passed',
      'test/a.test.js > same (2)': 'passed',
    });
  });

  test('a file that could not be run is a failure of its own', () => {
    const text = jestJson(
      jestFile({ status: 'failed', message: 'SyntaxError: no\n    at x', assertionResults: [] }),
    );
    expect(readReport('vitest-json', text)).toEqual({
      kind: 'tests',
      tests: [
        {
          id: 'test/a.test.js',
          file: 'test/a.test.js',
          titles: [],
          outcome: 'failed',
          message: 'SyntaxError: no',
        },
      ],
    });
  });

  test.each([
    [
      'vitest',
      'AssertionError: expected 3 to be 4 // Object.is equality\n    at /job/test/a.test.js:7:19\n    at file:///job/node_modules/vitest/x.js:1:1',
      {
        message: 'AssertionError: expected 3 to be 4 // Object.is equality',
        expected: '4',
        received: '3',
        at: 'test/a.test.js:7',
      },
    ],
    [
      'jest',
      'Error: \u001b[2mexpect(\u001b[22mreceived).toBe(expected)\n\nExpected: \u001b[32m4\u001b[39m\nReceived: \u001b[31m3\u001b[39m\n    at Object.toBe (/job/src/deep/a.js:12:3)',
      {
        message: 'Error: expect(received).toBe(expected)\n\nExpected: 4\nReceived: 3',
        expected: '4',
        received: '3',
        at: 'src/deep/a.js:12',
      },
    ],
  ])('takes the assertion of %s apart', (_, message, wanted) => {
    const text = jestJson(
      jestFile({
        status: 'failed',
        assertionResults: [{ ...passed('adds'), status: 'failed', failureMessages: [message] }],
      }),
    );
    const report = readReport('jest-json', text);
    expect(report.kind === 'tests' && report.tests[0]).toMatchObject(wanted);
  });

  const good = jestJson(jestFile({ assertionResults: [passed('adds')] }));
  test.each([
    ['', 'missing'],
    ['  \n', 'missing'],
    ['{"numTotalTests":', 'malformed'],
    ['[]', 'malformed'],
    ['{"numTotalTests":1,"testResults":{}}', 'malformed'],
    [good + good, 'several'],
    [`${good}\n${jestJson()}`, 'several'],
    ['not json', 'malformed'],
  ])('%j is %s', (text, kind) => {
    expect(readReport('jest-json', text).kind).toBe(kind);
  });

  test('what tests print around the report is passed over', () => {
    expect(outcomes('vitest-json', `{ "a": 1 }\nlog { "x"\n${good}\nbye`)).toEqual({
      'test/a.test.js > adds': 'passed',
    });
  });
});

describe('mocha JSON', () => {
  const of = (title: string, more: object = {}) => ({
    title,
    fullTitle: `math ${title}`,
    file: '/job/test/a.js',
    duration: 1,
    err: {},
    ...more,
  });
  const failing = of('subtracts', {
    err: {
      message: 'no',
      expected: '1',
      actual: '2',
      stack: 'Error: no\n    at Context.<anonymous> (test/a.js:3:4)',
    },
  });
  const hook = of('"before each" hook for "never"', { err: { message: 'hook broke' } });
  const tests = [of('adds'), failing, of('later'), of('adds'), of('never')];
  const text = JSON.stringify({
    stats: {},
    tests,
    passes: [of('adds'), of('adds')],
    failures: [failing, hook],
    pending: [of('later')],
  });

  test('tells passed, failed, pending and never reached apart, and shows failed hooks', () => {
    expect(outcomes('mocha-json', text)).toEqual({
      'test/a.js > math > adds': 'passed',
      'test/a.js > math > adds (2)': 'passed',
      'test/a.js > math > subtracts': 'failed',
      'test/a.js > math > later': 'skipped',
      'test/a.js > math > never': 'skipped',
      'test/a.js > math > "before each" hook for "never"': 'failed',
    });
  });

  test('says what was expected', () => {
    const report = readReport('mocha-json', text);
    expect(report.kind === 'tests' && report.tests[1]).toMatchObject({
      message: expect.stringMatching(/^no/),
      expected: '1',
      received: '2',
    });
  });

  test('two reports are told', () => {
    expect(outcomes('mocha-json', text + text)).toBe('several');
  });
});

describe('JUnit', () => {
  const node24 = `<?xml version="1.0" encoding="utf-8"?>
<testsuites>
	<testcase name="top &lt;x> &amp;quot;q&amp;quot;" classname="test" file="/job/test/a.test.js"/>
	<testsuite name="suite" tests="3">
		<testcase name="bad" classname="suite" file="/job/test/a.test.js">
			<failure type="testCodeFailure" message="1 !== 2&#10;">
Error {
  cause: AssertionError: 1 !== 2
      at TestContext.&lt;anonymous> (/job/test/a.test.js:3:28) {
    actual: 1,
    expected: 2,
  }
}
			</failure>
		</testcase>
		<testcase name="off" classname="suite" file="/job/test/a.test.js"><skipped type="skipped" message="true"/></testcase>
		<testsuite name="deep"><testcase name="ok" classname="suite.deep" file="/job/test/a.test.js"/></testsuite>
	</testsuite>
	<testcase name="test/script.js" classname="test" file="/job/test/script.js"/>
	<testcase name="test/broken.test.js" classname="test" file="/job/test/broken.test.js"><failure message="test failed">exit 1</failure></testcase>
	<testcase name="test/a.test.js" classname="test" file="/job/test/a.test.js"/>
</testsuites>`;

  test('node --test: nested suites, scripts, broken files; a file that has tests is not one', () => {
    expect(outcomes('junit', node24)).toEqual({
      'test/a.test.js > top <x> "q"': 'passed',
      'test/a.test.js > suite > bad': 'failed',
      'test/a.test.js > suite > off': 'skipped',
      'test/a.test.js > suite > deep > ok': 'passed',
      'test/script.js': 'passed',
      'test/broken.test.js': 'failed',
    });
  });

  test('node --test: the assertion', () => {
    const report = readReport('junit', node24);
    expect(report.kind === 'tests' && report.tests[1]).toMatchObject({
      message: '1 !== 2',
      expected: '2',
      received: '1',
      at: 'test/a.test.js:3',
    });
  });

  test('Node 20 names no files', () => {
    const text =
      '<?xml version="1.0"?><testsuites><testcase name="adds" classname="test"/><testcase name="/job/test/c.js" classname="test"/></testsuites>';
    expect(outcomes('junit', text)).toEqual({ adds: 'passed', 'test/c.js': 'passed' });
  });

  test('vitest names files as suites', () => {
    const text =
      '<testsuites><testsuite name="test/a.test.ts"><testcase classname="test/a.test.ts" name="math &gt; adds"/></testsuite></testsuites>';
    expect(outcomes('junit', text)).toEqual({ 'test/a.test.ts > math > adds': 'passed' });
  });

  test.each([
    ['<testsuites><testcase', 'malformed'],
    ['hello', 'malformed'],
    [node24 + node24, 'several'],
    ['<testsuites></testsuites><testsuites></testsuites>', 'several'],
    ['', 'missing'],
  ])('%#: a report that is not one', (text, kind) => {
    expect(readReport('junit', text).kind).toBe(kind);
  });

  test('entities are not expanded', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><testsuites><testcase name="&b;"/></testsuites>`;
    expect(JSON.stringify(readReport('junit', bomb))).not.toContain('aaaaaaaaaa');
  });
});

describe('TAP', () => {
  const text = `TAP version 13
# Subtest: top
ok 1 - top
# Subtest: suite
    # Subtest: inner
    not ok 1 - inner
      ---
      location: '/job/test/a.test.js:4:1'
      failureType: 'testCodeFailure'
      error: '1 !== 2'
      expected: 2
      actual: 1
      stack: |-
        TestContext.<anonymous> (/job/test/a.test.js:4:28)
      ...
    # Subtest: off
    ok 2 - off # SKIP
    1..2
not ok 2 - suite
  ---
  failureType: 'subtestsFailed'
  ...
# Subtest: later
ok 3 - later # TODO
1..3
`;
  test('subtests, skips and what a suite repeats', () => {
    expect(outcomes('tap', text)).toEqual({
      top: 'passed',
      'suite > inner': 'failed',
      'suite > off': 'skipped',
      later: 'skipped',
    });
  });
  test('the assertion', () => {
    const report = readReport('tap', text);
    expect(report.kind === 'tests' && report.tests[1]).toMatchObject({
      message: '1 !== 2',
      expected: '2',
      received: '1',
      at: 'test/a.test.js:4',
    });
  });
  test.each([
    ['nothing of the kind', 'malformed'],
    [text + text, 'several'],
  ])('%#: a report that is not one', (broken, kind) => {
    expect(readReport('tap', broken).kind).toBe(kind);
  });
  test('a plan that was not kept is a failure', () => {
    expect(outcomes('tap', 'TAP version 13\n1..3\nok 1 - a\n')).toEqual({
      a: 'passed',
      '(3 tests were planned and 1 ran)': 'failed',
    });
  });
});

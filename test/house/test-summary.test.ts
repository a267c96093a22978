import { expect, test } from 'vitest';
import { sumOf } from '../../scripts/test-summary.mjs';

const passing = { fullName: 'adds', status: 'passed' };
const failing = { fullName: 'subtracts', status: 'failed' };
const file = (status: string, assertionResults: readonly (typeof passing)[]) => ({
  name: 'test/x.test.ts',
  status,
  assertionResults,
});

test.each([
  {
    run: 'everything holds',
    input: { checks: [], status: 0, results: { testResults: [file('passed', [passing, passing])] } },
    sum: { passed: 2, failed: 0, lines: [] },
  },
  {
    run: 'a test fails',
    input: { checks: [], status: 1, results: { testResults: [file('failed', [passing, failing])] } },
    sum: { passed: 1, failed: 1, lines: [] },
  },
  {
    run: 'a file does not load',
    input: { checks: [], status: 1, results: { testResults: [file('failed', [])] } },
    sum: { passed: 0, failed: 1, lines: ['failed: test/x.test.ts could not run'] },
  },
  {
    run: 'an error outside any test',
    input: { checks: [], status: 1, results: { testResults: [file('passed', [passing])] } },
    sum: { passed: 1, failed: 1, lines: ['failed: vitest ended with status 1; see above'] },
  },
  {
    run: 'vitest writes no results',
    input: { checks: [], status: 134, results: undefined },
    sum: { passed: 0, failed: 1, lines: ['failed: vitest ended with status 134; see above'] },
  },
  {
    run: 'a check fails',
    input: { checks: ['types'], status: 0, results: { testResults: [file('passed', [passing])] } },
    sum: { passed: 1, failed: 1, lines: ['failed: types'] },
  },
  {
    run: 'tests are skipped',
    input: {
      checks: [],
      status: 0,
      results: {
        testResults: [
          file('passed', [
            passing,
            { fullName: 'the queue [needs redis-server, which is not installed] adds', status: 'skipped' },
            { fullName: 'the queue [needs redis-server, which is not installed] takes', status: 'skipped' },
            { fullName: 'waits', status: 'pending' },
            { fullName: 'as a user (skipped: this run is one already)', status: 'skipped' },
          ]),
        ],
      },
    },
    sum: {
      passed: 1,
      failed: 0,
      lines: [
        'skipped: 2 (needs redis-server, which is not installed)',
        'skipped: 1 (no reason given: waits)',
        'skipped: 1 (this run is one already)',
      ],
    },
  },
])('when $run, the last line says so', ({ input, sum }) => {
  expect(sumOf(input)).toEqual(sum);
});

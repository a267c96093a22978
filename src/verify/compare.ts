import type { TestCounts } from '../domain/proof.ts';
import type { TestResult } from './results.ts';

/** What became of the tests of the base. */
export type Comparison = {
  /** Passed on base and fail on head, as the head reports them. */
  readonly newlyFailing: readonly TestResult[];
  /** Passed on base and neither pass nor fail on head: gone, skipped, or never reached. */
  readonly missing: readonly TestResult[];
  /** Fail on head and were not on base: new tests, or files that no longer load. */
  readonly newFailures: readonly TestResult[];
};

export function compareTests(base: readonly TestResult[], head: readonly TestResult[]): Comparison {
  const now = new Map(head.map((test) => [test.id, test]));
  const before = new Map(base.map((test) => [test.id, test]));
  const passed = base.filter((test) => test.outcome === 'passed');
  const scriptsNow = new Set(head.filter((test) => test.titles.length > 0).map((test) => test.file));
  return {
    newlyFailing: passed.flatMap(({ id }) => {
      const test = now.get(id);
      return test?.outcome === 'failed' ? [test] : [];
    }),
    missing: passed.filter((test) => {
      const then = now.get(test.id);
      if (then !== undefined) return then.outcome === 'skipped';
      // A plain script that has become a file of tests is still there.
      return !(test.titles.length === 0 && scriptsNow.has(test.file));
    }),
    newFailures: head.filter(
      (test) => test.outcome === 'failed' && !before.has(test.id) && !failedBefore(test, base),
    ),
  };
}

/** Under another name, or because its whole file could not be run. */
function failedBefore(test: TestResult, base: readonly TestResult[]): boolean {
  return base.some(
    (other) =>
      other.outcome === 'failed' &&
      ((test.file !== undefined && other.file === test.file && other.titles.length === 0) ||
        (test.titles.length > 0 && other.titles.at(-1) === test.titles.at(-1))),
  );
}

export function countsOf(tests: readonly TestResult[]): TestCounts {
  const count = (outcome: TestResult['outcome']) => tests.filter((test) => test.outcome === outcome).length;
  return { passed: count('passed'), failed: count('failed') };
}

export function passedIds(tests: readonly TestResult[]): ReadonlySet<string> {
  return new Set(tests.filter((test) => test.outcome === 'passed').map((test) => test.id));
}

import type { CheckVerdict } from '../domain/proof.ts';
import type { Check } from '../domain/workflow.ts';
import { countsOf } from './compare.ts';
import type { TestResult } from './results.ts';
import type { CheckRun } from './run-check.ts';

/** What two runs say before their tests are compared; or the two lists of tests to compare. */
export type FirstLook =
  | { readonly kind: 'settled'; readonly verdict: CheckVerdict; readonly because: string }
  | { readonly kind: 'compare'; readonly base: readonly TestResult[]; readonly head: readonly TestResult[] };

const settled = (verdict: CheckVerdict, because: string): FirstLook => ({
  kind: 'settled',
  verdict,
  because,
});

/** How a run ended, in words. */
export function ending(run: CheckRun, check: Check): string {
  if (run.truncated) return 'was stopped because it flooded its output';
  switch (run.ended) {
    case 'exited':
      return `ended with status ${run.status}`;
    case 'timed-out':
      return `was stopped after ${check.timeoutSeconds} s`;
    case 'out-of-memory':
      return 'ran out of memory';
    case 'stopped':
      return 'was stopped';
  }
}

export const succeeded = (run: CheckRun): boolean => run.ended === 'exited' && run.status === 0;

/** Without a report the exit status is all there is. The base is only asked when the head does not hold. */
export function judgeStatus(check: Check, head: CheckRun, base: CheckRun | undefined): FirstLook {
  if (succeeded(head)) {
    return settled(
      'pass',
      'It ended with status 0. It declares no report, so the exit status alone says so.',
    );
  }
  if (base !== undefined && !succeeded(base)) {
    return settled(
      'unknown',
      `It ${ending(head, check)}, and on the base it ${ending(base, check)} too, so it cannot tell whether the change holds: ${brief(head.said)}`,
    );
  }
  return settled(
    'fail',
    `It ${ending(head, check)}; on the base it ended with status 0: ${brief(head.said)}`,
  );
}

/** With a report the exit status alone never passes. */
export function judgeReports(
  check: Check,
  base: CheckRun,
  head: CheckRun,
  /** Whether the base has any test at all; without one there is nothing to lose. */
  baseHasTests: boolean,
): FirstLook {
  const before = base.report.kind === 'tests' ? base.report.tests : baseHasTests ? undefined : [];
  if (head.report.kind === 'tests') {
    if (before === undefined) {
      return settled(
        'unknown',
        `On the base it ${ending(base, check)} and left ${nameless(base)}, so nothing can be compared: ${brief(base.said)}`,
      );
    }
    if (head.report.tests.length === 0 && before.length === 0) {
      return settled(
        'unknown',
        `Its report lists no test, neither on the base nor on the head: ${brief(head.said)}`,
      );
    }
    const none = [...before, ...head.report.tests].every(
      ({ outcome, titles, file }) => outcome === 'failed' && (titles.length === 0 || titles.at(-1) === file),
    );
    if (none && before.length > 0) {
      return settled(
        'unknown',
        `No test could be run, neither on the base nor on the head: ${brief(head.report.tests[0]?.message ?? head.said)}`,
      );
    }
    return { kind: 'compare', base: before, head: head.report.tests };
  }
  const left = `It ${ending(head, check)} and left ${nameless(head)}`;
  if (before === undefined) {
    return settled('unknown', `${left}; on the base it left ${nameless(base)} too: ${brief(head.said)}`);
  }
  if (head.report.kind === 'several') {
    return settled('tampered', `${left}: something besides the runner wrote one.`);
  }
  if (succeeded(head)) {
    return settled(
      'tampered',
      `${left}. A run that ends well without its report was cut short by the code under test.`,
    );
  }
  return settled('fail', `${left}; on the base it reported ${counted(before)}. ${brief(head.said)}`);
}

/** Exit status and report must tell the same story. Only asked when no test is held against the change. */
export function judgeEnding(
  check: Check,
  base: CheckRun,
  head: CheckRun,
  tests: { readonly base: readonly TestResult[]; readonly head: readonly TestResult[] },
): { readonly verdict: CheckVerdict; readonly because: string } | undefined {
  const failing = countsOf(tests.head).failed;
  const failingBefore = countsOf(tests.base).failed;
  if (failing > 0 && succeeded(head) && failingBefore > 0 && base.ended === 'exited' && base.status !== 0) {
    return {
      verdict: 'tampered',
      because: `Its report lists ${failing} failing tests and yet it ended with status 0; on the base it ended with status ${base.status}.`,
    };
  }
  if (failing > 0 || succeeded(head)) return undefined;
  if (failingBefore === 0 && base.report.kind === 'tests' && base.ended === head.ended && !succeeded(base)) {
    return undefined;
  }
  return {
    verdict: 'fail',
    because: `Every test passes and yet it ${ending(head, check)}; on the base it ${ending(base, check)}. ${brief(head.said)}`,
  };
}

function nameless(run: CheckRun): string {
  switch (run.report.kind) {
    case 'missing':
      return 'no report';
    case 'several':
      return 'more than one report';
    case 'malformed':
      if (run.ended !== 'exited') return 'half a report';
      return `a report that cannot be read (${run.report.because})`;
    case 'tests':
    case 'undeclared':
      return 'a report';
  }
}

export function counted(tests: readonly TestResult[]): string {
  const { passed, failed } = countsOf(tests);
  return `${passed} passed and ${failed} failed`;
}

/** The last words of a run, short enough for a sentence. */
export function brief(said: string): string {
  const text = said.replace(/\s+/g, ' ').trim();
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}

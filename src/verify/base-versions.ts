import type { Finding } from '../domain/proof.ts';
import type { Check } from '../domain/workflow.ts';
import type { Change } from './changes.ts';
import { passedIds } from './compare.ts';
import type { Lab } from './lab.ts';
import { isHard, restore } from './restore.ts';
import type { TestResult } from './results.ts';
import { type CheckRun, runCheck } from './run-check.ts';
import type { Trees } from './trees.ts';

/** The head's code judged by the base's tests, scripts and configuration. */
export type BaseVersions = {
  /** Tests that passed on base and do not pass on this code as they were then. */
  readonly failing: readonly TestResult[];
  /** Ids that still pass as they were. */
  readonly passing: ReadonlySet<string>;
  readonly findings: readonly Omit<Finding, 'gate'>[];
};

export async function runBaseVersions(
  lab: Lab,
  trees: Trees,
  check: Check,
  base: readonly TestResult[],
): Promise<BaseVersions> {
  const { judging } = trees;
  if (judging.length === 0) return { failing: [], passing: new Set(), findings: [] };
  const all = await runWith(lab, trees, check, judging);
  const failing = notPassing(base, all);
  if (failing.length === 0) return { failing, passing: passedOf(all), findings: [] };

  const hard = judging.filter(isHard);
  const soft = judging.filter((change) => !isHard(change));
  const strict =
    soft.length === 0 ? all : hard.length === 0 ? undefined : await runWith(lab, trees, check, hard);
  const failingHard = strict === undefined ? [] : notPassing(base, strict);
  // A test that fails now and then must not be held against the edit of another.
  const again = failingHard.length === 0 ? undefined : await runWith(lab, trees, check, hard);
  const stillFailing = new Set(again === undefined ? [] : notPassing(base, again).map((test) => test.id));
  const held = failingHard.filter((test) => stillFailing.has(test.id));

  const byConfiguration = failing.filter((test) => !failingHard.some((other) => other.id === test.id));
  const reallyFailed = byConfiguration.filter(
    (test) => test.outcome === 'failed' && test.message !== undefined,
  );
  const names = soft.map((change) => change.path).join(', ');
  return {
    failing: [
      ...held,
      ...(soft.length > 0 ? reallyFailed.map((test) => withConfiguration(test, names)) : []),
    ],
    passing: strict === undefined ? passedOf(all) : passedOf(strict),
    findings:
      byConfiguration.length > reallyFailed.length
        ? [
            {
              severity: 'review',
              because: `With ${names} as on the base, ${byConfiguration.length - reallyFailed.length} tests of "${check.name}" that passed there cannot be run on this change.`,
            },
          ]
        : [],
  };
}

export function runWith(lab: Lab, trees: Trees, check: Check, changes: readonly Change[]): Promise<CheckRun> {
  return runCheck(lab, {
    check,
    ...trees.head,
    prepare: (tree) => restore(tree, trees.base.directory, changes),
  });
}

function withConfiguration(test: TestResult, names: string): TestResult {
  return { ...test, message: `With ${names} as on the base: ${test.message ?? 'it fails'}` };
}

/** Tests that passed on base, as this run reports them; a test it does not report is given back as it was on base. */
function notPassing(base: readonly TestResult[], run: CheckRun): readonly TestResult[] {
  const tests = run.report.kind === 'tests' ? run.report.tests : [];
  const now = new Map(tests.map((test) => [test.id, test]));
  const broken = tests.filter((test) => test.outcome === 'failed' && test.titles.length === 0);
  return base.flatMap((test): readonly TestResult[] => {
    if (test.outcome !== 'passed') return [];
    const then = now.get(test.id);
    if (then?.outcome === 'passed') return [];
    if (then?.outcome === 'failed') return [then];
    const why = broken.find(({ file }) => file === test.file)?.message;
    const { message: _, ...rest } = test;
    return [{ ...rest, outcome: 'skipped', ...(why === undefined ? {} : { message: why }) }];
  });
}

function passedOf(run: CheckRun): ReadonlySet<string> {
  return run.report.kind === 'tests' ? passedIds(run.report.tests) : new Set();
}

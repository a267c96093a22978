import type { Check } from '../domain/workflow.ts';
import type { Lab } from './lab.ts';
import type { TestResult } from './results.ts';
import { type CheckRun, runCheck } from './run-check.ts';
import type { Tree, Trees } from './trees.ts';

export type Reruns = {
  /** Sometimes passes on the head and sometimes fails on the base: no fault of the change. */
  readonly flaky: ReadonlySet<string>;
  /** How often each suspect passed in the runs of the head, for those that did at all. */
  readonly sometimes: ReadonlyMap<string, string>;
};

const headRuns = 2;
const baseRuns = 4;

/** Runs again what seems broken, to tell a regression from a test that fails now and then. */
export async function tellFlakes(
  lab: Lab,
  trees: Trees,
  check: Check,
  suspects: readonly TestResult[],
): Promise<Reruns> {
  const ids = new Set(suspects.map((test) => test.id));
  const passes = new Map<string, number>();
  for (let run = 0; run < headRuns && ids.size > 0; run += 1) {
    for (const [id, outcome] of await outcomes(lab, trees.head, check)) {
      if (ids.has(id) && outcome === 'passed') passes.set(id, (passes.get(id) ?? 0) + 1);
    }
  }
  const flaky = new Set<string>();
  for (let run = 0; run < baseRuns && flaky.size < passes.size; run += 1) {
    const now = await outcomes(lab, trees.base, check);
    for (const id of passes.keys()) if (now.get(id) !== 'passed') flaky.add(id);
  }
  return {
    flaky,
    sometimes: new Map([...passes].map(([id, times]) => [id, `${times} of ${headRuns + 1}`])),
  };
}

async function outcomes(
  lab: Lab,
  tree: Tree,
  check: Check,
): Promise<ReadonlyMap<string, TestResult['outcome']>> {
  const { report }: CheckRun = await runCheck(lab, { check, ...tree });
  return new Map(report.kind === 'tests' ? report.tests.map((test) => [test.id, test.outcome]) : []);
}

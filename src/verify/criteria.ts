import { join } from 'node:path';
import type { CriterionProof, TestColour } from '../domain/proof.ts';
import type { Check } from '../domain/workflow.ts';
import type { Change } from './changes.ts';
import type { Lab } from './lab.ts';
import { putBack } from './restore.ts';
import type { TestResult } from './results.ts';
import { type CheckRun, runCheck } from './run-check.ts';
import { sideOf } from './test-side.ts';
import type { Trees } from './trees.ts';

/** A criterion and the test that proves it. Without a name, every test whose title holds the id is meant. */
export type CriterionTest = { readonly id: string; readonly file?: string; readonly name?: string };

/** Runs the head's tests on the base's code and compares: each criterion must be red there and green on the head. */
export async function proveCriteria(
  lab: Lab,
  trees: Trees,
  criteria: readonly CriterionTest[],
  headRuns: readonly { readonly check: Check; readonly head: CheckRun }[],
): Promise<readonly CriterionProof[]> {
  if (criteria.length === 0) return [];
  const reporting = headRuns.filter(({ check }) => check.report !== undefined);
  const baseRuns: CheckRun[] = [];
  for (const { check } of reporting) {
    baseRuns.push(
      await runCheck(lab, {
        check,
        directory: trees.base.directory,
        // What the tests need, they may import; what the code needs, the base does not have yet.
        dependencies: trees.head.dependencies,
        prepare: (tree) => layOver(tree, trees, criteria),
      }),
    );
  }
  return criteria.map((criterion) => ({
    id: criterion.id,
    test: shown(criterion),
    base: baseColour(criterion, baseRuns),
    head: headColour(
      criterion,
      reporting.map(({ head }) => head),
    ),
  }));
}

async function layOver(tree: string, trees: Trees, criteria: readonly CriterionTest[]): Promise<void> {
  const named = new Set(criteria.flatMap(({ file }) => (file === undefined ? [] : [file])));
  const tests = trees.changes.filter(
    (change: Change) =>
      change.kind !== 'deleted' && (sideOf(change.path) === 'test' || named.has(change.path)),
  );
  for (const { path } of tests) await putBack(join(trees.head.directory, path), join(tree, path), tree);
}

function headColour(criterion: CriterionTest, runs: readonly CheckRun[]): TestColour {
  const found = runs.flatMap((run) => matching(criterion, testsOf(run)));
  if (found.some((test) => test.outcome === 'failed')) return 'red';
  return found.some((test) => test.outcome === 'passed') ? 'green' : 'absent';
}

/** Code that the test needs and the base does not have: the file does not load, or nothing is reported. That is red. */
function baseColour(criterion: CriterionTest, runs: readonly CheckRun[]): TestColour {
  const found = runs.flatMap((run) => matching(criterion, testsOf(run)));
  if (found.some((test) => test.outcome === 'failed')) return 'red';
  if (found.some((test) => test.outcome === 'passed')) return 'green';
  const unloadable = runs.some(
    (run) =>
      (run.report.kind !== 'tests' && (run.status !== 0 || run.ended !== 'exited')) ||
      testsOf(run).some(
        (test) =>
          test.outcome === 'failed' &&
          test.titles.length === 0 &&
          (criterion.file === undefined || test.file === undefined || test.file === criterion.file),
      ),
  );
  return unloadable ? 'red' : 'absent';
}

function testsOf(run: CheckRun): readonly TestResult[] {
  return run.report.kind === 'tests' ? run.report.tests : [];
}

function matching(criterion: CriterionTest, tests: readonly TestResult[]): readonly TestResult[] {
  const inFile = tests.filter(
    (test) =>
      test.titles.length > 0 &&
      (criterion.file === undefined || test.file === undefined || test.file === criterion.file),
  );
  const { name } = criterion;
  if (name === undefined) {
    const word = new RegExp(`(^|[^\\w-])${criterion.id.replace(/[^\w-]/g, '\\$&')}(?![\\w-])`);
    return inFile.filter((test) => word.test(test.titles.join(' ')));
  }
  const wanted = words(name);
  const exact = inFile.filter((test) => words(test.titles.join(' ')) === wanted || words(test.id) === wanted);
  return exact.length > 0 ? exact : inFile.filter((test) => words(test.titles.at(-1) ?? '') === wanted);
}

/** Suites are joined in as many ways as there are reports. */
function words(name: string): string {
  return name.replaceAll(' > ', ' ').replace(/\s+/g, ' ').trim();
}

function shown({ id, file, name }: CriterionTest): string {
  return [...(file === undefined ? [] : [file]), name ?? `(a test whose name holds ${id})`].join(' > ');
}

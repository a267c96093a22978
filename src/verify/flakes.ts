import type { Check } from '../domain/workflow.ts';
import type { Lab } from './lab.ts';
import type { TestResult } from './results.ts';
import { runCheck } from './run-check.ts';
import type { Tree, Trees } from './trees.ts';

export type Reruns = {
  /** Sometimes passes on the head and sometimes fails on the base: no fault of the change. */
  readonly flaky: ReadonlySet<string>;
  /** How the runs of the head went, for suspects that passed in some of them. */
  readonly sometimes: ReadonlyMap<string, string>;
};

const firstRounds = 2;
const moreRounds = 4;

/** Runs again what seems broken, to tell a regression from a test that fails now and then. */
export async function tellFlakes(
  lab: Lab,
  trees: Trees,
  check: Check,
  suspects: readonly TestResult[],
): Promise<Reruns> {
  const ids = suspects.map(({ id }) => id);
  const passedOnHead = new Map<string, number>();
  const failedOnBase = new Set<string>();
  let headRuns = 1;
  const runHead = async () => {
    headRuns += 1;
    const now = await outcomes(lab, trees.head, check);
    for (const id of ids) if (now.get(id) === 'passed') passedOnHead.set(id, (passedOnHead.get(id) ?? 0) + 1);
  };
  const runBase = async () => {
    const now = await outcomes(lab, trees.base, check);
    for (const id of ids) if (now.get(id) !== 'passed') failedOnBase.add(id);
  };
  if (ids.length === 0) return { flaky: new Set(), sometimes: new Map() };
  for (let round = 0; round < firstRounds; round += 1) {
    await runHead();
    await runBase();
  }
  // Half of a flake is seen for some: look longer for the other half.
  for (let round = 0; round < moreRounds; round += 1) {
    const [lacksHead, lacksBase] = [
      ids.some((id) => failedOnBase.has(id) && !passedOnHead.has(id)),
      ids.some((id) => passedOnHead.has(id) && !failedOnBase.has(id)),
    ];
    if (lacksHead) await runHead();
    if (lacksBase) await runBase();
  }
  return {
    flaky: new Set(ids.filter((id) => passedOnHead.has(id) && failedOnBase.has(id))),
    sometimes: new Map([...passedOnHead].map(([id, times]) => [id, `${times} of ${headRuns}`])),
  };
}

async function outcomes(
  lab: Lab,
  tree: Tree,
  check: Check,
): Promise<ReadonlyMap<string, TestResult['outcome']>> {
  lab.signal?.throwIfAborted();
  const { report } = await runCheck(lab, { check, ...tree });
  return new Map(report.kind === 'tests' ? report.tests.map(({ id, outcome }) => [id, outcome]) : []);
}

import type { Finding } from '../domain/proof.ts';
import type { Check } from '../domain/workflow.ts';
import { type Canaries, canaryFiles, couldBendTheRun, heard, newCanaries, plant } from './canary.ts';
import type { Lab } from './lab.ts';
import type { TestResult } from './results.ts';
import { runCheck } from './run-check.ts';
import type { Tree, Trees } from './trees.ts';

export type Confirmation =
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'tampered'; readonly because: string }
  | { readonly kind: 'not known'; readonly finding: Omit<Finding, 'gate'> };

/** Plants a failing test in every test file and looks whether the head's report tells of it, as the base's does. */
export async function confirm(
  lab: Lab,
  trees: Trees,
  check: Check,
  tests: { readonly base: readonly TestResult[]; readonly head: readonly TestResult[] },
): Promise<Confirmation> {
  if (!couldBendTheRun(trees.changes)) return { kind: 'confirmed' };
  const files = await canaryFiles(tests.head, trees.head.directory);
  if (files.length === 0) return notKnown(check);
  const canaries = newCanaries(files);
  const onHead = await listen(lab, trees.head, check, canaries);
  const silent = files.filter((path) => !onHead.has(path));
  if (silent.length === 0) return { kind: 'confirmed' };
  const onBase = await listen(lab, trees.base, check, canaries);
  const silenced = silent.filter((path) => onBase.has(path));
  if (silenced.length > 0) {
    return {
      kind: 'tampered',
      because: `A test that must fail was planted in ${silenced.slice(0, 5).join(', ')}. On the base it is reported as failing; on the head the report does not tell of it, so the report is not to be trusted.`,
    };
  }
  return onHead.size > 0 ? { kind: 'confirmed' } : notKnown(check);
}

async function listen(lab: Lab, tree: Tree, check: Check, canaries: Canaries): Promise<ReadonlySet<string>> {
  const { report } = await runCheck(lab, { check, ...tree, prepare: (copy) => plant(copy, canaries, check) });
  return report.kind === 'tests' ? heard(canaries, report.tests) : new Set();
}

function notKnown(check: Check): Confirmation {
  return {
    kind: 'not known',
    finding: {
      severity: 'review',
      because: `The change holds code that could bend a run, and "${check.name}" could not be put to the test with a planted failure.`,
    },
  };
}

import type { Failure } from '../domain/proof.ts';
import { failureOf } from './failures.ts';
import type { Reruns } from './flakes.ts';
import type { TestResult } from './results.ts';
import type { Trees } from './trees.ts';

/** Tests that are held against a change, by what became of them. */
export type Held = {
  readonly newlyFailing: readonly TestResult[];
  readonly missing: readonly TestResult[];
  readonly newFailures: readonly TestResult[];
  /** They fail as they were before the change edited them. */
  readonly asThen: readonly TestResult[];
};

/** The parts of the sentence that says why a check does not hold; none when it does. */
export function problemsOf(held: Held): readonly string[] {
  return [
    ...(held.newlyFailing.length > 0 ? [`${held.newlyFailing.length} that passed on the base now fail`] : []),
    ...(held.asThen.length > 0
      ? [`${held.asThen.length} fail as they were on the base, before the change edited them`]
      : []),
    ...(held.missing.length > 0
      ? [`${held.missing.length} that passed on the base are gone or skipped`]
      : []),
    ...(held.newFailures.length > 0 ? [`${held.newFailures.length} fail that the base does not have`] : []),
  ];
}

/** The same, test by test, for the model and for people. */
export async function failuresOf(
  gate: string,
  held: Held,
  reruns: Reruns,
  head: readonly TestResult[],
  trees: Trees,
): Promise<readonly Failure[]> {
  const directory = trees.head.directory;
  const remark = ({ id }: TestResult) => {
    const times = reruns.sometimes.get(id);
    return times === undefined ? '' : `Passed in ${times} runs on the head and always on the base. `;
  };
  const failures: Failure[] = [];
  for (const test of [...held.newlyFailing, ...held.newFailures])
    failures.push(await failureOf(gate, test, directory, remark(test)));
  for (const test of held.missing)
    failures.push({
      gate: gate,
      test: test.id,
      message: `${remark(test)}It passed on the base and is ${head.some(({ id }) => id === test.id) ? 'skipped' : 'not reported'} on the head.`,
    });
  for (const test of held.asThen)
    failures.push(
      await failureOf(
        gate,
        test,
        trees.base.directory,
        'As it was on the base, before the change edited it: ',
      ),
    );
  return failures;
}

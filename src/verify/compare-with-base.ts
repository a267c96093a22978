import type { CheckReport, CheckVerdict, Finding } from '../domain/proof.ts';
import type { Check } from '../domain/workflow.ts';
import { runBaseVersions } from './base-versions.ts';
import type { CheckProof } from './check-proof.ts';
import { compareTests, countsOf } from './compare.ts';
import { confirm } from './confirm.ts';
import { tellFlakes } from './flakes.ts';
import { failuresOf, type Held, problemsOf } from './held.ts';
import { counted, judgeEnding } from './judge.ts';
import type { Lab } from './lab.ts';
import { movedTests } from './moved-tests.ts';
import type { TestResult } from './results.ts';
import type { CheckRun } from './run-check.ts';
import type { Trees } from './trees.ts';

/** Nothing that passed before may fail now, be gone, or fail as it was before the change edited it. */
export async function compareWithBase(
  { lab, trees, check }: { readonly lab: Lab; readonly trees: Trees; readonly check: Check },
  baseRun: CheckRun,
  headRun: CheckRun,
  tests: { readonly base: readonly TestResult[]; readonly head: readonly TestResult[] },
): Promise<Omit<CheckProof, 'head' | 'base'>> {
  const compared = compareTests(tests.base, tests.head);
  const versions = await runBaseVersions(lab, trees, check, tests.base);
  lab.signal?.throwIfAborted();
  const moved = await movedTests([...compared.missing, ...versions.failing], tests.base, tests.head, trees);
  const lost = compared.missing.filter(({ id }) => {
    const to = moved.get(id);
    return to === undefined || !(to.same || versions.passing.has(id));
  });
  const already = new Set([...compared.newlyFailing, ...lost].map(({ id }) => id));
  const asThen = versions.failing.filter(({ id, outcome }) => {
    // A test that moved with the code it imports cannot be loaded in its old place.
    if (outcome === 'skipped' && moved.get(id)?.same === true) return false;
    return !already.has(id);
  });

  // A test whose own file was edited is gone because of that, not by chance.
  const edited = new Set(trees.changes.flatMap(({ path, from }) => [path, from ?? path]));
  const byChance = lost.filter(({ file }) => file === undefined || !edited.has(file));
  // New failures have no base to be flaky on.
  const untouched = asThen.filter(({ file }) => file !== undefined && !edited.has(file));
  const suspects = [...compared.newlyFailing, ...byChance, ...untouched];
  const reruns = await tellFlakes(lab, trees, check, suspects);
  lab.signal?.throwIfAborted();
  const steady = (list: readonly TestResult[]) => list.filter(({ id }) => !reruns.flaky.has(id));
  const held: Held = {
    newlyFailing: steady(compared.newlyFailing),
    missing: steady(lost),
    newFailures: steady(compared.newFailures),
    asThen: steady(asThen),
  };
  const findings: Finding[] = [
    ...versions.findings.map((finding) => ({ gate: check.name, ...finding })),
    ...[...reruns.flaky].map((id) => ({
      gate: check.name,
      severity: 'review' as const,
      because: `"${id}" is flaky: it passed in ${reruns.sometimes.get(id)} runs on the head and failed in some on the base. It was not held against the change.`,
    })),
    ...[...moved.values()]
      .filter(
        ({ id }) => compared.missing.some((test) => test.id === id) && !lost.some((test) => test.id === id),
      )
      .map(({ id, to }) => ({
        gate: check.name,
        severity: 'review' as const,
        because: `"${id}" is now "${to}".`,
      })),
  ];
  const failures = await failuresOf(check.name, held, reruns, tests.head, trees);

  const newlyFailing = [...held.newlyFailing, ...held.asThen];
  const counts = `On the base ${counted(tests.base)}, on the head ${counted(tests.head)}.`;
  const problems = problemsOf(held);
  const report = (verdict: CheckVerdict, because: string): CheckReport => ({
    name: check.name,
    verdict,
    because,
    tests: {
      base: countsOf(tests.base),
      head: countsOf(tests.head),
      newlyFailing: newlyFailing.map(({ id }) => id),
      missing: held.missing.map(({ id }) => id),
    },
  });
  const cut = held.missing.length > 0 ? filesCutShort(tests, trees) : [];
  if (cut.length > 0) {
    const because = `${counts} ${cut.join(', ')} ended well before its tests were reported: something in the code under test ended the process. ${problems.join('; ')}.`;
    return { report: report('tampered', because), findings, failures };
  }
  if (problems.length > 0) {
    return { report: report('fail', `${counts} ${problems.join('; ')}.`), findings, failures };
  }
  const odd = reruns.flaky.size > 0 ? undefined : judgeEnding(check, baseRun, headRun, tests);
  if (odd !== undefined) {
    return {
      report: report(odd.verdict, odd.because),
      findings,
      failures: [{ gate: check.name, message: odd.because }],
    };
  }
  const confirmation = await confirm(lab, trees, check, tests);
  if (confirmation.kind === 'tampered') {
    return {
      report: report('tampered', confirmation.because),
      findings,
      failures: [{ gate: check.name, message: confirmation.because }],
    };
  }
  if (confirmation.kind === 'not known') findings.push({ gate: check.name, ...confirmation.finding });
  return { report: report('pass', `${counts} Nothing that passed before fails now.`), findings, failures };
}

/** Test files of the base that the head's report knows only as one passed script. */
function filesCutShort(
  tests: { readonly base: readonly TestResult[]; readonly head: readonly TestResult[] },
  trees: Trees,
): readonly string[] {
  const before = new Set(tests.base.map(({ id }) => id));
  const touched = new Set(trees.changes.map(({ path }) => path));
  return tests.head.flatMap(({ id, file, titles, outcome }) =>
    titles.length === 0 && outcome === 'passed' && file !== undefined && !before.has(id) && !touched.has(file)
      ? [file]
      : [],
  );
}

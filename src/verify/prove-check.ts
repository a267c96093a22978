import type { CheckReport, CheckVerdict, Failure, Finding } from '../domain/proof.ts';
import type { Check } from '../domain/workflow.ts';
import { runBaseVersions, runWith } from './base-versions.ts';
import { compareTests, countsOf } from './compare.ts';
import { confirm } from './confirm.ts';
import { failureOf } from './failures.ts';
import { tellFlakes } from './flakes.ts';
import { brief, counted, ending, judgeEnding, judgeReports, judgeStatus, succeeded } from './judge.ts';
import type { Lab } from './lab.ts';
import { movedTests } from './moved-tests.ts';
import { isHard } from './restore.ts';
import type { TestResult } from './results.ts';
import { type CheckRun, runCheck } from './run-check.ts';
import type { Trees } from './trees.ts';

export type CheckProof = {
  readonly report: CheckReport;
  readonly findings: readonly Finding[];
  readonly failures: readonly Failure[];
  readonly head: CheckRun;
  /** Absent when it was not needed. */
  readonly base: CheckRun | undefined;
};

type Material = {
  readonly lab: Lab;
  readonly trees: Trees;
  readonly check: Check;
  /** Runs the check on the base, or remembers it. */
  readonly runBase: () => Promise<CheckRun>;
};

/** One check of `.slipway.yml`, held against the base. */
export async function proveCheck(material: Material): Promise<CheckProof> {
  const { lab, trees, check } = material;
  const head = await runCheck(lab, { check, ...trees.head });
  lab.signal?.throwIfAborted();
  return check.report === undefined ? proveByStatus(material, head) : proveByReport(material, head);
}

async function proveByStatus({ lab, trees, check, runBase }: Material, head: CheckRun): Promise<CheckProof> {
  const base = succeeded(head) ? undefined : await runBase();
  const look = judgeStatus(check, head, base);
  if (look.kind !== 'settled') throw new Error('A check without a report has no tests to compare.');
  const judged = await judgesOfBase({ lab, trees, check, runBase }, look.verdict);
  const verdict = judged.verdict ?? look.verdict;
  const because = judged.because ?? look.because;
  return {
    ...plain(check, verdict, because, [], []),
    findings: judged.findings,
    head,
    base,
  };
}

/** A check that passes by its exit status must also do so with the scripts and tests of the base. */
async function judgesOfBase({ lab, trees, check, runBase }: Material, verdict: CheckVerdict) {
  if (verdict !== 'pass' || trees.judging.length === 0) return { findings: [] };
  const asThen = await runWith(lab, trees, check, trees.judging);
  if (succeeded(asThen) || !succeeded(await runBase())) return { findings: [] };
  const hard = trees.judging.filter(isHard);
  const strict = hard.length === trees.judging.length ? asThen : await runWith(lab, trees, check, hard);
  const names = (changes: Trees['judging']) => changes.map((change) => change.path).join(', ');
  if (hard.length > 0 && !succeeded(strict)) {
    return {
      verdict: 'fail' as const,
      because: `It ended with status 0, but with ${names(hard)} as on the base it ${ending(strict, check)}: ${brief(strict.said)}`,
      findings: [],
    };
  }
  return {
    findings: [
      {
        gate: check.name,
        severity: 'review' as const,
        because: `With ${names(trees.judging)} as on the base it ${ending(asThen, check)}: ${brief(asThen.said)}`,
      },
    ],
  };
}

async function proveByReport(material: Material, head: CheckRun): Promise<CheckProof> {
  const { lab, trees, check } = material;
  const base = await material.runBase();
  lab.signal?.throwIfAborted();
  const look = judgeReports(check, base, head, trees.baseHasTests);
  if (look.kind === 'settled') {
    const tests = [base, head].map((run) => (run.report.kind === 'tests' ? run.report.tests : []));
    return {
      ...plain(check, look.verdict, look.because, tests[0] ?? [], tests[1] ?? []),
      findings: [],
      head,
      base,
    };
  }
  const judged = await compareWithBase(material, base, head, look);
  return { ...judged, head, base };
}

async function compareWithBase(
  { lab, trees, check }: Material,
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
  const suspects = [...compared.newlyFailing, ...byChance];
  const reruns = await tellFlakes(lab, trees, check, suspects);
  lab.signal?.throwIfAborted();
  const steady = (list: readonly TestResult[]) => list.filter(({ id }) => !reruns.flaky.has(id));
  const held = {
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
  const directory = trees.head.directory;
  const remark = ({ id }: TestResult) => {
    const times = reruns.sometimes.get(id);
    return times === undefined ? '' : `Passed in ${times} runs on the head and always on the base. `;
  };
  const failures: Failure[] = [];
  for (const test of [...held.newlyFailing, ...held.newFailures])
    failures.push(await failureOf(check.name, test, directory, remark(test)));
  for (const test of held.missing)
    failures.push({
      gate: check.name,
      test: test.id,
      message: `${remark(test)}It passed on the base and is ${tests.head.some(({ id }) => id === test.id) ? 'skipped' : 'not reported'} on the head.`,
    });
  for (const test of held.asThen)
    failures.push(
      await failureOf(
        check.name,
        test,
        trees.base.directory,
        'As it was on the base, before the change edited it: ',
      ),
    );

  const newlyFailing = [...held.newlyFailing, ...held.asThen];
  const counts = `On the base ${counted(tests.base)}, on the head ${counted(tests.head)}.`;
  const problems = [
    ...(held.newlyFailing.length > 0 ? [`${held.newlyFailing.length} that passed on the base now fail`] : []),
    ...(held.asThen.length > 0
      ? [`${held.asThen.length} fail as they were on the base, before the change edited them`]
      : []),
    ...(held.missing.length > 0
      ? [`${held.missing.length} that passed on the base are gone or skipped`]
      : []),
    ...(held.newFailures.length > 0 ? [`${held.newFailures.length} fail that the base does not have`] : []),
  ];
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

function plain(
  check: Check,
  verdict: CheckVerdict,
  because: string,
  base: readonly TestResult[],
  head: readonly TestResult[],
): { readonly report: CheckReport; readonly failures: readonly Failure[] } {
  return {
    report: {
      name: check.name,
      verdict,
      because,
      tests: { base: countsOf(base), head: countsOf(head), newlyFailing: [], missing: [] },
    },
    failures: verdict === 'pass' ? [] : [{ gate: check.name, message: because }],
  };
}

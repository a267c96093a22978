import type { CheckReport, CheckVerdict, Failure } from '../domain/proof.ts';
import type { Check } from '../domain/workflow.ts';
import { runWith } from './base-versions.ts';
import type { CheckProof } from './check-proof.ts';
import { countsOf } from './compare.ts';
import { compareWithBase } from './compare-with-base.ts';
import { brief, ending, judgeReports, judgeStatus, succeeded } from './judge.ts';
import type { Lab } from './lab.ts';
import { loosened } from './loosened.ts';
import { namedJudges } from './named-judges.ts';
import { isHard } from './restore.ts';
import type { TestResult } from './results.ts';
import { type CheckRun, runCheck } from './run-check.ts';
import type { Trees } from './trees.ts';

type Material = {
  readonly lab: Lab;
  readonly trees: Trees;
  readonly check: Check;
  /** Runs the check on the base, or remembers it. */
  readonly runBase: () => Promise<CheckRun>;
};

/** One check of `.slipway.yml`, held against the base. */
export async function proveCheck(material: Material): Promise<CheckProof> {
  const { check, head } = await runHead(material);
  material.lab.signal?.throwIfAborted();
  const limited = { ...material, check };
  return check.report === undefined ? proveByStatus(limited, head) : proveByReport(limited, head);
}

/** After so many seconds a check is held against the time it took on the base. */
const soon = 60;

/** A change that hangs is known by what the base needed, long before the whole time of the check is over. */
async function runHead({ lab, trees, check, runBase }: Material) {
  const short = within(check, 0);
  const head = await runCheck(lab, { check: short, ...trees.head });
  if (head.ended !== 'timed-out' || short.timeoutSeconds === check.timeoutSeconds) return { check, head };
  lab.signal?.throwIfAborted();
  const patient = within(check, (await runBase()).seconds);
  if (patient.timeoutSeconds <= soon) return { check: short, head };
  return { check: patient, head: await runCheck(lab, { check: patient, ...trees.head }) };
}

/** With ten times what the base took, and a minute at least. */
function within(check: Check, baseSeconds: number | undefined): Check {
  const enough = baseSeconds === undefined ? Number.POSITIVE_INFINITY : Math.max(soon, 10 * baseSeconds);
  return { ...check, timeoutSeconds: Math.min(check.timeoutSeconds, Math.ceil(enough)) };
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

/** A check that passes by its exit status must also do so with the scripts, tests and unloosened configuration of the base. */
async function judgesOfBase({ lab, trees, check, runBase }: Material, verdict: CheckVerdict) {
  if (verdict !== 'pass') return { findings: [] };
  const named = await namedJudges(check, trees.changes, trees.base.directory);
  const judging = [...new Set([...trees.judging, ...named])];
  if (judging.length === 0) return { findings: [] };
  const asThen = await runWith(lab, trees, check, judging);
  if (succeeded(asThen) || !succeeded(await runBase())) return { findings: [] };
  const hard = judging.filter((change) => isHard(change) || named.includes(change) || loosened(change));
  const strict = hard.length === judging.length ? asThen : await runWith(lab, trees, check, hard);
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
        because: `With ${names(judging)} as on the base it ${ending(asThen, check)}: ${brief(asThen.said)}`,
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
  const limited = { ...material, check: within(check, base.seconds) };
  const judged = await compareWithBase(limited, base, head, look);
  return { ...judged, head, base };
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

import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckVerdict, Finding, ProofReport } from '../domain/proof.ts';
import type { Check } from '../domain/workflow.ts';
import { GiveUp } from '../errors.ts';
import type { Sandbox } from '../ports.ts';
import { remembered } from './base-cache.ts';
import { changesBetween } from './changes.ts';
import type { CheckProof } from './check-proof.ts';
import { blocked, conclude, unprovedBecause } from './conclude.ts';
import { diffCoverage, mergeCoverage, readLcov } from './coverage.ts';
import { type CriterionTest, proveCriteria } from './criteria.ts';
import type { Dependencies } from './dependencies.ts';
import type { Rules } from './gates/gate.ts';
import { lookAll } from './gates/index.ts';
import { install } from './install.ts';
import type { Lab } from './lab.ts';
import { proveCheck } from './prove-check.ts';
import { judgingChanges } from './restore.ts';
import { runCheck } from './run-check.ts';
import { sideOf } from './test-side.ts';
import { toolchainFor } from './toolchain.ts';
import { filesOf, inScratch, readPlain } from './tree.ts';
import type { Trees } from './trees.ts';

export type ProofRequest = {
  readonly sandbox: Sandbox;
  /** Plain trees of files, without `.git`. They are only read. */
  readonly baseDirectory: string;
  readonly headDirectory: string;
  readonly baseCommit: string;
  readonly headCommit: string;
  readonly workflow: Rules;
  readonly criteria: readonly CriterionTest[];
  /** Kept between proofs: installed packages and runs of base commits. */
  readonly cacheDirectory: string;
  readonly signal?: AbortSignal;
  /** Packages that are there already, used when the workflow installs none. */
  readonly dependencies?: Dependencies;
  /** False when `baseCommit` does not name the tree's content. */
  readonly rememberBase?: boolean;
};

/** Runs a change against its base and reports what was found out. Never throws for what the change did. */
export async function prove(request: ProofRequest): Promise<ProofReport> {
  const start = performance.now();
  const { workflow, sandbox } = request;
  const unavailable = await sandbox.unavailable();
  if (unavailable !== undefined) throw new GiveUp(unavailable);
  const found = await inScratch(async (scratch) => {
    await chmod(scratch, 0o755);
    const toolchain = await toolchainFor({
      directory: request.headDirectory,
      toolchains: workflow.toolchains,
      commands: workflow.checks.map(({ run }) => run),
      scratch,
    });
    const lab: Lab = { sandbox, toolchain, signal: request.signal };
    const notes: Finding[] =
      toolchain.wanted === undefined
        ? []
        : [
            {
              gate: 'toolchain',
              severity: 'review',
              because: `The repository asks for Node ${toolchain.wanted}, which is not installed here; Node ${toolchain.node} was used.`,
            },
          ];
    return examine(request, lab, notes);
  });
  return {
    ...conclude(found),
    base: request.baseCommit,
    head: request.headCommit,
    ...found,
    durationMs: Math.round(performance.now() - start),
  };
}

type Examined = Pick<ProofReport, 'checks' | 'criteria' | 'findings' | 'failures' | 'diffCoverage'>;

async function examine(request: ProofRequest, lab: Lab, notes: readonly Finding[]): Promise<Examined> {
  const { workflow, baseDirectory, headDirectory, cacheDirectory } = request;
  const changes = await changesBetween(baseDirectory, headDirectory);
  const packages = await packagesFor(request, lab);
  lab.signal?.throwIfAborted();
  if ('failed' in packages) {
    const findings = await lookAll({
      baseDirectory,
      headDirectory,
      changes,
      workflow,
      coverage: { declared: false, base: false, head: undefined, checksHold: false },
    });
    return { ...notInstalled(workflow, packages), findings: [...notes, ...findings] };
  }
  const trees: Trees = {
    base: { directory: baseDirectory, dependencies: packages.base },
    head: { directory: headDirectory, dependencies: packages.head },
    changes,
    judging: await judgingChanges(changes, baseDirectory, headDirectory),
    baseHasTests: (await filesOf(baseDirectory)).some((path) => sideOf(path) === 'test'),
  };
  const proofs: { readonly check: Check; readonly proof: CheckProof }[] = [];
  for (const check of workflow.checks) {
    let once: ReturnType<typeof runCheck> | undefined;
    const runBase = () => {
      once ??= remembered({ cacheDirectory, key: packages.key, check }, () =>
        runCheck(lab, { check, ...trees.base }),
      );
      return once;
    };
    proofs.push({ check, proof: await proveCheck({ lab, trees, check, runBase }) });
    lab.signal?.throwIfAborted();
  }
  const criteria = await proveCriteria(
    lab,
    trees,
    request.criteria,
    proofs.map(({ check, proof }) => ({ check, head: proof.head })),
  );
  lab.signal?.throwIfAborted();
  const measured = proofs.flatMap(({ proof }) =>
    proof.head.coverage === undefined ? [] : [readLcov(proof.head.coverage)],
  );
  const coverage = measured.length === 0 ? undefined : mergeCoverage(measured);
  const findings = await lookAll({
    baseDirectory,
    headDirectory,
    changes,
    workflow,
    coverage: {
      declared: workflow.checks.some((check) => check.coverage !== undefined),
      base: proofs.some(({ proof }) => proof.base?.coverage !== undefined),
      head: coverage,
      checksHold: proofs.every(({ proof }) => proof.report.verdict === 'pass'),
    },
  });
  const failures = proofs.flatMap(({ proof }) => proof.failures);
  // A failing test says it already; once is enough for people and for the model.
  const said = new Set(failures.map(({ test }) => test));
  const unproved = criteria.filter(
    ({ base, head, test }) => (base !== 'red' || head !== 'green') && !(head === 'red' && said.has(test)),
  );
  const all = [
    ...notes,
    ...(packages.note === undefined
      ? []
      : [{ gate: 'install', severity: 'review' as const, because: packages.note }]),
    ...proofs.flatMap(({ proof }) => proof.findings),
    ...unproved.map(
      (criterion): Finding => ({ gate: 'criteria', severity: 'block', because: unprovedBecause(criterion) }),
    ),
    ...findings,
  ];
  const share = coverage && (await diffCoverage(changes, coverage, (path) => readPlain(headDirectory, path)));
  return {
    checks: proofs.map(({ proof }) => proof.report),
    criteria,
    findings: all,
    failures: [...failures, ...blocked(all)],
    ...(share && share.executable > 0
      ? { diffCoverage: Math.round((share.covered / share.executable) * 1000) / 10 }
      : {}),
  };
}

type Packages =
  | {
      readonly base: Dependencies;
      readonly head: Dependencies;
      readonly key: readonly string[] | undefined;
      readonly note?: string;
    }
  | { readonly failed: 'base' | 'head'; readonly because: string };

async function packagesFor(request: ProofRequest, lab: Lab): Promise<Packages> {
  const { workflow, cacheDirectory, baseCommit } = request;
  const command = workflow.install;
  const keep = request.rememberBase !== false;
  if (command === undefined) {
    const there = request.dependencies ?? [];
    const key = keep && there.length === 0 ? [baseCommit, lab.toolchain.node] : undefined;
    return { base: there, head: there, key };
  }
  await mkdir(join(cacheDirectory, 'installs'), { recursive: true });
  const base = await install(lab, { directory: request.baseDirectory, command, cacheDirectory });
  const head = await install(lab, { directory: request.headDirectory, command, cacheDirectory });
  const there = request.dependencies ?? [];
  if (base.kind === 'failed' && there.length > 0) {
    const note = `Installing the dependencies of the base: ${base.because}\nThe packages that are installed in the checkout were used instead.`;
    return { base: there, head: there, key: undefined, note };
  }
  if (base.kind === 'failed') return { failed: 'base', because: base.because };
  if (head.kind === 'failed') return { failed: 'head', because: head.because };
  const key = keep ? [baseCommit, base.key, lab.toolchain.node] : undefined;
  return { base: base.dependencies, head: head.dependencies, key };
}

/** On the base it is not the change's fault, and nothing can be compared. */
function notInstalled(
  workflow: Rules,
  { failed, because }: { readonly failed: 'base' | 'head'; readonly because: string },
): Omit<Examined, 'findings'> {
  const verdict: CheckVerdict = failed === 'head' ? 'fail' : 'unknown';
  const sentence = `Installing the dependencies of the ${failed}: ${because}`;
  const none = { passed: 0, failed: 0 };
  return {
    checks: workflow.checks.map(({ name }) => ({
      name,
      verdict,
      because: sentence,
      tests: { base: none, head: none, newlyFailing: [], missing: [] },
    })),
    criteria: [],
    failures: [{ gate: 'install', message: sentence }],
  };
}

import type { AttemptProof } from '../domain/feature/state.ts';
import { lastAttempt } from '../domain/feature/state.ts';
import type { ProofReport } from '../domain/proof.ts';
import { GiveUp } from '../errors.ts';
import { prove } from '../verify/prove.ts';
import { readChange } from './common/files.ts';
import type { FeatureJob, Tools } from './common/job.ts';
import { checkoutOf, repositoryOf } from './common/material.ts';

/** Proves the last attempt's change by running it in the sandbox against the base commit. */
export function proveChange(tools: Tools): FeatureJob {
  return async (context) => {
    const { state, job, signal } = context;
    const attempt = lastAttempt(state);
    if (!attempt?.change || !state.tests) throw new GiveUp(`Proving ${state.id}: nothing was built.`);
    const missing = await tools.sandbox.unavailable();
    if (missing !== undefined) throw new GiveUp(missing);
    const { commit, workflow } = repositoryOf(state);
    const checkout = await checkoutOf(tools, context);
    const files = await readChange(tools.blobs, attempt.change);
    const { tests } = state.tests;
    const report = await tools.workspace.withChange({ checkout, files }, (headDirectory) =>
      prove({
        sandbox: tools.sandbox,
        baseDirectory: checkout.directory,
        headDirectory,
        baseCommit: commit,
        headCommit: `${state.id}, attempt ${attempt.number}`,
        workflow,
        criteria: tests.map((test) => ({ id: test.criterion, file: test.file, name: test.name })),
        cacheDirectory: tools.cacheDirectory,
        signal,
      }),
    );
    return {
      type: 'proved',
      key: job.key,
      proof: summaryOf(report, await tools.blobs.put(JSON.stringify(report))),
    };
  };
}

/** What the feature remembers of a report; the whole of it is in the blob. */
export function summaryOf(report: ProofReport, blob: string): AttemptProof {
  const failing = [
    ...new Set(report.failures.map((failure) => `${failure.gate}: ${failure.test ?? failure.message}`)),
  ];
  return {
    verdict: report.verdict,
    because: report.because,
    report: blob,
    checks: report.checks.map(({ name, verdict, because, tests }) => ({
      name,
      verdict,
      because,
      head: tests.head,
    })),
    criteria: report.criteria,
    findings: report.findings,
    failing: failing.sort(),
    failures: report.failures.map(({ gate, test, message, expected, received }) => ({
      test: test ?? gate,
      message:
        expected !== undefined && received !== undefined
          ? `expected ${expected}, received ${received}`
          : message,
    })),
    milliseconds: report.durationMs,
  };
}

import type { CheckReport, Failure, Finding } from '../domain/proof.ts';
import type { CheckRun } from './run-check.ts';

/** What came of one check, with the runs that coverage and criteria are read from. */
export type CheckProof = {
  readonly report: CheckReport;
  readonly findings: readonly Finding[];
  readonly failures: readonly Failure[];
  readonly head: CheckRun;
  /** Absent when it was not needed. */
  readonly base: CheckRun | undefined;
};

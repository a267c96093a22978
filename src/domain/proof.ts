/** What the platform found out about a change by running it; never what a model says about it. */

export type Verdict = 'pass' | 'fail' | 'unknown';
/** `tampered`: the report cannot be what the runner wrote. */
export type CheckVerdict = Verdict | 'tampered';

export type TestCounts = { readonly passed: number; readonly failed: number };

/** A check of `.slipway.yml`, run on the base commit and on the head. */
export type CheckReport = {
  readonly name: string;
  readonly verdict: CheckVerdict;
  /** One sentence with its numbers. */
  readonly because: string;
  readonly tests: {
    readonly base: TestCounts;
    readonly head: TestCounts;
    /** Ids of tests that passed on base and fail on head. */
    readonly newlyFailing: readonly string[];
    /** Ids of tests that passed on base and are not in the head's report. */
    readonly missing: readonly string[];
  };
};

/** `block` fails the proof, `review` must be shown to the reviewer, `note` is only recorded. */
export type Finding = {
  readonly gate: string;
  readonly severity: 'block' | 'review' | 'note';
  readonly path?: string;
  readonly line?: number;
  readonly because: string;
};

/** One thing that is wrong, in the shape that goes back to the model and to people: no logs. */
export type Failure = {
  /** The check or gate that failed. */
  readonly gate: string;
  /** The test's id, when a test failed. */
  readonly test?: string;
  readonly message: string;
  readonly expected?: string;
  readonly received?: string;
  /** `path:line`. */
  readonly at?: string;
  /** A few lines of code around `at`. */
  readonly excerpt?: string;
};

export type TestColour = 'red' | 'green' | 'absent';

/** A criterion is proved when its test is red on base and green on head. */
export type CriterionProof = {
  readonly id: string;
  /** The test's name as the report names it, or what was looked for. */
  readonly test: string;
  readonly base: TestColour;
  readonly head: TestColour;
};

export type ProofReport = {
  readonly verdict: Verdict;
  readonly because: string;
  /** Commit ids, or `<commit>+uncommitted`. */
  readonly base: string;
  readonly head: string;
  readonly checks: readonly CheckReport[];
  readonly criteria: readonly CriterionProof[];
  readonly findings: readonly Finding[];
  readonly failures: readonly Failure[];
  /** Covered share of the added executable lines, in percent; absent when no check reports coverage. */
  readonly diffCoverage?: number;
  readonly durationMs: number;
};

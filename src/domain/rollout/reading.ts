/** What was seen in one tick. Ticks are kept as events, so that a rollout can be folded again under other parameters. */

/** Events of one cohort in a tick: all of them, and the bad ones. Whole numbers. */
export type Counts = { readonly n: number; readonly bad: number };

/** Both cohorts in the same tick; whatever they have in common cancels. */
export type Stratum = { readonly exposed: Counts; readonly control: Counts };

/** One metric in one tick. */
export type Reading =
  /** One stratum for a rate; one for each boundary of a latency. */
  | { readonly kind: 'counts'; readonly strata: readonly Stratum[] }
  /** Counts of the exposed only, with those of past weeks at the same hour, each over `n` events. */
  | { readonly kind: 'historic'; readonly now: Counts; readonly past: readonly Counts[] }
  | { readonly kind: 'gauge'; readonly exposed: number; readonly control: number }
  /** The provider answered, and there is nothing to count. */
  | { readonly kind: 'no-data'; readonly because: string }
  /** The provider did not answer. */
  | { readonly kind: 'provider-down'; readonly because: string };

/** What the flag service says about the flag at a tick. */
export type FlagSight = {
  readonly enabled: boolean;
  /** As the service holds it: whole percent. */
  readonly percent: number;
  readonly strategy: string;
  readonly stickiness: string;
  /** Newest change by somebody else than us, when there is one after our last. */
  readonly foreign?: { readonly by: string; readonly what: string; readonly at: string };
};

export type Tick = {
  /** End of the counted time (ISO 8601). */
  readonly at: string;
  /** Its beginning. */
  readonly from: string;
  readonly readings: Readonly<Record<string, Reading>>;
  /** Distinct users first seen in each cohort during the tick, where the application counts them. */
  readonly units?: { readonly exposed: number; readonly control: number };
  /** Undefined when the flag service did not answer; then `flagProblem` says why. */
  readonly flag?: FlagSight;
  readonly flagProblem?: string;
  /** It did answer, and the flag is no longer one that can be ramped: archived, or with another strategy. */
  readonly flagUnfit?: true;
};

import type { z } from 'zod';
import type { ChangedFile } from './domain/change.ts';
import type { Risk } from './domain/feature/spec.ts';
import type { FeatureState, Mark } from './domain/feature/state.ts';
import type { PersonCommand as RolloutPersonCommand } from './domain/rollout/commands.ts';
import type { FlagSight, Reading, Stratum } from './domain/rollout/reading.ts';
import type { MetricSource } from './domain/rollout/settings.ts';
import type { RolloutState } from './domain/rollout/state.ts';

/**
 * The doors of the house, in domain words. Every implementation has a timeout on every call and turns
 * each error of its system into `TryAgain` or `GiveUp` (errors.ts).
 */

/** Slack, as far as a process needs it. */
export type Chat = {
  /**
   * Draws one message of a process as its state says now. Posts it the first time, edits it after that.
   * With `again` it may have been posted by a try that was cut short, and is looked for by its key first.
   */
  tell(
    about: Told,
    messageKey: string,
    options: { readonly again: boolean },
  ): Promise<{ readonly ts: string }>;
  /** The address of a message, for those who read about it elsewhere. */
  linkTo(at: { readonly channel: string; readonly ts: string }): Promise<string>;
  /** Replaces one of our state reactions on a message by another; each may be none. */
  mark(
    at: { readonly channel: string; readonly ts: string },
    change: { readonly from: Mark | undefined; readonly to: Mark | undefined },
  ): Promise<void>;
};
export type { Mark };
/** What is told about. */
export type Told =
  | { readonly kind: 'feature'; readonly state: FeatureState }
  | { readonly kind: 'rollout'; readonly state: RolloutState };

/** The kinds of thinking a model is asked for; configuration routes each to a model. */
export type Role = 'interviewer' | 'specifier' | 'planner' | 'tester' | 'coder';

export type ModelRequest<Answer> = {
  readonly role: Role;
  readonly risk: Risk;
  readonly messages: readonly { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }[];
  /** The structured answer that is asked for; parsed before it is returned. */
  readonly answer: { readonly name: string; readonly schema: z.ZodType<Answer> };
  /** The process id, so that the provider can group requests. */
  readonly user: string;
  readonly signal: AbortSignal;
};
export type Usage = {
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly dollars: number;
};
export type ModelReply<Answer> = {
  readonly answer: Answer;
  /** The answer as the model wrote it, for the record. */
  readonly text: string;
  /** All tries of this request together. */
  readonly usage: Usage;
};
/** Any OpenAI-compatible endpoint. */
export type Model = {
  ask<Answer>(request: ModelRequest<Answer>): Promise<ModelReply<Answer>>;
};

export type RepositorySight = { readonly branch: string; readonly commit: string };
export type PastCommit = { readonly commit: string; readonly at: string; readonly paths: readonly string[] };
/** A change on a branch of its own. */
export type KeptChange = {
  readonly repository: string;
  readonly branch: string;
  readonly baseBranch: string;
  readonly baseCommit: string;
  readonly files: readonly ChangedFile[];
  readonly commitMessage: string;
};
export type ProposedChange = KeptChange & {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
};
export type PullRequest = {
  readonly number: number;
  readonly url: string;
  readonly draft: boolean;
  readonly headSha: string;
  readonly files: readonly string[];
};
/** GitHub (GitLab later). Repositories are named `owner/name`. */
export type Forge = {
  /** The default branch, or the one that is named instead, and its newest commit; `GiveUp` when it cannot be seen. */
  look(repository: string, branch?: string): Promise<RepositorySight>;
  /** Writes the plain files of a commit (no `.git`) into an empty directory and answers the newest commits before it. */
  checkOut(request: {
    readonly repository: string;
    readonly commit: string;
    readonly directory: string;
    readonly signal: AbortSignal;
  }): Promise<readonly PastCommit[]>;
  /** Makes the commit and the branch, or finds them: work that nobody proposes, for a person to go on with. */
  keep(change: KeptChange): Promise<{ readonly url: string; readonly headSha: string }>;
  /** Makes the commit, the branch and the draft pull request, or finds those it made before: calling it again changes nothing. */
  propose(change: ProposedChange): Promise<PullRequest>;
  /** Whether a pull request is still open, and who merged it as which commit. */
  outcome(request: { readonly repository: string; readonly number: number }): Promise<PullRequestOutcome>;
};
export type PullRequestOutcome =
  | { readonly kind: 'open' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'merged'; readonly sha: string; readonly by: string };

export type FlagPlace = { readonly project: string; readonly flag: string; readonly environment: string };
/** The flag service (Unleash). A percentage is a whole one. What only a person can put right is a `GiveUp`. */
export type Flags = {
  /**
   * The flag as it is. Gives up when it does not exist, is archived, has no such environment, has other
   * enabled strategies than ours, or a stickiness that lets users flip. `since` asks for changes by others after it.
   */
  look(place: FlagPlace, options?: { readonly since?: string }): Promise<FlagSight>;
  /** Makes what is missing, in the safe order: flag (when `create`), strategy at 0 %, then enabled. Changes no percentage. */
  prepare(
    place: FlagPlace,
    options: { readonly create: boolean; readonly stickiness: string; readonly description: string },
  ): Promise<FlagSight>;
  /** Compare-and-swap, then read again; `conflict` when it was not `from`, or is not `to` afterwards. */
  setPercent(
    place: FlagPlace,
    change: { readonly strategy: string; readonly from: number; readonly to: number },
  ): Promise<{ readonly kind: 'set' | 'conflict'; readonly flag: FlagSight }>;
  /** Off for everybody, by the first route that works; already off is well. */
  off(place: FlagPlace): Promise<{ readonly route: 'off' | 'zero' }>;
  /** On again; refused unless its one strategy is at 0 %. */
  on(place: FlagPlace): Promise<FlagSight>;
  /** Tries the way back at 0 %: rights, change requests, maintenance, both routes, time until clients saw it. Leaves the flag enabled at 0 %. */
  rehearse(
    place: FlagPlace,
    flag: FlagSight,
  ): Promise<{
    readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
    readonly offSeconds?: number;
    readonly flag: FlagSight;
  }>;
  /** What clients get: the share of 10,000 made-up users for whom the SDK says on, and whether each is one the hash says. */
  served(
    place: FlagPlace,
    flag: FlagSight,
  ): Promise<{ readonly percent: number; readonly agrees: boolean; readonly because: string }>;
  /** Flags of an environment that are on for somebody but not for everybody. */
  ramping(environment: string): Promise<readonly { readonly project: string; readonly flag: string }[]>;
};

export type MetricRequest = {
  readonly flag: string;
  readonly environment: string;
  readonly source: MetricSource;
  /** ISO 8601. */
  readonly from: string;
  readonly to: string;
};
/** The metrics provider (Prometheus, or the impact metrics of Unleash). `TryAgain` when it does not answer. */
export type Metrics = {
  /** Raw counter differences of both cohorts; `no-data` when there is nothing to count. */
  read(request: MetricRequest & { readonly compareWith: 'cohort' | 'history' }): Promise<Reading>;
  /** Distinct users first seen in each cohort, where the application counts them. */
  units(
    request: Omit<MetricRequest, 'source'>,
  ): Promise<{ readonly exposed: number; readonly control: number } | undefined>;
  /** The past hour minute by minute, split by the fixed halves of the users while nobody is exposed (A/A), and by both together for the traffic. */
  preflight(request: Omit<MetricRequest, 'from'>): Promise<{
    /** Strata of equal treatment; empty when the application does not label halves. */
    readonly halves: readonly Stratum[];
    readonly perMinute: number;
    readonly badShare: number;
  }>;
};

/** The other processes, as far as a job needs them. */
export type Fleet = {
  /** Starts a rollout in its owner's name; the same again changes nothing. Gives up when it may not be. */
  start(command: Extract<RolloutPersonCommand, { type: 'start' }>): Promise<void>;
  /** Rollouts that are not over, the longest waiting first. */
  open(): Promise<readonly RolloutState[]>;
};

/** The tracker (Jira). */
export type Tracker = {
  /** Makes the issue, or finds the one made before by its label. */
  open(issue: {
    readonly label: string;
    readonly summary: string;
    readonly description: string;
  }): Promise<{ readonly key: string; readonly url: string }>;
};

export type SandboxJob = {
  /** Program and arguments, as seen inside. */
  readonly command: readonly string[];
  /** Host directory, writable at `/job`, where the command starts. */
  readonly directory: string;
  readonly mounts: readonly { readonly from: string; readonly to: string; readonly writable: boolean }[];
  readonly environment: Readonly<Record<string, string>>;
  /** `registry`: only the configured package registry can be reached. */
  readonly network: 'none' | 'registry';
  readonly limits: SandboxLimits;
  readonly signal?: AbortSignal;
};
export type SandboxLimits = {
  readonly seconds: number;
  readonly memoryBytes: number;
  readonly processes: number;
  readonly outputBytes: number;
  readonly fileBytes: number;
};
export type SandboxOutcome = {
  readonly ended: 'exited' | 'timed-out' | 'out-of-memory' | 'stopped';
  /** Exit status when `exited` normally. */
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
  readonly milliseconds: number;
};
/** Where generated code runs: no network, read-only system, own uid, limits. Refuses when it cannot isolate. */
export type Sandbox = {
  /** Undefined when it is ready, else the sentence that says what is missing and how to install it. */
  unavailable(): Promise<string | undefined>;
  run(job: SandboxJob): Promise<SandboxOutcome>;
};

/** Large content by its SHA-256: prompts, answers, contexts, reports, changes. */
export type Blobs = {
  put(content: string): Promise<string>;
  get(sha256: string): Promise<string>;
};

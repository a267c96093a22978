import type { z } from 'zod';
import type { ChangedFile } from './domain/change.ts';
import type { Risk } from './domain/feature/spec.ts';
import type { FeatureState, Mark } from './domain/feature/state.ts';

/**
 * The doors of the house, in domain words. Every implementation has a timeout on every call and turns
 * each error of its system into `TryAgain` or `GiveUp` (errors.ts).
 */

/** Slack, as far as a process needs it. */
export type Chat = {
  /**
   * Draws one message of a feature as its state says now. Posts it the first time, edits it after that.
   * With `again` it may have been posted by a try that was cut short, and is looked for by its key first.
   */
  tell(
    state: FeatureState,
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

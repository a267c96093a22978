import type { FeatureCommand } from '../../domain/feature/commands.ts';
import type { FeatureState } from '../../domain/feature/state.ts';
import type { PendingJob } from '../../domain/process.ts';
import type { Blobs, Chat, Fleet, Forge, Model, Sandbox } from '../../ports.ts';
import type { Workspace } from '../../workspace/workspace.ts';

/** What a job gets: the state as it was when the bell rang, and a signal that says its work is no longer wanted. */
export type JobContext = {
  readonly processId: string;
  readonly job: PendingJob;
  readonly state: FeatureState;
  /** It was begun before, and what it did then may have taken effect outside. */
  readonly again: boolean;
  readonly signal: AbortSignal;
};

/** Does one thing through one door and answers what came of it. Jobs never decide what happens next. */
export type FeatureJob = (context: JobContext) => Promise<FeatureCommand>;

/** The doors and places that jobs work with. */
export type Tools = {
  readonly chat: Chat;
  readonly model: Model;
  readonly forge: Forge;
  readonly sandbox: Sandbox;
  readonly blobs: Blobs;
  readonly workspace: Workspace;
  /** Where installs and base runs are kept between proofs. */
  readonly cacheDirectory: string;
  /** No feature may spend more, whatever its repository says. */
  readonly maxDollars: number;
  /** Branches that changes go to instead of the default one, by repository. */
  readonly baseBranches: Readonly<Record<string, string>>;
  readonly fleet: Fleet;
  /** How often an open pull request is looked at. */
  readonly pollMs: number;
  /** At most three. */
  readonly maxQuestions: number;
};

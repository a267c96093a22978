import type { PendingJob, ProcessKind } from '../domain/process.ts';
import type { Blobs } from '../ports.ts';
import type { CommandOf, KindOf, Processes, StateOf } from './types.ts';

export type JobContext<State> = {
  readonly processId: string;
  readonly job: PendingJob;
  /** The state when the job was begun. */
  readonly state: State;
  /** It was begun before, and what it did then may have taken effect outside. */
  readonly again: boolean;
  /** Aborted when the process does not ask for this job any more, and when the bot stops. */
  readonly signal: AbortSignal;
  readonly blobs: Blobs;
};

/**
 * One kind of work. What it returns is sent to the process as commands of the actor `{ kind: 'job' }`.
 * It throws `NotYet` (looked at again), `TryAgain` (repeated later) or `GiveUp` (the process is told); anything else is a bug.
 */
export type Job<State, Command> = {
  run(context: JobContext<State>): Promise<Command | readonly Command[] | undefined>;
};

/** The jobs of every kind of process, by the names that its `pendingJobs` uses. */
export type Jobs<All extends Processes> = {
  readonly [Kind in KindOf<All>]: Readonly<
    Record<string, Job<StateOf<All[Kind]>, CommandOf<All[Kind]>> | undefined>
  >;
};

/** What could not be done, for the process to decide about. */
export type Failure = {
  readonly job: PendingJob;
  /** A sentence for the person who can act. */
  readonly reason: string;
  /** What was thrown, for example a `BadAnswer` with what it cost. */
  readonly error: unknown;
};

/** For every kind of process the command that tells it a job has failed for good. */
export type Failed<All extends Processes> = {
  readonly [Kind in KindOf<All>]: (failure: Failure) => CommandOf<All[Kind]>;
};

export type AnyJobs = {
  readonly [Kind in ProcessKind]?: Readonly<Record<string, Job<unknown, unknown> | undefined>>;
};
export type AnyFailed = { readonly [Kind in ProcessKind]?: (failure: Failure) => unknown };

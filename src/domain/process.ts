/**
 * The one idea of the house: everything long-lived is a process, three pure functions and an initial state.
 * The engine (src/engine) does the rest: locks, events, storage, jobs.
 */

export type ProcessKind = 'feature' | 'rollout';

/** Who caused something. Rights are resolved when it happens, never when a button was drawn. */
export type Actor =
  | {
      readonly kind: 'person';
      /** Slack user id, for example `U012AB3CD`. */
      readonly id: string;
      readonly name: string;
      readonly rights: readonly Right[];
    }
  | { readonly kind: 'job'; readonly name: string };

/** What a person may do; resolved from `slipway.yml` at the moment of the command. */
export type Right = 'request' | 'steer' | 'approve' | 'stop' | 'on-call' | 'administer';

/** An event says what happened and why: one sentence with its numbers, the same in Slack, the log and the audit trail. */
export type DomainEvent = { readonly type: string; readonly because: string };

export type Decision<Event> = { readonly accept: readonly Event[] } | { readonly refuse: string };

/** The kinds of work, by what limits them: the model, the sandbox, short API calls, rollout ticks, Slack. Switching off has a lane of its own: it waits behind nothing. */
export type Lane = 'think' | 'build' | 'call' | 'watch' | 'halt' | 'tell';

/** Work the outside world owes a process right now. */
export type PendingJob = {
  /** The file in src/jobs that does it. */
  readonly name: string;
  /** Which step and which attempt; unique within the process, and never reused for other work. */
  readonly key: string;
  readonly lane: Lane;
  /** Not due before this time (ISO 8601). */
  readonly notBefore?: string;
};

/** The Slack thread a process lives in. */
export type Place = { readonly channel: string; readonly thread: string };

export type Process<State, Command, Event extends DomainEvent> = {
  readonly kind: ProcessKind;
  readonly initial: State;
  /** May this happen now? Time is an argument. A refusal carries the sentence the person will read. */
  decide(state: State, command: Command, by: Actor, now: Date): Decision<Event>;
  /** What is true after it happened. `at` is the time recorded with the event (ISO 8601). */
  evolve(state: State, event: Event, at: string): State;
  /** What the outside world owes this process right now. */
  pendingJobs(state: State): readonly PendingJob[];
  /** Where people talk about it, once that is known; the engine keeps it in the thread index. */
  placeOf(state: State): Place | undefined;
};

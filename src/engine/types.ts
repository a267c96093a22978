import type { Actor, DomainEvent, Place, Process, ProcessKind } from '../domain/process.ts';

/** Where the engine says what it does; the house's log fits. */
export type Log = {
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
};

/**
 * A process whose types the engine does not look into. Every `Process<State, Command, Event>` fits,
 * because the three functions of a process are declared as methods.
 */
export type AnyProcess = Process<unknown, unknown, DomainEvent>;

/** The processes of a deployment by their kind, for example `{ feature, rollout }`. */
export type Processes = { readonly [Kind in ProcessKind]?: AnyProcess };

export type KindOf<All extends Processes> = keyof All & ProcessKind;
export type StateOf<One> = One extends Process<infer State, infer _Command, infer _Event> ? State : never;
export type CommandOf<One> = One extends Process<infer _State, infer Command, infer _Event> ? Command : never;
export type EventOf<One> = One extends Process<infer _State, infer _Command, infer Event> ? Event : never;

/** A process as it is saved. */
export type Saved<State, Kind extends ProcessKind = ProcessKind> = {
  readonly id: string;
  readonly kind: Kind;
  /** The number of its newest event. */
  readonly version: number;
  readonly state: State;
  readonly place: Place | undefined;
  readonly updatedAt: Date;
};

/** What became of a command. `accepted` may be empty: it was right, and nothing had to change. */
export type Sent<State, Event> =
  | { readonly accepted: readonly Event[]; readonly state: State; readonly version: number }
  | { readonly refused: string; readonly state: State; readonly version: number };

/** One link of a process's chain. */
export type PastEvent<Event = DomainEvent> = {
  readonly seq: number;
  readonly event: Event;
  readonly by: Actor;
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string;
  readonly hash: string;
};

/** Something was decided about a process, here or in another worker. */
export type Change = { readonly processId: string; readonly kind: ProcessKind; readonly version: number };

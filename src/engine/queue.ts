import type { Lane } from '../domain/process.ts';

/** All the queue ever says: look at this job of this process. What to do is in the database. */
export type Bell = { readonly processId: string; readonly key: string };

export type Ring = {
  readonly bell: Bell;
  readonly lane: Lane;
  readonly dueAt: Date;
  /** Rings that are equal to one that is still queued are dropped; another `round` makes them different. */
  readonly round: string;
};

/** The bell between the database and the workers. It may forget: the sweep rings again. */
export type Queue = {
  ring(rings: readonly Ring[]): Promise<void>;
  /** Starts to take bells, each lane as many at once as it may. */
  answer(onBell: (bell: Bell) => Promise<void>): Promise<void>;
  /** Takes no more bells; done when those in hand are. */
  stop(): Promise<void>;
  close(): Promise<void>;
  counts(): Promise<Readonly<Record<Lane, LaneCounts>>>;
};
export type LaneCounts = { readonly waiting: number; readonly active: number; readonly delayed: number };

export const lanes: readonly Lane[] = ['think', 'build', 'call', 'watch', 'halt', 'tell'];

/** How many jobs of a lane one worker process runs at once. */
export type Concurrency = Readonly<Record<Lane, number>>;
export const usualConcurrency: Concurrency = { think: 4, build: 1, call: 8, watch: 32, halt: 8, tell: 4 };

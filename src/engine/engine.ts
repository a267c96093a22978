import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor, Lane } from '../domain/process.ts';
import { sentenceOf } from '../errors.ts';
import type { Blobs } from '../ports.ts';
import { createBlobs } from './blobs.ts';
import { createInbox, type Inbox, type InboxEntry } from './inbox.ts';
import type { Failed, Jobs } from './job.ts';
import type { Database } from './postgres.ts';
import type { LaneCounts, Queue, Ring } from './queue.ts';
import { createReading, type Reading } from './reading.ts';
import { reconcile } from './reconcile.ts';
import { type Retry, usualRetry } from './retry.ts';
import { createRinger } from './ringer.ts';
import { createRunning } from './running.ts';
import { openSession, type Session } from './session.ts';
import { type ChangeNotice, changeChannel, createStore } from './store.ts';
import { type Sweep, startSweep } from './sweep.ts';
import type { Change, CommandOf, EventOf, KindOf, Log, Processes, Sent, StateOf } from './types.ts';
import { createWorkBook, type Work } from './work.ts';
import { answerBell, type Send } from './worker.ts';

export type Engine<All extends Processes> = Reading<All> & {
  /**
   * Decides a command: locks the process (made when there is none), appends what was accepted and saves
   * the state, all in one transaction. Then the work that follows is rung for, and running work that is
   * no longer wanted is aborted, here at once and in other workers by NOTIFY.
   */
  send<Kind extends KindOf<All>>(request: {
    readonly kind: Kind;
    readonly id: string;
    readonly command: CommandOf<All[Kind]>;
    readonly by: Actor;
  }): Promise<Sent<StateOf<All[Kind]>, EventOf<All[Kind]>>>;
  readonly inbox: Pick<Inbox, 'journal' | 'firstLike'>;
  readonly blobs: Blobs;
  /** Tells of every change of any process, made here or in another worker. Returns how to end it. */
  watch(listener: (change: Change) => void): () => void;
  /** What waits and what is running, by lane. */
  counts(): Promise<Readonly<Record<Lane, LaneCounts>>>;
  /** Begins to work: jobs, timers, the inbox, the sweeps. Without it the engine only decides. */
  start(): Promise<void>;
  /** Takes no new work, finishes what is in hand within the deadline (then aborts it), and closes. */
  drain(options?: { readonly deadlineMs?: number }): Promise<void>;
};

export type EngineOptions<All extends Processes> = {
  readonly database: Pick<Database, 'pool' | 'url'>;
  readonly queue: Queue;
  readonly processes: All;
  readonly jobs: Jobs<NoInfer<All>>;
  readonly failed: Failed<NoInfer<All>>;
  /** Handles one entry of the inbox; it is repeated when it throws, unless it throws `GiveUp`. */
  handle(entry: InboxEntry): Promise<void>;
  readonly retry?: Readonly<Partial<Record<Lane, Retry>>>;
  readonly inboxRetry?: Retry;
  readonly sweepMs?: number;
  readonly now?: () => Date;
  readonly log: Log;
};

/** How long aborted work and the queue's connections may take to end. */
const abortedMs = 2000;
const reconcileMs = 3_600_000;
/** How much work one sweep rings for at most; the next goes on where it ended. */
const mostSwept = 5000;
const superseded = 'The process does not ask for this work any more.';

/** Makes the engine on a migrated database. It does nothing by itself until `start`. */
export function createEngine<All extends Processes>(options: EngineOptions<All>): Engine<All> {
  const { queue, log, now = () => new Date(), sweepMs = 3000 } = options;
  const { pool, url } = options.database;
  const worker = randomUUID();
  const store = createStore({ pool, processes: options.processes, worker, now });
  const work = createWorkBook(pool);
  const blobs = createBlobs(pool);
  const running = createRunning();
  const watchers = new Set<(change: Change) => void>();
  const ringer = createRinger({ queue, log });
  let session: Session | undefined;
  let sweeps: readonly Sweep[] = [];
  const inbox = createInbox({
    pool,
    session: () => session,
    handle: options.handle,
    sweepMs,
    now,
    log,
    ...(options.inboxRetry && { retry: options.inboxRetry }),
  });

  /** What is due later is rung by a sweep, many at a time, before it is due. */
  const aheadMs = 2 * sweepMs;
  const ring = (rings: readonly Ring[]) => {
    const horizon = now().getTime() + aheadMs;
    ringer.ring(rings.filter(({ dueAt }) => dueAt.getTime() <= horizon));
  };

  const send: Send = async (request) => {
    const decided = await store.decide(request);
    if ('refused' in decided.sent || decided.sent.accepted.length === 0) return decided;
    const keys = decided.pending.map((job) => job.key);
    running.keepOnly(request.id, keys, superseded);
    ring(
      decided.pending
        .filter((job) => !running.has({ processId: request.id, key: job.key }))
        .map((job) => ({
          bell: { processId: request.id, key: job.key },
          lane: job.lane,
          dueAt: job.notBefore ? new Date(job.notBefore) : now(),
          round: '',
        })),
    );
    return decided;
  };

  const dropUnwanted = async (processId: string) => {
    const wanted = await work.of(processId);
    running.keepOnly(
      processId,
      wanted.map(({ key }) => key),
      superseded,
    );
  };

  const onNotice = (payload: string) => {
    const { worker: from, ...change }: ChangeNotice = JSON.parse(payload);
    for (const watcher of watchers) watcher(change);
    // What was decided here was followed by `send`.
    if (from === worker) return;
    if (!running.processes().includes(change.processId)) return;
    dropUnwanted(change.processId).catch((error: unknown) =>
      log.warn('A change was not followed at once', { ...change, error: sentenceOf(error) }),
    );
  };

  // The bells of a worker that died are still in hand in the queue; another round is not taken for them.
  let round: string = randomUUID();
  /** What is due up to here was rung for, by a sweep or when it became known. */
  let rungTo = new Date(0);
  const sweepOnce = async () => {
    for (const processId of running.processes()) await dropUnwanted(processId);
    const horizon = new Date(now().getTime() + aheadMs);
    const due = await work.due({ now: now(), after: rungTo, until: horizon, limit: mostSwept });
    const idle = due.filter((one) => !running.has(one));
    const urgent = answerUrgent(idle);
    await queue.ring(idle.map((one) => toRing(one, round))).finally(() => urgent);
    rungTo = (due.length === mostSwept ? due.at(-1)?.dueAt : undefined) ?? horizon;
    round = '';
  };

  const parts = {
    processes: options.processes,
    jobs: options.jobs,
    failed: options.failed,
    retry: { ...usualRetry, ...options.retry },
    store,
    work,
    blobs,
    running,
    send,
    ring: (one: Ring) => ring([one]),
    now,
    log,
  };

  /** Switching off waits behind nothing, not for a queue that is down either; its lease keeps it from being done twice. */
  const answerUrgent = async (due: readonly Work[]) => {
    const opened = session;
    const urgent = due.filter(({ lane, dueAt }) => lane === 'halt' && dueAt <= now());
    if (opened && !drained)
      await Promise.all(urgent.map((bell) => answerBell({ ...parts, session: opened }, bell)));
  };

  let drained: Promise<void> | undefined;
  const drain = async (deadlineMs: number) => {
    const finished = Promise.all([queue.stop(), inbox.stop(), ...sweeps.map((sweep) => sweep.stop())]);
    await Promise.race([finished, sleep(deadlineMs, undefined, { ref: false })]);
    running.abortAll('Slipway is stopping; this work will be begun again.');
    await Promise.race([finished, sleep(abortedMs, undefined, { ref: false })]);
    await ringer.settled();
    await Promise.race([queue.close(), sleep(3 * abortedMs, undefined, { ref: false })]);
    await session?.close();
  };

  return {
    ...createReading<All>(store),
    send: async <Kind extends KindOf<All>>(request: {
      readonly kind: Kind;
      readonly id: string;
      readonly command: CommandOf<All[Kind]>;
      readonly by: Actor;
    }) => (await send(request)).sent as Sent<StateOf<All[Kind]>, EventOf<All[Kind]>>,
    inbox,
    blobs,
    watch: (listener) => {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    counts: queue.counts,
    start: async () => {
      const opened = await openSession({
        url,
        log,
        channel: changeChannel,
        onNotice,
        onLost: () => running.abortAll('The lease on this work was lost; it will be begun again.'),
      });
      session = opened;
      await queue.answer(async (bell) => {
        if (!drained) await answerBell({ ...parts, session: opened }, bell);
      });
      sweeps = [
        startSweep({ everyMs: sweepMs, name: 'the pending work', log, work: sweepOnce }),
        startSweep({
          everyMs: reconcileMs,
          name: 'all processes',
          log,
          work: () => reconcile({ pool, processes: options.processes, now }),
        }),
      ];
      inbox.start();
    },
    drain: ({ deadlineMs = 20_000 } = {}) => {
      drained ??= drain(deadlineMs);
      return drained;
    },
  };
}

function toRing(work: Work, round: string): Ring {
  return {
    bell: { processId: work.processId, key: work.key },
    lane: work.lane,
    dueAt: work.dueAt,
    round,
  };
}

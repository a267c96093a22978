import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Queue as BullQueue,
  Worker as BullWorker,
  createPostgresBackend,
  isPgPool,
  runMigrations,
} from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Lane } from '../domain/process.ts';
import { TryAgain } from '../errors.ts';
import { type Bell, type Concurrency, lanes, type Queue, type Ring, usualConcurrency } from './queue.ts';
import type { Log } from './types.ts';

export type QueueOptions = {
  /** With it the bells are on Redis, which many machines can share; else on the database. */
  readonly redisUrl?: string | undefined;
  readonly databaseUrl: string;
  readonly concurrency?: Concurrency;
  /** How long a silent worker keeps a bell, and how often that is looked after. */
  readonly lockMs?: number;
  readonly stalledMs?: number;
  readonly log: Log;
};

type LaneQueue = {
  add(name: string, data: Bell, options: ReturnType<typeof toJob>['opts']): Promise<unknown>;
  addBulk(jobs: ReturnType<typeof toJob>[]): Promise<unknown>;
  getJobCounts(...types: ('wait' | 'active' | 'delayed')[]): Promise<{ readonly [type: string]: number }>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
};
type LaneWorker = {
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
  disconnect(): Promise<void>;
};
type WorkerSettings = {
  readonly concurrency: number;
  readonly lockDuration: number;
  readonly stalledInterval: number;
  readonly maxStalledCount: number;
};

/** What differs between the two stores of BullMQ. */
type Backing = {
  queue(name: string): LaneQueue;
  worker(name: string, run: (job: { data: Bell }) => Promise<void>, settings: WorkerSettings): LaneWorker;
  /** Undefined while it can be rung, else why not. */
  silent(): string | undefined;
  close(): Promise<void>;
};

/** How long the store of the queue may take to open, and to let go of its connections. */
const patienceMs = 2000;

/** BullMQ as the bell, one queue per lane. */
export async function createBullQueue(options: QueueOptions): Promise<Queue> {
  const { log, concurrency = usualConcurrency, lockMs = 5000, stalledMs = 5000 } = options;
  const backing = options.redisUrl
    ? await onRedis(options.redisUrl, log)
    : await onPostgres(options.databaseUrl, log);
  let closing = false;
  const complain = (lane: Lane) => (error: Error) => {
    if (!closing) log.warn('The queue complains', { lane, error: error.message });
  };
  const queues = new Map(
    lanes.map((lane) => {
      const queue = backing.queue(nameOf(lane));
      queue.on('error', complain(lane));
      return [lane, queue];
    }),
  );
  let workers: readonly LaneWorker[] = [];

  // After a lost connection BullMQ's close may never come to an end (taskforcesh/bullmq#4163), so what
  // is in hand is counted here.
  const inHand = new Set<Promise<void>>();
  const stop = async () => {
    const closed = Promise.allSettled(workers.map((worker) => worker.close()));
    const quiet = async () => {
      while (inHand.size > 0) await Promise.allSettled(inHand);
      await sleep(patienceMs, undefined, { ref: false });
    };
    await Promise.race([closed, quiet()]);
  };
  return {
    ring: async (rings) => {
      const silent = backing.silent();
      if (silent !== undefined) throw new TryAgain(silent);
      for (const [lane, ofLane] of Map.groupBy(rings, (ring) => ring.lane)) {
        const [first, ...others] = ofLane.map(toJob);
        const queue = queues.get(lane);
        // On PostgreSQL BullMQ makes temporary tables for each bulk, which is slow for a single bell.
        if (first && others.length === 0) await queue?.add(first.name, first.data, first.opts);
        else if (first) await queue?.addBulk([first, ...others]);
      }
    },
    answer: async (onBell) => {
      const take = (bell: Promise<void>) => {
        inHand.add(bell);
        return bell.finally(() => inHand.delete(bell));
      };
      workers = lanes.map((lane) => {
        const worker = backing.worker(nameOf(lane), (job) => take(onBell(job.data)), {
          concurrency: concurrency[lane],
          lockDuration: lockMs,
          stalledInterval: stalledMs,
          maxStalledCount: 1000,
        });
        worker.on('error', complain(lane));
        return worker;
      });
    },
    stop,
    close: async () => {
      await stop();
      closing = true;
      const rest = [
        ...[...queues.values()].map((queue) => queue.close()),
        ...workers.map((worker) => worker.disconnect()),
      ];
      await Promise.race([Promise.allSettled(rest), sleep(patienceMs, undefined, { ref: false })]);
      await backing.close();
    },
    counts: async () => ({
      think: await countsOf(queues.get('think')),
      build: await countsOf(queues.get('build')),
      call: await countsOf(queues.get('call')),
      watch: await countsOf(queues.get('watch')),
      halt: await countsOf(queues.get('halt')),
      tell: await countsOf(queues.get('tell')),
    }),
  };
}

async function onRedis(url: string, log: Log): Promise<Backing> {
  // Ringing must fail at once while Redis is down (a person may be waiting, and the sweep rings again);
  // workers must wait for it.
  const producer = new Redis(url, { maxRetriesPerRequest: 1, enableOfflineQueue: false });
  const consumer = new Redis(url, { maxRetriesPerRequest: null });
  for (const client of [producer, consumer]) {
    client.on('error', (error: Error) => log.warn('Redis cannot be reached', { error: error.message }));
  }
  // A Redis that is down does not keep Slipway from starting: everything but the bell works without it.
  await Promise.race([
    new Promise((resolve) => producer.once('ready', resolve)),
    sleep(patienceMs, undefined, { ref: false }),
  ]);
  return {
    queue: (name) => new BullQueue<Bell, void, string>(name, { connection: producer, prefix: 'slipway' }),
    worker: (name, run, settings) =>
      new BullWorker<Bell, void>(name, run, { connection: consumer, prefix: 'slipway', ...settings }),
    silent: () =>
      producer.status === 'ready' ? undefined : 'Redis cannot be reached; the sweep will ring again.',
    close: async () => {
      producer.disconnect();
      consumer.disconnect();
    },
  };
}

async function onPostgres(url: string, log: Log): Promise<Backing> {
  const schema = 'bullmq';
  // One pool for all lanes: each worker keeps one connection to listen on.
  const pool = new pg.Pool({
    connectionString: url,
    // A bell that a crash of the database swallows is rung again by the sweep, so nobody waits for the disk.
    options: `-c search_path=${schema} -c synchronous_commit=off`,
    max: lanes.length + 8,
    keepAlive: true,
    application_name: 'slipway queue',
  });
  // Every queue and every worker listens on it.
  pool.setMaxListeners(4 * lanes.length);
  let closing = false;
  pool.on('error', (error) => {
    if (!closing) log.warn('A connection of the queue was lost', { error: error.message });
  });
  const client = await pool.connect();
  try {
    await runMigrations(client, schema);
  } finally {
    client.release();
  }
  // The types of pg and of BullMQ disagree about the listeners of a connection; BullMQ's own check decides.
  if (!isPgPool(pool)) throw new Error('BullMQ does not take the connection pool of this version of pg.');
  return {
    queue: (name) => new BullQueue(name, { connection: pool }, createPostgresBackend),
    worker: (name, run, settings) =>
      new BullWorker(name, run, { connection: pool, ...settings }, createPostgresBackend),
    silent: () => undefined,
    close: () => {
      closing = true;
      return pool.end();
    },
  };
}

function toJob(ring: Ring) {
  const restMs = ring.dueAt.getTime() - Date.now();
  return {
    name: 'bell',
    data: ring.bell,
    opts: {
      jobId: idOf(ring),
      // A little late rather than a little early: an early bell finds nothing due.
      delay: restMs > 0 ? restMs + 5 : 0,
      // A bell that has rung must leave nothing behind that would swallow the next one.
      removeOnComplete: true,
      removeOnFail: true,
    },
  };
}

/** BullMQ refuses ids that contain a colon or look like a number. */
function idOf({ bell, dueAt, round }: Ring): string {
  const text = [bell.processId, bell.key, dueAt.getTime(), round].join('\n');
  return `bell-${createHash('sha256').update(text).digest('hex').slice(0, 40)}`;
}

function nameOf(lane: Lane): string {
  return `slipway-${lane}`;
}

async function countsOf(queue: LaneQueue | undefined) {
  const counts = await queue?.getJobCounts('wait', 'active', 'delayed');
  return { waiting: counts?.wait ?? 0, active: counts?.active ?? 0, delayed: counts?.delayed ?? 0 };
}

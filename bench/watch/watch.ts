import { setTimeout as sleep } from 'node:timers/promises';
import { rollout } from '../../src/domain/rollout/rollout.ts';
import { createBullQueue } from '../../src/engine/bull.ts';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import { tellRollout } from '../../src/jobs/rollout/tell.ts';
import { watch } from '../../src/jobs/rollout/watch.ts';
import type { Flags, Metrics } from '../../src/ports.ts';
import { createFleet } from '../../src/wiring/rollouts.ts';
import { readingOf, sight, tickSeconds } from '../ramping.ts';
import { percentile } from '../table.ts';
import { cpuOf, type Machines } from './machines.ts';
import { seed } from './seed.ts';

type Processes = { readonly rollout: typeof rollout };

export type Watched = {
  readonly queue: 'postgres' | 'redis';
  readonly cards: boolean;
  readonly ticks: number;
  readonly perSecond: number;
  /** Milliseconds after the tick was due that its job began. */
  readonly late: { readonly p50: number; readonly p99: number; readonly most: number };
  /** Of one core. */
  readonly cpu: { readonly bot: number; readonly postgres: number };
  readonly commitsPerTick: number;
};

const unused = async (): Promise<never> => {
  throw new Error('The benchmark has no such door.');
};
const quiet = { info: () => {}, warn: console.warn, error: console.error };

/**
 * One worker over a whole fleet: the engine, its queue and the job `watch` as they are, with doors that answer
 * from memory at once. The first 30 s are not counted, the next are.
 */
export async function watchFleet(
  machines: Machines,
  options: { readonly rollouts: number; readonly queue: 'postgres' | 'redis'; readonly cards: boolean },
): Promise<Watched> {
  const { rollouts, cards } = options;
  const { database } = machines;
  const from = new Date(Date.now() + seedingMs(rollouts));
  await seed(database.pool, { rollouts, from, cards });
  await database.pool.query('vacuum analyze');
  const queue = await createBullQueue({
    databaseUrl: database.url,
    ...(options.queue === 'redis' && { redisUrl: machines.redisUrl }),
    log: quiet,
  });
  const late: number[] = [];
  let counting = false;
  const job = watch({
    flags,
    metrics,
    fleet: createFleet({ engine: () => engine, people }),
    now: () => new Date(),
  });
  const tell = tellRollout({
    chat: { tell: async () => ({ ts: '1780000000.1' }), linkTo: unused, mark: unused },
  });
  const engine: Engine<Processes> = createEngine<Processes>({
    database,
    queue,
    processes: { rollout },
    jobs: {
      rollout: {
        watch: {
          run: (context) => {
            if (counting) late.push(Date.now() - Date.parse(context.job.notBefore ?? ''));
            return job(context);
          },
        },
        tell: { run: tell },
      },
    },
    failed: { rollout: ({ job: { key }, reason }) => ({ type: 'gave-up', key, because: reason }) },
    handle: async () => {},
    log: quiet,
  });
  try {
    await sleep(Math.max(0, from.getTime() - Date.now()));
    await engine.start();
    await sleep(tickSeconds * 1000);
    counting = true;
    const before = await snapshot(machines);
    await sleep(tickSeconds * 1000);
    counting = false;
    const after = await snapshot(machines);
    const seconds = (after.at - before.at) / 1000;
    const ticks = after.ticks - before.ticks;
    const sorted = late.toSorted((a, b) => a - b);
    return {
      queue: options.queue,
      cards,
      ticks,
      perSecond: ticks / seconds,
      late: {
        p50: percentile(sorted, 0.5),
        p99: percentile(sorted, 0.99),
        most: sorted.at(-1) ?? Number.NaN,
      },
      cpu: {
        bot: (after.bot - before.bot) / seconds,
        postgres: (after.postgres - before.postgres) / seconds,
      },
      commitsPerTick: (after.commits - before.commits) / ticks,
    };
  } finally {
    await engine.drain({ deadlineMs: 2000 });
  }
}

/** The seeding is over well before the first tick is due. */
const seedingMs = (rollouts: number) => 3000 + rollouts * 2;

const flags: Flags = {
  look: async () => sight,
  prepare: unused,
  setPercent: unused,
  off: unused,
  on: unused,
  rehearse: unused,
  served: unused,
  ramping: unused,
};
const metrics: Metrics = {
  read: async ({ source, to }) => readingOf(source, Math.floor(Date.parse(to) / 1000 / tickSeconds)),
  units: async () => ({ exposed: 25, control: 75 }),
  preflight: unused,
};
const people = { actor: unused, holdersOf: unused, onCall: unused };

async function snapshot({ database, postmaster }: Machines) {
  const { rows } = await database.pool.query<{ ticks: number; commits: number }>(
    `select (select count(*) from events where type = 'ticked')::int as ticks,
            (select xact_commit from pg_stat_database where datname = current_database())::int as commits`,
  );
  const { user, system } = process.cpuUsage();
  return {
    at: performance.now(),
    ticks: rows[0]?.ticks ?? 0,
    commits: rows[0]?.commits ?? 0,
    bot: (user + system) / 1e6,
    postgres: await cpuOf(postmaster),
  };
}

/** What one rollout occupies: its row, and each event of its ticks. */
export async function sizes(machines: Machines): Promise<{ readonly state: number; readonly event: number }> {
  const { rows } = await machines.database.pool.query<{ state: number; event: number }>(
    `select (select avg(octet_length(state::text)) from processes)::int as state,
            (select avg(octet_length(data::text)) from events where type = 'ticked')::int as event`,
  );
  return { state: rows[0]?.state ?? 0, event: rows[0]?.event ?? 0 };
}

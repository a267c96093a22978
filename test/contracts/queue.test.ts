import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createBullQueue, type QueueOptions } from '../../src/engine/bull.ts';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import { migrate } from '../../src/engine/migrate.ts';
import { openDatabase } from '../../src/engine/postgres.ts';
import { type Bell, lanes, type Queue, type Ring, usualConcurrency } from '../../src/engine/queue.ts';
import { errand, keptLog, maria, until } from '../engine/errand.ts';
import { freshDatabase } from '../setup/database.ts';
import { redisMissing, startRedis, type TestRedis } from './queue-redis.ts';

type Backing = {
  readonly options: Pick<QueueOptions, 'databaseUrl' | 'redisUrl'>;
  /** Loses everything the queue knew. */
  wipe(): Promise<void>;
  stop(): Promise<void>;
};

async function onPostgres(): Promise<Backing> {
  const fresh = await freshDatabase();
  return {
    options: { databaseUrl: fresh.url },
    wipe: () => wipeSchema(fresh.url),
    stop: fresh.drop,
  };
}

async function onRedis(): Promise<Backing & { readonly redis: TestRedis }> {
  const [fresh, redis] = [await freshDatabase(), await startRedis()];
  return {
    redis,
    options: { databaseUrl: fresh.url, redisUrl: redis.url },
    wipe: redis.flush,
    stop: async () => {
      await redis.stop();
      await fresh.drop();
    },
  };
}

async function wipeSchema(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    "select quote_ident(tablename) as name from pg_tables where schemaname = 'bullmq' and tablename not like '%migration%'",
  );
  await client.query(`truncate ${rows.map(({ name }) => `bullmq.${name}`).join(', ')} cascade`);
  await client.end();
}

const missing = redisMissing();
const backings = [
  { name: 'PostgreSQL', skip: undefined, open: onPostgres },
  { name: missing ? `Redis (skipped: ${missing})` : 'Redis', skip: missing, open: onRedis },
];

const soon = (restMs = 0) => new Date(Date.now() + restMs);
const ringOf = (key: string, more: Partial<Ring> = {}): Ring => ({
  bell: { processId: 'f-1:with colons', key },
  lane: 'call',
  dueAt: new Date(0),
  round: '',
  ...more,
});

for (const { name, skip, open } of backings) {
  describe.skipIf(skip !== undefined)(`a queue on ${name}`, () => {
    let backing: Backing;
    let queues: Queue[] = [];
    const log = keptLog();
    const newQueue = async (more: Partial<QueueOptions> = {}) => {
      const queue = await createBullQueue({
        ...backing.options,
        log,
        lockMs: 1000,
        stalledMs: 1000,
        ...more,
      });
      queues.push(queue);
      return queue;
    };
    beforeAll(async () => {
      backing = await open();
    });
    afterEach(async () => {
      await Promise.all(queues.map((queue) => queue.close()));
      queues = [];
      await backing.wipe();
    });
    afterAll(() => backing.stop());

    test('brings every bell of every lane', async () => {
      const queue = await newQueue();
      const heard: Bell[] = [];
      await queue.answer(async (bell) => {
        heard.push(bell);
      });
      await queue.ring(lanes.map((lane) => ringOf(lane, { lane })));
      await until('all lanes ring', () => heard.length === lanes.length);
      expect(heard.map((bell) => bell.key).toSorted()).toEqual(lanes.toSorted());
      expect(heard[0]?.processId).toBe('f-1:with colons');
    });

    test('drops a ring that is queued already, and lets it ring again afterwards', async () => {
      const queue = await newQueue();
      await queue.ring([ringOf('a'), ringOf('a')]);
      await queue.ring([ringOf('a')]);
      await until('the bell is queued', async () => (await queue.counts()).call.waiting > 0);
      expect((await queue.counts()).call).toEqual({ waiting: 1, active: 0, delayed: 0 });
      let heard = 0;
      await queue.answer(async () => {
        heard += 1;
      });
      await until('the first ring', () => heard === 1);
      await until('the queue is empty', async () => (await queue.counts()).call.active === 0);
      await queue.ring([ringOf('a')]);
      await until('the second ring', () => heard === 2);
    });

    test('rings a later round beside one that is in hand', async () => {
      const queue = await newQueue();
      const release: (() => void)[] = [];
      await queue.answer(() => new Promise((resolve) => release.push(resolve)));
      await queue.ring([ringOf('a')]);
      await until('the first is in hand', () => release.length === 1);
      await queue.ring([ringOf('a', { round: 'after a restart' })]);
      await until('the second is in hand', () => release.length === 2);
      for (const done of release) done();
    });

    test('rings no earlier than it is due', async () => {
      const queue = await newQueue();
      const dueAt = soon(400);
      let heardAt = 0;
      await queue.answer(async () => {
        heardAt = Date.now();
      });
      await queue.ring([ringOf('later', { dueAt })]);
      await until('the delayed bell', () => heardAt > 0);
      expect(heardAt).toBeGreaterThanOrEqual(dueAt.getTime());
    });

    test('keeps to the number of bells a lane may have in hand', async () => {
      const queue = await newQueue({ concurrency: { ...usualConcurrency, build: 1 } });
      let inHand = 0;
      let most = 0;
      let heard = 0;
      await queue.answer(async () => {
        inHand += 1;
        most = Math.max(most, inHand);
        await new Promise((resolve) => setTimeout(resolve, 30));
        inHand -= 1;
        heard += 1;
      });
      await queue.ring(['a', 'b', 'c'].map((key) => ringOf(key, { lane: 'build' })));
      await until('all three', () => heard === 3);
      expect(most).toBe(1);
    });

    test('stops by finishing the bell in hand and taking no other', async () => {
      const queue = await newQueue({ concurrency: { ...usualConcurrency, build: 1 } });
      const heard: string[] = [];
      let release = () => {};
      await queue.answer(async (bell) => {
        heard.push(bell.key);
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      });
      await queue.ring([ringOf('first', { lane: 'build' })]);
      await until('the first is in hand', () => heard.length === 1);
      await queue.ring([ringOf('second', { lane: 'build' })]);
      const stopped = queue.stop();
      release();
      await stopped;
      expect(heard).toEqual(['first']);
    });
  });

  describe.skipIf(skip !== undefined)(`the engine with its queue on ${name}`, () => {
    test('loses nothing when the queue forgets everything in the middle', async () => {
      const backing = await open();
      onTestFinished(backing.stop);
      const log = keptLog();
      const database = await openDatabase({ url: backing.options.databaseUrl, directory: '', log });
      await migrate(database.pool);
      const begun: string[] = [];
      let go = false;
      const engine = createEngine<{ feature: typeof errand }>({
        database,
        queue: await createBullQueue({ ...backing.options, log, lockMs: 1000, stalledMs: 1000 }),
        processes: { feature: errand },
        jobs: {
          feature: {
            run: {
              run: async ({ job }) => {
                begun.push(job.key);
                await until('the go', () => go);
                return { kind: 'finish', key: job.key };
              },
            },
          },
        },
        failed: { feature: ({ job, reason }) => ({ kind: 'fail', key: job.key, reason }) },
        handle: async () => {},
        sweepMs: 300,
        log,
      });
      await engine.start();
      // One in hand, nine waiting behind it (the lane takes one at a time), one for later.
      const keys = Array.from({ length: 10 }, (_, index) => `k${index}`);
      for (const key of keys) await ask(engine, { key, lane: 'build' });
      await ask(engine, { key: 'later', notBefore: soon(800).toISOString() });
      await until('one in hand', () => begun.length === 1);
      await backing.wipe();
      go = true;
      await until('everything is done', async () => {
        const state = (await engine.read('feature', 'f-1'))?.state;
        return state?.done.length === keys.length + 1;
      });
      expect(begun.toSorted()).toEqual([...keys, 'later'].toSorted());
      await engine.drain();
      await database.close();
    });
  });
}

describe.skipIf(missing !== undefined)('a Redis that is down', () => {
  test('does not keep a queue from opening, makes ringing fail at once, and is used again when it is back', async () => {
    const backing = await onRedis();
    onTestFinished(backing.stop);
    const log = keptLog();
    await backing.redis.kill();
    const queue = await createBullQueue({ ...backing.options, log, lockMs: 1000, stalledMs: 1000 });
    const heard: string[] = [];
    await queue.answer(async (bell) => {
      heard.push(bell.key);
    });
    await expect(queue.ring([ringOf('a')])).rejects.toThrow('Redis cannot be reached');
    await backing.redis.startAgain();
    await rings(queue, 'b');
    await until('the first bell', () => heard.includes('b'));
    await backing.redis.kill();
    await expect(queue.ring([ringOf('c')])).rejects.toThrow();
    await backing.redis.startAgain();
    await rings(queue, 'd');
    await until('the second bell', () => heard.includes('d'));
    await queue.close();
  });
});

function rings(queue: Queue, key: string): Promise<void> {
  return until(`${key} rings`, () =>
    queue.ring([ringOf(key)]).then(
      () => true,
      () => false,
    ),
  );
}

type ErrandEngine = Engine<{ feature: typeof errand }>;

function ask(engine: ErrandEngine, job: { key: string; lane?: 'build'; notBefore?: string }) {
  return engine.send({ kind: 'feature', id: 'f-1', command: { kind: 'ask', ...job }, by: maria });
}

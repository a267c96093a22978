import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createBullQueue } from '../../src/engine/bull.ts';
import { createEngine, type Engine, type EngineOptions } from '../../src/engine/engine.ts';
import type { Job, JobContext } from '../../src/engine/job.ts';
import { migrate } from '../../src/engine/migrate.ts';
import { type Database, openDatabase } from '../../src/engine/postgres.ts';
import { GiveUp, NotYet, TryAgain } from '../../src/errors.ts';
import { freshDatabase } from '../setup/database.ts';
import { type ErrandCommand, type ErrandState, errand, keptLog, maria, until } from './errand.ts';

type Errands = { readonly feature: typeof errand };
type Run = Job<ErrandState, ErrandCommand>['run'];

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let engines: Engine<Errands>[] = [];
let log = keptLog();

beforeEach(async () => {
  log = keptLog();
  fresh = await freshDatabase();
  database = await openDatabase({ url: fresh.url, directory: '', log });
  await migrate(database.pool);
});
afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.drain({ deadlineMs: 5000 })));
  engines = [];
  await database.close();
  await fresh.drop();
});

async function bot(run: Run, more: Partial<EngineOptions<Errands>> = {}): Promise<Engine<Errands>> {
  const engine = createEngine<Errands>({
    database,
    queue: await createBullQueue({ databaseUrl: fresh.url, log, lockMs: 1000, stalledMs: 1000 }),
    processes: { feature: errand },
    jobs: { feature: { run: { run } } },
    failed: { feature: ({ job, reason }) => ({ kind: 'fail', key: job.key, reason }) },
    handle: async () => {},
    retry: { call: { tries: 3, firstMs: 20, maxMs: 100 } },
    sweepMs: 200,
    log,
    ...more,
  });
  await engine.start();
  engines.push(engine);
  return engine;
}
const id = 'f-1';
const send = (engine: Engine<Errands>, id: string, command: ErrandCommand) =>
  engine.send({ kind: 'feature', id, command, by: maria });
const stateOf = async (engine: Engine<Errands>, id: string) => (await engine.read('feature', id))?.state;

describe('a job', () => {
  test('is run for what the state asks, and what it found out is an event of that job', async () => {
    const engine = await bot(async ({ job, state, blobs }) => {
      const sha256 = await blobs.put(`${job.key} of ${state.open.length}`);
      return { kind: 'finish', key: job.key, note: ` ${await blobs.get(sha256)}` };
    });
    await send(engine, id, { kind: 'ask', key: 'a' });
    await until('it is done', async () => (await stateOf(engine, id))?.done[0] === 'a a of 1');
    const [, finished] = await engine.history('feature', id);
    expect(finished).toMatchObject({ by: { kind: 'job', name: 'run' }, event: { type: 'finished' } });
  });

  test('waits for its time', async () => {
    const begun: number[] = [];
    const engine = await bot(async ({ job }) => {
      begun.push(Date.now());
      return { kind: 'finish', key: job.key };
    });
    const notBefore = new Date(Date.now() + 500);
    await send(engine, id, { kind: 'ask', key: 'a', notBefore: notBefore.toISOString() });
    await until('it is begun', () => begun.length > 0);
    expect(begun[0]).toBeGreaterThanOrEqual(notBefore.getTime());
  });

  test('is tried again after TryAgain, no sooner than the other side asked', async () => {
    const begun: number[] = [];
    const engine = await bot(async ({ job }) => {
      begun.push(Date.now());
      if (begun.length < 2) throw new TryAgain('The model is busy.', { afterMs: 300 });
      return { kind: 'finish', key: job.key };
    });
    await send(engine, id, { kind: 'ask', key: 'a' });
    await until('it is done', async () => (await stateOf(engine, id))?.done.length === 1);
    expect(begun).toHaveLength(2);
    expect((begun[1] ?? 0) - (begun[0] ?? 0)).toBeGreaterThanOrEqual(300);
  });

  test('that only waits is looked at again as often as it takes, and that is no failed try', async () => {
    let times = 0;
    const engine = await bot(async ({ job, again }) => {
      times += 1;
      expect(again).toBe(false);
      if (times < 8) throw new NotYet('It is open.', { afterMs: 20 });
      return { kind: 'finish', key: job.key };
    });
    await send(engine, id, { kind: 'ask', key: 'a' });
    await until('it is done', async () => (await stateOf(engine, id))?.done.length === 1);
    expect(times).toBe(8);
    expect((await stateOf(engine, id))?.failed).toEqual([]);
  });

  const failures: readonly { what: string; thrown: unknown; begun: number; reason: string }[] = [
    {
      what: 'GiveUp at once',
      thrown: new GiveUp('The repository cannot be seen.'),
      begun: 1,
      reason: 'The repository cannot be seen.',
    },
    {
      what: 'TryAgain after three tries',
      thrown: new TryAgain('The model is down.'),
      begun: 3,
      reason: 'The model is down.',
    },
    {
      what: 'a bug at once, with a sentence',
      thrown: new TypeError('x is not a function'),
      begun: 1,
      reason:
        'The step "run" met an error in Slipway itself: x is not a function. Try again; if it stays, the log of the bot has the details.',
    },
  ];
  test.each(failures)('tells the process of $what', async ({ thrown, begun, reason }) => {
    let times = 0;
    const engine = await bot(async () => {
      times += 1;
      throw thrown;
    });
    await send(engine, id, { kind: 'ask', key: 'a' });
    await until('the process hears of it', async () => (await stateOf(engine, id))?.failed.length === 1);
    expect((await stateOf(engine, id))?.failed).toEqual([reason]);
    expect(times).toBe(begun);
  });

  test('of a name nobody knows is a failure that names it', async () => {
    const engine = await bot(async () => undefined);
    await send(engine, id, { kind: 'ask', key: 'a', name: 'dance' });
    await until('the process hears of it', async () => (await stateOf(engine, id))?.failed.length === 1);
    expect((await stateOf(engine, id))?.failed).toEqual(['This Slipway has no job of the name "dance".']);
  });

  test('that ends without closing its step is tried as often as one that fails, not for ever', async () => {
    let times = 0;
    const engine = await bot(async () => {
      times += 1;
      return undefined;
    });
    await send(engine, id, { kind: 'ask', key: 'a' });
    await until('the process hears of it', async () => (await stateOf(engine, id))?.failed.length === 1);
    expect(times).toBe(3);
    expect((await stateOf(engine, id))?.failed[0]).toBe(
      'The step "run" ended, and what it found out did not close it.',
    );
  });

  test('is begun once, however many workers there are and however often it is rung for', async () => {
    const begun: string[] = [];
    let go = false;
    const run: Run = async ({ job }) => {
      begun.push(job.key);
      await until('the go', () => go);
      return { kind: 'finish', key: job.key };
    };
    const one = await bot(run, { sweepMs: 30 });
    await bot(run, { sweepMs: 30 });
    for (const key of ['a', 'b', 'c']) await send(one, id, { kind: 'ask', key });
    await until('all are begun', () => begun.length === 3);
    const bells = await createBullQueue({ databaseUrl: fresh.url, log });
    await bells.ring(
      ['a', 'b', 'c'].flatMap((key) =>
        ['1', '2', '3'].map((round) => ({
          bell: { processId: id, key },
          lane: 'watch' as const,
          dueAt: new Date(0),
          round,
        })),
      ),
    );
    await until('the extra bells are answered', async () => {
      const { waiting, active, delayed } = (await bells.counts()).watch;
      return waiting + active + delayed === 0;
    });
    go = true;
    await until('all are done', async () => (await stateOf(one, id))?.done.length === 3);
    expect(begun.toSorted()).toEqual(['a', 'b', 'c']);
    await bells.close();
  });
});

describe('work', () => {
  test('that an older Slipway did not see in a state is found at the start', async () => {
    const deaf = createEngine<Errands>({
      database,
      queue: await createBullQueue({ databaseUrl: fresh.url, log }),
      processes: { feature: { ...errand, pendingJobs: () => [] } },
      jobs: { feature: {} },
      failed: { feature: ({ job, reason }) => ({ kind: 'fail', key: job.key, reason }) },
      handle: async () => {},
      log,
    });
    engines.push(deaf);
    await send(deaf, id, { kind: 'ask', key: 'a' });
    const engine = await bot(async ({ job }) => ({ kind: 'finish', key: job.key }));
    await until('it is done', async () => (await stateOf(engine, id))?.done.length === 1);
  });

  test('that ended the bot each time it was begun is given up with a sentence', async () => {
    const engine = await bot(async ({ job }) => ({ kind: 'finish', key: job.key }));
    const notBefore = new Date(Date.now() + 1500).toISOString();
    await send(engine, id, { kind: 'ask', key: 'a', notBefore });
    await database.pool.query('update work set begun = 10');
    await until('the process hears of it', async () => (await stateOf(engine, id))?.failed.length === 1);
    expect((await stateOf(engine, id))?.failed).toEqual([
      'The step "run" was begun 10 times, and each time Slipway stopped before its end. Look into the log of the bot for why, then try again.',
    ]);
  });
});

test('switching off is done by the sweep while the queue is down, and other work waits for it', async () => {
  const working = await createBullQueue({ databaseUrl: fresh.url, log });
  const ring = async () => {
    throw new TryAgain('The queue cannot be reached.');
  };
  const begun: string[] = [];
  const engine = await bot(
    async ({ job }) => {
      begun.push(job.key);
      return { kind: 'finish', key: job.key };
    },
    { queue: { ...working, ring } },
  );
  await send(engine, id, { kind: 'ask', key: 'tick' });
  await send(engine, id, { kind: 'ask', key: 'off', lane: 'halt' });
  await until('it is off', async () => (await stateOf(engine, id))?.done.includes('off') === true);
  expect(begun).toEqual(['off']);
});

describe('Stop', () => {
  /** A job that ends only by its signal, and says when it did. */
  const patient = () => {
    const seen: { begun: number; abortedAt: number } = { begun: 0, abortedAt: 0 };
    const run: Run = async ({ signal, job }: JobContext<ErrandState>) => {
      seen.begun += 1;
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      seen.abortedAt = Date.now();
      return { kind: 'finish', key: job.key };
    };
    return { seen, run };
  };

  test.each([
    { where: 'in the same worker', other: false },
    { where: 'from another worker', other: true },
  ])('aborts a running job under two seconds $where, and its answer is not sent', async ({ other }) => {
    const { seen, run } = patient();
    // Without a sweep that could come to help.
    const worker = await bot(run, { sweepMs: 60_000 });
    const sender = other
      ? createEngine<Errands>({
          database,
          queue: await createBullQueue({ databaseUrl: fresh.url, log }),
          processes: { feature: errand },
          jobs: { feature: {} },
          failed: { feature: ({ job, reason }) => ({ kind: 'fail', key: job.key, reason }) },
          handle: async () => {},
          log,
        })
      : worker;
    if (other) engines.push(sender);
    await send(worker, id, { kind: 'ask', key: 'a' });
    await until('it is begun', () => seen.begun === 1);
    const stoppedAt = Date.now();
    await send(sender, id, { kind: 'stop' });
    await until('it is aborted', () => seen.abortedAt > 0);
    expect(seen.abortedAt - stoppedAt).toBeLessThan(2000);
    await worker.drain();
    expect(await stateOf(worker, id)).toMatchObject({ stopped: true, done: [], failed: [] });
    expect(log.lines.filter((line) => line.includes('was refused'))).toEqual([]);
  });

  test('a late answer is refused and changes nothing', async () => {
    const engine = await bot(async () => undefined);
    await send(engine, id, { kind: 'settle', place: { channel: 'C1', thread: id } });
    await send(engine, id, { kind: 'stop' });
    const late = await engine.send({
      kind: 'feature',
      id,
      command: { kind: 'finish', key: 'a' },
      by: { kind: 'job', name: 'run' },
    });
    expect(late).toMatchObject({ refused: 'This was stopped.', version: 2 });
    expect(await engine.findByThread('feature', { channel: 'C1', thread: id })).toMatchObject({
      id,
      version: 2,
    });
  });
});

describe('a change', () => {
  test('is told to those who watch, from whichever worker it came', async () => {
    const one = await bot(async () => undefined);
    const two = await bot(async () => undefined);
    const seen: unknown[] = [];
    const end = two.watch((change) => seen.push(change));
    await send(one, id, { kind: 'settle', place: { channel: 'C1', thread: id } });
    await until('the change is told', () => seen.length === 1);
    expect(seen).toEqual([{ processId: id, kind: 'feature', version: 1 }]);
    end();
  });
});

describe('draining', () => {
  test('finishes the job in hand and begins no other', async () => {
    const begun: string[] = [];
    let release = () => {};
    const engine = await bot(async ({ job }) => {
      begun.push(job.key);
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return { kind: 'finish', key: job.key };
    });
    await send(engine, id, { kind: 'ask', key: 'a', lane: 'build' });
    await until('the first is begun', () => begun.length === 1);
    await send(engine, id, { kind: 'ask', key: 'b', lane: 'build' });
    const drained = engine.drain();
    release();
    await drained;
    expect(await stateOf(engine, id)).toMatchObject({ done: ['a'], open: [{ key: 'b' }] });
    expect(begun).toEqual(['a']);
  });

  test('aborts what does not end in time; the next start begins it again, and it is no failed try', async () => {
    let times = 0;
    const run: Run = async ({ job, signal }) => {
      times += 1;
      if (times > 4) return { kind: 'finish', key: job.key };
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      throw signal.reason;
    };
    for (const round of [1, 2, 3, 4]) {
      const engine = await bot(run);
      if (round === 1) await send(engine, id, { kind: 'ask', key: 'a' });
      await until(`it is begun in round ${round}`, () => times === round);
      await engine.drain({ deadlineMs: 10 });
    }
    const engine = await bot(run);
    await until('it is done', async () => (await stateOf(engine, id))?.done.length === 1);
    expect((await stateOf(engine, id))?.failed).toEqual([]);
  });
});

describe('a lost lease connection', () => {
  test('aborts what ran under it, and the work is begun again', async () => {
    let times = 0;
    const engine = await bot(async ({ job, signal }) => {
      times += 1;
      if (times > 1) return { kind: 'finish', key: job.key };
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      throw signal.reason;
    });
    await send(engine, id, { kind: 'ask', key: 'a' });
    await until('it is begun', () => times === 1);
    await database.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'slipway session' and datname = current_database()",
    );
    await until('it is done', async () => (await stateOf(engine, id))?.done.length === 1);
    expect(times).toBe(2);
  });
});

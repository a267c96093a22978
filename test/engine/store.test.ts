import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrate } from '../../src/engine/migrate.ts';
import { type Database, openDatabase } from '../../src/engine/postgres.ts';
import { createStore, type Store } from '../../src/engine/store.ts';
import { freshDatabase } from '../setup/database.ts';
import { type ErrandCommand, type ErrandState, errand, keptLog, maria } from './errand.ts';

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let store: Store;
let moment = new Date('2026-11-21T10:00:00.123Z');

beforeAll(async () => {
  fresh = await freshDatabase();
  database = await openDatabase({ url: fresh.url, directory: '', log: keptLog() });
  await migrate(database.pool);
  store = createStore({ pool: database.pool, processes: { feature: errand }, now: () => moment });
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

const send = async (id: string, command: ErrandCommand) =>
  (await store.decide({ kind: 'feature', id, command, by: maria })).sent;
const stateOf = async (id: string) => (await store.read('feature', id))?.state as ErrandState | undefined;

describe('a command', () => {
  test('that is accepted leaves its events, their reason and the state', async () => {
    const sent = await send('f-1', { kind: 'ask', key: 'a' });
    expect(sent).toMatchObject({ version: 1, accepted: [{ type: 'asked', because: 'Maria asked for a.' }] });
    expect(await store.read('feature', 'f-1')).toEqual({
      id: 'f-1',
      kind: 'feature',
      version: 1,
      state: {
        open: [{ key: 'a', name: 'run', lane: 'call' }],
        done: [],
        failed: [],
        stopped: false,
      },
      place: undefined,
      updatedAt: moment,
    });
    expect(await store.history('feature', 'f-1')).toEqual([
      {
        seq: 1,
        event: {
          type: 'asked',
          because: 'Maria asked for a.',
          job: { key: 'a', name: 'run', lane: 'call' },
        },
        by: maria,
        at: '2026-11-21T10:00:00.123Z',
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
  });

  test('that is refused as the first one leaves no process behind', async () => {
    expect(await send('f-2', { kind: 'finish', key: 'x' })).toEqual({
      refused: 'Nobody waits for this.',
      state: errand.initial,
      version: 0,
    });
    expect(await store.read('feature', 'f-2')).toBeUndefined();
  });

  test('that is right but changes nothing appends nothing', async () => {
    await send('f-3', { kind: 'ask', key: 'a' });
    expect(await send('f-3', { kind: 'look' })).toMatchObject({ accepted: [], version: 1 });
    expect(await send('f-3-unknown', { kind: 'look' })).toMatchObject({ accepted: [], version: 0 });
    expect(await store.read('feature', 'f-3-unknown')).toBeUndefined();
  });

  test('that comes too late is refused with the sentence of the process', async () => {
    await send('f-4', { kind: 'ask', key: 'a' });
    await send('f-4', { kind: 'stop' });
    expect(await send('f-4', { kind: 'finish', key: 'a' })).toMatchObject({
      refused: 'This was stopped.',
      version: 2,
    });
  });

  test('for a kind that is not registered is a mistake in the wiring', async () => {
    await expect(store.decide({ kind: 'rollout', id: 'r-1', command: {}, by: maria })).rejects.toThrow(
      'No process of the kind "rollout"',
    );
  });

  test('keeps text that PostgreSQL cannot store, made harmless, and folds to the same state', async () => {
    await send('f-5', { kind: 'ask', key: 'a' });
    const sent = await send('f-5', { kind: 'finish', key: 'a', note: 'nul \0, half \uD83D, whole 🚢' });
    expect(sent).toMatchObject({ accepted: [{ note: 'nul \uFFFD, half \uFFFD, whole 🚢' }] });
    expect((await stateOf('f-5'))?.done).toEqual(['anul \uFFFD, half \uFFFD, whole 🚢']);
  });
});

describe('two writers on one process', () => {
  test('are both decided in turn when they create it together, and none is lost', async () => {
    const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
    const sent = await Promise.all(keys.map((key) => send('f-race', { kind: 'ask', key })));
    expect(sent.map((one) => one.version).toSorted((a, b) => a - b)).toEqual(
      keys.map((_, index) => index + 1),
    );
    const open = (await stateOf('f-race'))?.open.map((job) => job.key).toSorted();
    expect(open).toEqual(keys.toSorted());
    const history = await store.history('feature', 'f-race');
    expect(history.map((past) => past.seq)).toEqual(keys.map((_, index) => index + 1));
    // Those that waited for the lock hold on to what the one before them left, not to what they first saw.
    const { rows } = await database.pool.query<{ prev_hash: string }>(
      "select prev_hash from events where process_id = 'f-race' order by seq",
    );
    expect(rows.slice(1).map((row) => row.prev_hash)).toEqual(history.slice(0, -1).map((past) => past.hash));
  });

  test('one of whom has read an older state: it is decided against the newest', async () => {
    await send('f-known', { kind: 'ask', key: 'a' });
    const known = { version: 1, state: await stateOf('f-known') };
    const again = { kind: 'feature', id: 'f-known', by: maria, known } as const;
    const second = await store.decide({ ...again, command: { kind: 'ask', key: 'b' } });
    expect(second.sent.version).toBe(2);
    const third = await store.decide({ ...again, command: { kind: 'ask', key: 'c' } });
    expect(third.sent.version).toBe(3);
    expect((await stateOf('f-known'))?.open.map((job) => job.key)).toEqual(['a', 'b', 'c']);
  });

  test('are decided against what the other left: only one of two finishes', async () => {
    await send('f-once', { kind: 'ask', key: 'a' });
    const sent = await Promise.all([
      send('f-once', { kind: 'finish', key: 'a' }),
      send('f-once', { kind: 'finish', key: 'a' }),
    ]);
    expect(sent.filter((one) => 'refused' in one)).toHaveLength(1);
    expect((await stateOf('f-once'))?.done).toEqual(['a']);
  });

  test('in one thread: the second process is refused', async () => {
    const place = { channel: 'C1', thread: '100.1' };
    const sent = await Promise.all(['t-1', 't-2'].map((id) => send(id, { kind: 'settle', place })));
    const refused = sent.filter((one) => 'refused' in one);
    expect(refused).toMatchObject([
      { refused: 'This thread already belongs to another request. Start in a new one.' },
    ]);
    const found = await store.findByThread('feature', place);
    expect(found?.state).toMatchObject({ place });
  });
});

describe('the list', () => {
  test('has the most recently changed first and not more than asked for', async () => {
    for (const [index, id] of ['l-1', 'l-2', 'l-3', 'l-1'].entries()) {
      moment = new Date(Date.UTC(2026, 10, 22, 0, index));
      await send(id, { kind: 'ask', key: `${index}` });
    }
    const listed = await store.list({ kind: 'feature', limit: 2 });
    expect(listed.map((one) => one.id)).toEqual(['l-1', 'l-3']);
    expect(await store.list({ kind: 'rollout' })).toEqual([]);
  });
});

describe('events', () => {
  test.each(["update events set because = 'x'", 'delete from events', 'truncate events'])(
    'are append-only: %s is refused',
    async (statement) => {
      await expect(database.pool.query(statement)).rejects.toThrow('The table events is append-only');
    },
  );
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { verifyChains } from '../../src/audit/verify-chains.ts';
import { createBlobs } from '../../src/engine/blobs.ts';
import { migrate } from '../../src/engine/migrate.ts';
import { type Database, openDatabase } from '../../src/engine/postgres.ts';
import { createStore } from '../../src/engine/store.ts';
import { errand, keptLog, maria } from '../engine/errand.ts';
import { freshDatabase } from '../setup/database.ts';

const processes = { feature: errand };
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let blob: string;

beforeEach(async () => {
  fresh = await freshDatabase();
  database = await openDatabase({ url: fresh.url, directory: '', log: keptLog() });
  await migrate(database.pool);
  blob = await createBlobs(database.pool).put('a long prompt');
  const store = createStore({ pool: database.pool, processes, now: () => new Date() });
  for (const id of ['f-1', 'f-2']) {
    for (const command of [
      { kind: 'settle', place: { channel: 'C1', thread: id } },
      { kind: 'ask', key: 'a' },
      { kind: 'finish', key: 'a', note: ` as in ${id === 'f-2' ? blob : 'a dream'}` },
    ]) {
      await store.decide({ kind: 'feature', id, command, by: maria });
    }
  }
});
afterEach(async () => {
  await database.close();
  await fresh.drop();
});

const verify = () => verifyChains({ pool: database.pool, processes });
const tamper = async (statement: string) => {
  await database.pool.query(
    `alter table events disable trigger user; ${statement}; alter table events enable trigger user`,
  );
};

describe('the audit', () => {
  test('finds nothing in chains that nobody touched', async () => {
    expect(await verify()).toEqual({ intact: true, processes: 2, events: 6, blobs: 1, faults: [] });
  });

  test.each([
    {
      what: 'a changed reason',
      statement: "update events set because = 'Nobody asked.' where process_id = 'f-1' and seq = 2",
      fault: {
        processId: 'f-1',
        seq: 2,
        because: expect.stringContaining("The event's content has the hash"),
      },
    },
    {
      what: 'another actor',
      statement:
        "update events set actor = jsonb_set(actor, '{name}', '\"Ben\"') where process_id = 'f-2' and seq = 1",
      fault: {
        processId: 'f-2',
        seq: 1,
        because: expect.stringContaining("The event's content has the hash"),
      },
    },
    {
      what: 'another time',
      statement: "update events set at = at - interval '1 day' where process_id = 'f-2' and seq = 3",
      fault: {
        processId: 'f-2',
        seq: 3,
        because: expect.stringContaining("The event's content has the hash"),
      },
    },
    {
      what: 'an event taken out of the middle',
      statement: "delete from events where process_id = 'f-1' and seq = 2",
      fault: { processId: 'f-1', seq: 2, because: 'Event 2 is missing: event 3 follows event 1.' },
    },
    {
      what: 'an event taken out and the numbers closed up',
      statement:
        "delete from events where process_id = 'f-1' and seq = 1; update events set seq = seq - 1 where process_id = 'f-1'",
      fault: { processId: 'f-1', seq: 1, because: expect.stringContaining('The event holds on to') },
    },
    {
      what: 'a truncated tail',
      statement: "delete from events where process_id = 'f-1' and seq = 3",
      fault: {
        processId: 'f-1',
        seq: 3,
        because: 'The saved state is of event 3, but the chain ends with event 2.',
      },
    },
    {
      what: 'a chain that is gone',
      statement: "delete from events where process_id = 'f-1'",
      fault: {
        processId: 'f-1',
        seq: 1,
        because: 'The saved state is of event 3, but the chain ends with event 0.',
      },
    },
    {
      what: 'a wrong state',
      statement:
        "update processes set state = jsonb_set(state, '{done,0}', '\"something else\"') where id = 'f-1'",
      fault: {
        processId: 'f-1',
        seq: 3,
        because: 'Folding the events again gives another state than the saved one (they differ at done.0).',
      },
    },
    {
      what: 'a thread index that points elsewhere',
      statement: "update processes set thread = 'other' where id = 'f-2'",
      fault: {
        processId: 'f-2',
        seq: 3,
        because: 'The thread index says C1/other, the state says C1/f-2.',
      },
    },
  ])('finds $what', async ({ statement, fault }) => {
    await tamper(statement);
    const report = await verify();
    expect(report.intact).toBe(false);
    expect(report.faults).toEqual([fault]);
  });

  test('finds content that is not what its hash says, and the event that refers to it', async () => {
    await database.pool.query("update blobs set content = 'a shorter prompt'");
    expect((await verify()).faults).toEqual([
      {
        processId: 'f-2',
        seq: 3,
        because: expect.stringContaining(`The content kept as ${blob} has the SHA-256`),
      },
    ]);
  });

  test('names a fault of each process', async () => {
    await tamper("update events set because = 'x' where seq = 2");
    expect((await verify()).faults.map(({ processId, seq }) => [processId, seq])).toEqual([
      ['f-1', 2],
      ['f-2', 2],
    ]);
  });
});

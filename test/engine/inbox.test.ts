import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createInbox, type Inbox, type InboxEntry } from '../../src/engine/inbox.ts';
import { migrate } from '../../src/engine/migrate.ts';
import { type Database, openDatabase } from '../../src/engine/postgres.ts';
import { openSession, type Session } from '../../src/engine/session.ts';
import { GiveUp } from '../../src/errors.ts';
import { freshDatabase } from '../setup/database.ts';
import { keptLog, until } from './errand.ts';

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let session: Session;
let inboxes: Inbox[] = [];
const log = keptLog();

beforeEach(async () => {
  fresh = await freshDatabase();
  database = await openDatabase({ url: fresh.url, directory: '', log });
  await migrate(database.pool);
  session = await openSession({ url: fresh.url, log, channel: 'x', onNotice: () => {}, onLost: () => {} });
});
afterEach(async () => {
  await Promise.all(inboxes.map((inbox) => inbox.stop()));
  inboxes = [];
  await session.close();
  await database.close();
  await fresh.drop();
});

function inboxOf(handle: (entry: InboxEntry) => Promise<void>, sweepMs = 50): Inbox {
  const inbox = createInbox({
    pool: database.pool,
    session: () => session,
    handle,
    retry: { tries: 3, firstMs: 10, maxMs: 20 },
    sweepMs,
    now: () => new Date(),
    log,
  });
  inboxes.push(inbox);
  return inbox;
}
const rowOf = async (id: string) => {
  const { rows } = await database.pool.query('select * from inbox where id = $1', [id]);
  return rows[0];
};

describe('the inbox', () => {
  test('finds the first of the same that came shortly before', async () => {
    const inbox = inboxOf(async () => {});
    const body = { command: '/feature', text: 'chart', user: 'U1' };
    await inbox.journal({ id: 'old', kind: 'slack', body });
    await database.pool.query("update inbox set received_at = received_at - interval '1 hour'");
    await inbox.journal({ id: 'other', kind: 'slack', body: { ...body, user: 'U2' } });
    await inbox.journal({ id: 'first', kind: 'slack', body: { ...body, trigger: 1 } });
    await database.pool.query(
      "update inbox set received_at = received_at - interval '1 second' where id = 'first'",
    );
    await inbox.journal({ id: 'again', kind: 'slack', body: { ...body, trigger: 2 } });
    const firstLike = (id: string) => inbox.firstLike({ id, like: body, withinMs: 60_000 });
    expect(await Promise.all(['again', 'first', 'old', 'unheard of'].map(firstLike))).toEqual([
      'first',
      'first',
      'old',
      undefined,
    ]);
  });

  test('writes an entry down and handles it once, however often it is delivered', async () => {
    const handled: InboxEntry[] = [];
    const inbox = inboxOf(async (entry) => {
      handled.push(entry);
    });
    const entry = { id: 'Ev1', kind: 'message', body: { text: 'hello \0' } };
    const first = await inbox.journal(entry);
    const again = await Promise.all([inbox.journal(entry), inbox.journal(entry)]);
    await first.handled;
    expect([first.fresh, ...again.map((one) => one.fresh)]).toEqual([true, false, false]);
    expect(handled).toEqual([{ id: 'Ev1', kind: 'message', body: { text: 'hello \uFFFD' } }]);
    expect(await rowOf('Ev1')).toMatchObject({ handled_at: expect.any(Date), due_at: null, attempts: 1 });
  });

  test('handles what a crash left behind, the oldest first', async () => {
    for (const [index, id] of ['Ev3', 'Ev1', 'Ev2'].entries()) {
      await database.pool.query(
        "insert into inbox (id, kind, body, received_at, due_at) values ($1, 'message', '{}', $2, $2)",
        [id, new Date(1000 * index)],
      );
    }
    const handled: string[] = [];
    const inbox = inboxOf(async ({ id }) => {
      handled.push(id);
    });
    inbox.start();
    await until('all are handled', () => handled.length === 3);
    expect(handled).toEqual(['Ev3', 'Ev1', 'Ev2']);
  });

  test('tries again what threw', async () => {
    let times = 0;
    const inbox = inboxOf(async () => {
      times += 1;
      if (times < 3) throw new Error('The database blinked.');
    });
    inbox.start();
    await inbox.journal({ id: 'Ev1', kind: 'message', body: {} });
    await until('it is handled', async () => (await rowOf('Ev1')).handled_at !== null);
    expect(times).toBe(3);
  });

  test.each([
    { what: 'what threw three times', thrown: new Error('No.'), times: 3 },
    { what: 'GiveUp at once', thrown: new GiveUp('No.'), times: 1 },
  ])('gives up $what, and keeps it with its error', async ({ thrown, times }) => {
    const inbox = inboxOf(async () => {
      throw thrown;
    });
    inbox.start();
    await inbox.journal({ id: 'Ev1', kind: 'message', body: {} });
    await until('it is given up', async () => (await rowOf('Ev1')).due_at === null);
    expect(await rowOf('Ev1')).toMatchObject({ handled_at: null, attempts: times, last_error: 'No.' });
  });

  test('of two workers handles an entry in one of them only', async () => {
    const handled: string[] = [];
    let go = false;
    const handle = async ({ id }: InboxEntry) => {
      handled.push(id);
      await until('the go', () => go);
    };
    const [one, two] = [inboxOf(handle, 10), inboxOf(handle, 10)];
    one.start();
    two.start();
    const { handled: first } = await one.journal({ id: 'Ev1', kind: 'message', body: {} });
    await one.journal({ id: 'Ev2', kind: 'message', body: {} });
    await until('both are in hand', () => handled.length >= 2);
    go = true;
    await first;
    await until('both are handled', async () => (await rowOf('Ev2')).handled_at !== null);
    expect(handled.toSorted()).toEqual(['Ev1', 'Ev2']);
  });
});

import type pg from 'pg';
import { GiveUp, sentenceOf } from '../errors.ts';
import { storable } from './json.ts';
import { type Retry, restAfter } from './retry.ts';
import type { Session } from './session.ts';
import { type Sweep, startSweep } from './sweep.ts';
import { atTheEdge } from './transaction.ts';
import type { Log } from './types.ts';

export type InboxEntry = {
  /** The sender's own id, so that a repeated delivery is one entry: a Slack event id, a GitHub delivery. */
  readonly id: string;
  readonly kind: string;
  readonly body: unknown;
};

/** What came from outside: written down first, acknowledged second, handled third. */
export type Inbox = {
  /**
   * Writes an entry down. When this returns it is safe to acknowledge. A new entry is handled right
   * after; `handled` resolves when the first try of it has ended, whatever came of it.
   */
  journal(entry: InboxEntry): Promise<{ readonly fresh: boolean; readonly handled: Promise<void> }>;
  /**
   * The first of the entries of its kind whose bodies hold `like` and that came within `withinMs` before this one,
   * which may be itself: who is not answered asks again, and was heard all the same.
   */
  firstLike(wanted: {
    readonly id: string;
    readonly like: object;
    readonly withinMs: number;
  }): Promise<string | undefined>;
  /** Starts to handle what a crash or an error left behind, the oldest first. */
  start(): void;
  /** Handles no more, and waits for what is in hand. */
  stop(): Promise<void>;
};

const usual: Retry = { tries: 8, firstMs: 1000, maxMs: 300_000 };
/** Longer than any sender repeats a delivery. */
const keepDays = 30;

export function createInbox(options: {
  readonly pool: pg.Pool;
  /** Its leases keep two workers off one entry. */
  readonly session: () => Session | undefined;
  handle(entry: InboxEntry): Promise<void>;
  readonly retry?: Retry;
  readonly sweepMs: number;
  readonly now: () => Date;
  readonly log: Log;
}): Inbox {
  const { pool, log, now, retry = usual } = options;
  const inHand = new Set<Promise<void>>();
  let sweep: Sweep | undefined;
  let stopped = false;

  const handleOnce = async (id: string): Promise<void> => {
    const lease = await options.session()?.hold(`inbox\n${id}`);
    if (!lease) return;
    try {
      await handleUnderLease(id);
    } catch (error) {
      log.warn('An entry of the inbox was left for the next sweep', { id, error: sentenceOf(error) });
    } finally {
      await lease.release();
    }
  };

  const handleUnderLease = async (id: string): Promise<void> => {
    const { rows } = await pool.query<InboxEntry & { attempts: number }>(
      'update inbox set attempts = attempts + 1 where id = $1 and due_at <= $2 returning id, kind, body, attempts',
      [id, now()],
    );
    const entry = rows[0];
    if (!entry) return;
    try {
      await options.handle({ id: entry.id, kind: entry.kind, body: entry.body });
      await pool.query('update inbox set handled_at = $2, due_at = null where id = $1', [id, now()]);
    } catch (error) {
      const hopeless = error instanceof GiveUp || entry.attempts >= retry.tries;
      const dueAt = hopeless ? null : new Date(now().getTime() + restAfter(entry.attempts, retry));
      log[hopeless ? 'error' : 'warn'](
        hopeless ? 'An entry of the inbox was given up' : 'An entry of the inbox will be tried again',
        { id, kind: entry.kind, attempts: entry.attempts, error: sentenceOf(error) },
      );
      await pool.query('update inbox set due_at = $2, last_error = $3 where id = $1', [
        id,
        dueAt,
        sentenceOf(error),
      ]);
    }
  };

  const take = (id: string): Promise<void> => {
    const handled = stopped ? Promise.resolve() : handleOnce(id);
    inHand.add(handled);
    return handled.finally(() => inHand.delete(handled));
  };

  const sweepOnce = async (): Promise<void> => {
    const { rows } = await pool.query<{ id: string }>(
      'select id from inbox where due_at <= $1 order by received_at, id limit 200',
      [now()],
    );
    for (const { id } of rows) await take(id);
  };

  return {
    journal: async (entry) => {
      const { rowCount } = await pool
        .query(
          `insert into inbox (id, kind, body, received_at, due_at) values ($1, $2, $3, $4, $4)
           on conflict do nothing`,
          [entry.id, entry.kind, JSON.stringify(storable(entry.body ?? null)), now()],
        )
        .catch((error: unknown) => {
          throw atTheEdge(error);
        });
      const fresh = rowCount === 1;
      return { fresh, handled: fresh ? take(entry.id) : Promise.resolve() };
    },
    firstLike: async ({ id, like, withinMs }) => {
      const { rows } = await pool
        .query<{ id: string }>(
          `select entry.id from inbox entry join inbox this on this.kind = entry.kind
           where this.id = $1 and entry.body @> $2
             and entry.received_at between this.received_at - $3 * interval '1 millisecond' and this.received_at
           order by entry.received_at, entry.id limit 1`,
          [id, JSON.stringify(like), withinMs],
        )
        .catch((error: unknown) => {
          throw atTheEdge(error);
        });
      return rows[0]?.id;
    },
    start: () => {
      pool
        .query(`delete from inbox where handled_at < now() - interval '${keepDays} days'`)
        .catch((error: unknown) => log.warn('Old inbox entries were kept', { error: sentenceOf(error) }));
      sweep = startSweep({ everyMs: options.sweepMs, name: 'the inbox', log, work: sweepOnce });
    },
    stop: async () => {
      stopped = true;
      await sweep?.stop();
      await Promise.all(inHand);
    },
  };
}

import pg from 'pg';
import { sentenceOf } from '../errors.ts';
import type { Log } from './types.ts';

export type Lease = { release(): Promise<void> };

/**
 * The one connection of a worker that stays open. On it the worker holds its leases (session advisory
 * locks, which PostgreSQL lets go by itself the moment the connection ends, so a killed worker blocks
 * nobody) and hears of changes (LISTEN). Needs a direct connection, not a transaction pooler.
 */
export type Session = {
  /** Undefined when somebody holds it already, or the connection is down. */
  hold(name: string): Promise<Lease | undefined>;
  close(): Promise<void>;
};

export async function openSession(options: {
  readonly url: string;
  readonly log: Log;
  /** The channel to listen on, and what to do with each payload. */
  readonly channel: string;
  onNotice(payload: string): void;
  /** The connection ended: no lease is held any more, and notices may have been missed. */
  onLost(): void;
}): Promise<Session> {
  const held = new Set<string>();
  let client: pg.Client | undefined;
  let line: Promise<unknown> = Promise.resolve();
  let closing = false;
  let retry: NodeJS.Timeout | undefined;

  /** One query after the other, as a single connection must, and only on the connection it was meant for. */
  const query = (on: pg.Client | undefined, text: string, values: readonly unknown[]) => {
    const result = line.then(async () => {
      if (!on || on !== client) throw new Error('The lease connection is down.');
      return on.query<{ held: boolean }>(text, [...values]);
    });
    line = result.catch(() => undefined);
    return result;
  };

  const connect = async () => {
    const fresh = new pg.Client({
      connectionString: options.url,
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
      application_name: 'slipway session',
    });
    fresh.on('error', (error) => options.log.warn('The lease connection broke', { error: error.message }));
    fresh.on('notification', (notice) => options.onNotice(notice.payload ?? ''));
    fresh.once('end', () => {
      if (client !== fresh) return;
      client = undefined;
      held.clear();
      if (closing) return;
      options.onLost();
      retry = setTimeout(reconnect, 250);
    });
    await fresh.connect();
    await fresh.query(`listen ${fresh.escapeIdentifier(options.channel)}`);
    // A machine that vanished without a word gives its leases back after about 15 s.
    await fresh.query(
      'set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 3; set tcp_keepalives_count = 3',
    );
    client = fresh;
  };
  const reconnect = () => {
    connect().catch((error: unknown) => {
      options.log.warn('The lease connection cannot be opened', { error: sentenceOf(error) });
      if (!closing) retry = setTimeout(reconnect, 1000);
    });
  };
  await connect();

  return {
    hold: async (name) => {
      if (held.has(name)) return undefined;
      held.add(name);
      const on = client;
      const got = await query(on, 'select pg_try_advisory_lock(hashtextextended($1, 0)) as held', [
        name,
      ]).then(
        ({ rows }) => rows[0]?.held === true,
        () => false,
      );
      if (!got || on !== client) {
        if (on === client) held.delete(name);
        return undefined;
      }
      return {
        release: async () => {
          await query(on, 'select pg_advisory_unlock(hashtextextended($1, 0)) as held', [name]).catch(
            () => undefined,
          );
          if (on === client) held.delete(name);
        },
      };
    },
    close: async () => {
      closing = true;
      clearTimeout(retry);
      await client?.end();
    },
  };
}

import pg from 'pg';
import { startEmbedded } from './postgres/embedded.ts';
import type { Log } from './types.ts';

export type Database = {
  readonly url: string;
  readonly pool: pg.Pool;
  /** Closes the connections, and stops the server when it was started here. */
  close(): Promise<void>;
};

/**
 * Opens the database: the one `url` names, else a PostgreSQL of our own in `directory`, which is made
 * and started when needed.
 */
export async function openDatabase(options: {
  readonly url?: string | undefined;
  /** For example `.slipway/postgres`; not touched when there is a `url`. */
  readonly directory: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly log: Log;
}): Promise<Database> {
  if (options.url) return connect({ url: options.url, log: options.log, stop: async () => {} });
  const server = await startEmbedded(options);
  await ensureDatabase(server.urlOf('postgres'), 'slipway');
  options.log.info('PostgreSQL is running', { directory: options.directory });
  return connect({ url: server.urlOf('slipway'), log: options.log, stop: server.stop });
}

function connect(options: { url: string; log: Log; stop: () => Promise<void> }): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: 10,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    query_timeout: 30_000,
    application_name: 'slipway',
  });
  let closing = false;
  pool.on('error', (error) => {
    // The server may end the last connections before it has read that we did.
    if (!closing) options.log.warn('A database connection was lost', { error: error.message });
  });
  return {
    url: options.url,
    pool,
    close: async () => {
      closing = true;
      await pool.end();
      await options.stop();
    },
  };
}

async function ensureDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(1)');
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

import pg from 'pg';
import { startEmbedded } from '../../engine/postgres/embedded.ts';

/** An empty database for the flag service of a playground, on a server of its own: what it held before is gone. */
export async function startFlagDatabase(
  directory: string,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  // Nothing here outlives the playground, so the disk is not waited for.
  const server = await startEmbedded({
    directory,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  });
  const client = new pg.Client({ connectionString: server.urlOf('postgres') });
  await client.connect();
  await client.query('drop database if exists unleash with (force)');
  await client.query('create database unleash');
  await client.end();
  return { url: server.urlOf('unleash'), stop: server.stop };
}

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { GiveUp } from '../errors.ts';
import { inTransaction } from './transaction.ts';

type Migration = { readonly name: string; readonly sql: string; readonly checksum: string };

/** The directory of the engine's own migrations. */
const engineMigrations = fileURLToPath(new URL('./migrations/', import.meta.url));

/**
 * Brings the database up to date: applies each `*.sql` of the directory that was not applied before, in
 * the order of their names, all in one transaction. Forward only. A file that was changed after it was
 * applied is refused, and so is a database that is ahead of this code.
 */
export async function migrate(pool: pg.Pool, directory: string = engineMigrations): Promise<void> {
  const migrations = await readMigrations(directory);
  await inTransaction(pool, async (client) => {
    await client.query(`select pg_advisory_xact_lock(hashtextextended('slipway.migrate', 0))`);
    await client.query(
      'create table if not exists migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
    );
    const { rows } = await client.query<{ name: string; checksum: string }>(
      'select name, checksum from migrations',
    );
    const applied = new Map(rows.map((row) => [row.name, row.checksum]));
    refuseUnknown(applied, migrations);
    for (const migration of migrations) await applyOnce(client, migration, applied.get(migration.name));
  });
}

async function applyOnce(
  client: pg.PoolClient,
  migration: Migration,
  appliedAs: string | undefined,
): Promise<void> {
  if (appliedAs === migration.checksum) return;
  if (appliedAs !== undefined) {
    throw new GiveUp(
      `The migration ${migration.name} was changed after it was applied to this database. Restore the file and put the change into a new one.`,
    );
  }
  await client.query(migration.sql);
  await client.query('insert into migrations (name, checksum) values ($1, $2)', [
    migration.name,
    migration.checksum,
  ]);
}

function refuseUnknown(applied: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const known = new Set(migrations.map((migration) => migration.name));
  const unknown = [...applied.keys()].filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new GiveUp(
    `The database was brought up to date by a newer Slipway (${unknown.join(', ')}). Start that version, or restore the database from before.`,
  );
}

async function readMigrations(directory: string): Promise<readonly Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(path.join(directory, name), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

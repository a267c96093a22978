import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrate } from '../../src/engine/migrate.ts';
import { type Database, openDatabase } from '../../src/engine/postgres.ts';
import { freshDatabase } from '../setup/database.ts';
import { keptLog } from './errand.ts';

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let directory: string;

beforeEach(async () => {
  fresh = await freshDatabase();
  database = await openDatabase({ url: fresh.url, directory: '', log: keptLog() });
  directory = await mkdtemp(path.join(tmpdir(), 'slipway-migrations-'));
  await write('0001-ships.sql', 'create table ships (name text)');
});
afterEach(async () => {
  await database.close();
  await fresh.drop();
  await rm(directory, { recursive: true });
});

const write = (name: string, sql: string) => writeFile(path.join(directory, name), sql);
const tables = async () => {
  const { rows } = await database.pool.query<{ tablename: string }>(
    "select tablename from pg_tables where schemaname = 'public' order by 1",
  );
  return rows.map((row) => row.tablename);
};

describe('migrations', () => {
  test('are applied once each, in order, also when two start at the same time', async () => {
    await Promise.all([migrate(database.pool, directory), migrate(database.pool, directory)]);
    await write('0002-crews.sql', 'alter table ships add crew text; create table crews (name text)');
    await migrate(database.pool, directory);
    await migrate(database.pool, directory);
    expect(await tables()).toEqual(['crews', 'migrations', 'ships']);
  });

  test('that were changed after they were applied are refused', async () => {
    await migrate(database.pool, directory);
    await write('0001-ships.sql', 'create table ships (name text not null)');
    await expect(migrate(database.pool, directory)).rejects.toThrow(
      'The migration 0001-ships.sql was changed after it was applied',
    );
  });

  test('of a newer Slipway are not run over', async () => {
    await write('0002-crews.sql', 'create table crews (name text)');
    await migrate(database.pool, directory);
    await rm(path.join(directory, '0002-crews.sql'));
    await expect(migrate(database.pool, directory)).rejects.toThrow('newer Slipway (0002-crews.sql)');
  });

  test('that fail leave nothing half done', async () => {
    await write('0002-crews.sql', 'create table crews (name text); select nonsense');
    await expect(migrate(database.pool, directory)).rejects.toThrow('nonsense');
    expect(await tables()).toEqual([]);
  });
});

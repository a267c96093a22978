import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { feature } from '../../src/domain/feature/feature.ts';
import { migrate } from '../../src/engine/migrate.ts';
import { type Database, openDatabase } from '../../src/engine/postgres.ts';
import { createStore } from '../../src/engine/store.ts';
import { raj } from '../domain/feature/story.ts';
import { freshDatabase } from '../setup/database.ts';

const cli = join(import.meta.dirname, '../../src/cli.ts');
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase();
  database = await openDatabase({ url: fresh.url, directory: '', log });
  await migrate(database.pool);
  const store = createStore({ pool: database.pool, processes: { feature }, now: () => new Date() });
  const command = {
    type: 'ask',
    id: 'f-1',
    words: 'Free delivery',
    channel: 'C1',
    repositories: ['acme/shop'],
  };
  await store.decide({ kind: 'feature', id: 'f-1', command, by: raj });
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

type Ran = { readonly status: number | null; readonly stdout: string; readonly stderr: string };
const slipway = (...args: readonly string[]) =>
  new Promise<Ran>((resolve) => {
    const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', DATABASE_URL: fresh.url };
    const child = execFile(process.execPath, [cli, ...args], { env }, (_error, stdout, stderr) =>
      resolve({ status: child.exitCode, stdout, stderr }),
    );
  });

test('without a command it says what there is', async () => {
  const { status, stdout } = await slipway('help');
  expect(status).toBe(0);
  for (const name of ['demo', 'playground', 'doctor', 'verify', 'context', 'audit'])
    expect(stdout).toContain(`slipway ${name}`);
});

test('a command that does not exist is refused, with those that do', async () => {
  const { status, stderr } = await slipway('deploy');
  expect(status).toBe(2);
  expect(stderr).toContain('There is no command "deploy"');
  expect(stderr).toContain('slipway verify');
});

test('audit verify holds on an untouched record', async () => {
  const { status, stdout } = await slipway('audit', 'verify', '--json');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ intact: true, processes: 1, events: 3, faults: [] });
});

test('audit verify names the first event that does not fit', async () => {
  await database.pool.query('alter table events disable trigger all');
  await database.pool.query(
    `update events set because = 'nobody asked' where process_id = 'f-1' and seq = 2`,
  );
  const { status, stdout } = await slipway('audit', 'verify');
  expect(status).toBe(1);
  expect(stdout).toContain('the record does not hold');
  expect(stdout).toMatch(/f-1, event 2: /);
});

test('audit without its verb says how it is used', async () => {
  const { status, stderr } = await slipway('audit');
  expect(status).toBe(2);
  expect(stderr).toContain('slipway audit verify [--json]');
});

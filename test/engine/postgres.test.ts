import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { linkLibraries } from '../../src/engine/postgres/binaries.ts';
import { isAlive, readPostmaster } from '../../src/engine/postgres/postmaster.ts';
import { openDatabase } from '../../src/engine/postgres.ts';
import { keptLog, until } from './errand.ts';

const log = keptLog();
const botProcess = path.join(import.meta.dirname, 'bot-process.ts');
let directory: string;
let children: ChildProcess[] = [];

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'slipway-own-'));
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  const data = path.join(directory, 'postgres/data');
  const left = await readPostmaster(data);
  if (left.kind === 'running') {
    await until('the server of the test ends', () => {
      if (isAlive(left.pid)) process.kill(left.pid, 'SIGQUIT');
      return !isAlive(left.pid);
    });
  }
  await rm(directory, { recursive: true, force: true });
});

const open = (where = 'postgres') => openDatabase({ directory: path.join(directory, where), log });
const pidOf = async () => {
  const found = await readPostmaster(path.join(directory, 'postgres/data'));
  return found.kind === 'running' ? found.pid : undefined;
};
const bot = (...more: string[]) => {
  const child = spawn(process.execPath, [botProcess, directory, ...more], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr?.on('data', (text) => {
    errors += text;
  });
  children.push(child);
  return { child, errors: () => errors };
};
const count = async (what: string) => {
  const text = await readFile(path.join(directory, 'journal'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line === what).length;
};

describe('a PostgreSQL of our own', () => {
  test('keeps its data from one start to the next, and is gone after close', async () => {
    const first = await open();
    await first.pool.query('create table kept (word text)');
    await first.pool.query("insert into kept values ('ship')");
    const pid = await pidOf();
    await first.close();
    expect(pid !== undefined && isAlive(pid)).toBe(false);
    const second = await open();
    expect((await second.pool.query('select word from kept')).rows).toEqual([{ word: 'ship' }]);
    await second.close();
  });

  test('is one server for two who open it at the same time', async () => {
    const [one, two] = await Promise.all([open(), open()]);
    const question = 'select pg_postmaster_start_time()::text as started';
    expect((await one.pool.query(question)).rows).toEqual((await two.pool.query(question)).rows);
    await two.pool.end();
    await one.close();
  });

  test('starts in a directory that others may not enter', async () => {
    await chmod(directory, 0o700);
    await mkdir(path.join(directory, 'closed'), { mode: 0o700 });
    const database = await open('closed/postgres');
    expect((await database.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await database.close();
  });

  test.each([
    { what: 'nobody', pid: '4194300' },
    { what: 'some other program', pid: `${process.pid}` },
  ])('starts over the lock file of a crash whose number now belongs to $what', async ({ pid }) => {
    const first = await open();
    await first.close();
    const file = path.join(directory, 'postgres/data/postmaster.pid');
    await writeFile(file, `${pid}\n${directory}/postgres/data\n1700000000\n5432\n\n127.0.0.1\n\nready   \n`);
    const second = await open();
    expect((await second.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await second.close();
  });

  test('says what the server wrote when it cannot start', async () => {
    await expect(
      openDatabase({
        directory: path.join(directory, 'postgres'),
        settings: { shared_buffers: 'plenty' },
        log,
      }),
    ).rejects.toThrow(/shared_buffers/);
  });

  const root = process.getuid?.() === 0;
  const readable =
    root &&
    spawnSync(process.execPath, ['-e', `require('fs').readFileSync('${botProcess}')`], { uid: 65534 });
  const reason = root
    ? readable && readable.status === 0
      ? undefined
      : 'another user cannot read this checkout'
    : 'this run is a normal user already';
  test.skipIf(reason !== undefined)(
    `works as a normal user${reason ? ` (skipped: ${reason})` : ''}`,
    async () => {
      await chown(directory, 65534, 65534);
      const child = spawn(process.execPath, [botProcess, directory], {
        uid: 65534,
        gid: 65534,
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { HOME: directory, PATH: process.env.PATH },
      });
      children.push(child);
      await until('the bot has ended its story', async () => (await count('ended')) === 1);
    },
  );
});

describe('a bot that is killed in the middle of a job', () => {
  test('begins it again right after its restart, without waiting for the queue to notice, and finishes', async () => {
    const first = bot('hang');
    await until('the job is begun', async () => (await count('begun')) === 1).catch((error: unknown) => {
      throw new Error(`${error} ${first.errors()}`);
    });
    await until('the inbox is being handled', async () => (await count('handling Ev1')) === 1);
    first.child.kill('SIGKILL');
    const second = bot();
    await until('the job is begun again', async () => (await count('begun')) === 2);
    await until('the bot has ended its story', async () => (await count('ended')) === 1);
    expect(second.errors()).toBe('');
    expect(await count('handling Ev1')).toBe(2);
  });

  test('takes its server with it, or finds it again: nothing is left running after the next close', async () => {
    const first = bot('hang');
    await until('the job is begun', async () => (await count('begun')) === 1);
    const pid = await pidOf();
    first.child.kill('SIGKILL');
    const database = await open();
    expect((await database.pool.query('select id from processes')).rows).toEqual([{ id: 'f-1' }]);
    await database.close();
    expect(await pidOf()).toBeUndefined();
    expect(pid !== undefined && isAlive(pid)).toBe(false);
  });
});

describe('the npm package', () => {
  test('whose install script was withheld gets the links between its libraries', async () => {
    const root = path.join(directory, 'package');
    await mkdir(path.join(root, 'native/lib'), { recursive: true });
    await writeFile(
      path.join(root, 'native/pg-symlinks.json'),
      JSON.stringify([{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]),
    );
    await writeFile(path.join(root, 'native/lib/libpq.so.5.18'), 'library');
    await linkLibraries(root);
    await linkLibraries(root);
    expect(await readFile(path.join(root, 'native/lib/libpq.so.5'), 'utf8')).toBe('library');
    await cp(root, path.join(directory, 'moved'), { recursive: true, verbatimSymlinks: true });
    await rm(root, { recursive: true });
    expect(await readFile(path.join(directory, 'moved/native/lib/libpq.so.5'), 'utf8')).toBe('library');
  });
});

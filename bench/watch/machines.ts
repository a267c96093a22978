import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrate } from '../../src/engine/migrate.ts';
import { type Database, openDatabase } from '../../src/engine/postgres.ts';

/** The embedded PostgreSQL as the bot starts it, and a Redis where one is installed. */
export type Machines = {
  readonly database: Database;
  /** Process id of the PostgreSQL server. */
  readonly postmaster: number;
  readonly redisUrl?: string;
  close(): Promise<void>;
};

const log = { info: () => {}, warn: console.warn, error: console.error };

export async function startMachines(): Promise<Machines> {
  const directory = await mkdtemp(path.join(tmpdir(), 'slipway-bench-'));
  const database = await openDatabase({ directory: path.join(directory, 'postgres'), log });
  await migrate(database.pool);
  const postmaster = Number.parseInt(
    await readFile(path.join(directory, 'postgres', 'data', 'postmaster.pid'), 'utf8'),
    10,
  );
  const redis = hasRedis() ? await startRedis(directory) : undefined;
  return {
    database,
    postmaster,
    ...(redis && { redisUrl: redis.url }),
    close: async () => {
      await redis?.stop();
      await database.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function hasRedis(): boolean {
  const directories = (process.env.PATH ?? '').split(path.delimiter);
  return directories.some((directory) => existsSync(path.join(directory, 'redis-server')));
}

async function startRedis(directory: string) {
  const port = await freePort();
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', directory];
  const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const chunk of server.stdout) if (String(chunk).includes('Ready to accept')) break;
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      server.kill();
      await once(server, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address ? address.port : 0;
}

/** Seconds of CPU that a process and its children have used so far, as Linux counts them. */
export async function cpuOf(parent: number): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const seconds = await Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      const [, ppid, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
      if (Number(pid) !== parent && Number(ppid) !== parent) return 0;
      const [user = 0, system = 0, ofEnded = 0, systemOfEnded = 0] = rest.slice(9, 13).map(Number);
      const own = user + system;
      return (Number(pid) === parent ? own + ofEnded + systemOfEnded : own) / 100;
    }),
  );
  return seconds.reduce((sum, one) => sum + one, 0);
}

/** The baseline: rows of the size of a rollout's state, updated one commit at a time over eight connections. */
export async function bareCommits({ database: { pool } }: Machines): Promise<number> {
  await pool.query('create table bare (id integer primary key, state jsonb not null)');
  await pool.query(
    `insert into bare select id, jsonb_build_object('text', repeat(md5(id::text), 260)) from generate_series(0, 799) id`,
  );
  const until = performance.now() + 3000;
  const began = performance.now();
  let commits = 0;
  const line = async (first: number) => {
    for (let turn = 0; performance.now() < until; turn++) {
      await pool.query(`update bare set state = jsonb_set(state, '{turn}', $2::text::jsonb) where id = $1`, [
        first + (turn % 100) * 8,
        `${turn}`,
      ]);
      commits++;
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, first) => line(first)));
  const seconds = (performance.now() - began) / 1000;
  await pool.query('drop table bare');
  return commits / seconds;
}

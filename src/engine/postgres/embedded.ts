import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, mkdtemp, open, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { GiveUp } from '../../errors.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { chooseIdentity, type Identity } from './identity.ts';
import { isAlive, readPostmaster, removeStalePidFile } from './postmaster.ts';

export type EmbeddedServer = {
  /** `postgres://` address without a database name. */
  urlOf(database: string): string;
  /** Stops the server, when this process is the one that answers for it. */
  stop(): Promise<void>;
};

const user = 'slipway';
const startDeadlineMs = 60_000;
const mostStarts = 3;

/**
 * A PostgreSQL of our own in `directory`, on a free port of the loopback address. There is at most one
 * on a directory: a server that is already running there (left by a crash, or serving another Slipway
 * process) is used as it is, and one that is just stopping is waited for.
 */
export async function startEmbedded(options: {
  readonly directory: string;
  /** More settings of the server, as in postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
}): Promise<EmbeddedServer> {
  await mkdir(options.directory, { recursive: true });
  const directory = await realpath(options.directory);
  const data = path.join(directory, 'data');
  const binaries = await findBinaries();
  const identity = await chooseIdentity({ data, reach: [binaries.postgres, directory] });
  const password = await readOrMakePassword(directory);
  if (!(await exists(path.join(data, 'PG_VERSION')))) {
    await initialise({ directory, data, binaries, identity, password });
  }
  const home: Home = { directory, data, binaries, identity, password, settings: options.settings ?? {} };
  const { port, pid } = await attachOrStart(home);
  const ownerFile = path.join(directory, 'owner');
  const owner = Number.parseInt(await readFile(ownerFile, 'utf8').catch(() => ''), 10);
  const weOwnIt = owner === process.pid || !isAlive(owner);
  if (weOwnIt) await writeFile(ownerFile, `${process.pid}\n`);
  return {
    urlOf: (database) => addressOf({ port, password, database }),
    stop: () => (weOwnIt ? stopServer(data, pid) : Promise.resolve()),
  };
}

type Home = {
  readonly directory: string;
  readonly data: string;
  readonly binaries: Binaries;
  readonly identity: Identity;
  readonly password: string;
  readonly settings: Readonly<Record<string, string>>;
};
type Running = { readonly port: number; readonly pid: number };

async function attachOrStart(home: Home): Promise<Running> {
  const deadline = Date.now() + startDeadlineMs;
  let child: ChildProcess | undefined;
  let starts = 0;
  while (Date.now() < deadline) {
    const found = await readPostmaster(home.data);
    if (found.kind === 'stale') await removeStalePidFile(home.data);
    if (found.kind === 'running' && (await answers(home, found.port)))
      return { port: found.port, pid: found.pid };
    if (found.kind !== 'running' && (child === undefined || hasEnded(child))) {
      // It may lose its port, or the race against another start; more than that is a reason of its own.
      if (starts === mostStarts) break;
      starts += 1;
      child = await spawnServer(home);
    }
    await sleep(20);
  }
  throw new GiveUp(`PostgreSQL in ${home.data} does not start. Its log ends: ${await logTail(home)}`);
}

async function spawnServer(home: Home): Promise<ChildProcess> {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: `${await freePort()}`,
    unix_socket_directories: '',
    max_connections: '100',
    ...home.settings,
  };
  const log = await open(path.join(home.directory, 'log'), 'w');
  const [command = home.binaries.postgres, ...args] = [
    ...home.identity.prefix,
    home.binaries.postgres,
    '-D',
    home.data,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  // Its own process group, so that Ctrl-C in a terminal reaches the bot first and the bot can finish its work.
  const child = spawn(command, args, { stdio: ['ignore', log.fd, log.fd], detached: true, cwd: '/' });
  child.on('error', () => undefined);
  child.unref();
  await log.close();
  return child;
}

/** The port belongs to whoever bound it: only a server that says it serves our data is ours. */
async function answers(home: Home, port: number): Promise<boolean> {
  const client = new pg.Client({
    connectionString: addressOf({ port, password: home.password, database: 'postgres' }),
    connectionTimeoutMillis: 2000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    const served = rows[0]?.data_directory;
    return served !== undefined && (await realpath(served)) === home.data;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function initialise(home: Omit<Home, 'settings'>): Promise<void> {
  const fresh = await mkdtemp(path.join(home.directory, 'new-'));
  const secret = await mkdtemp(path.join(tmpdir(), 'slipway-'));
  const passwordFile = path.join(secret, 'password');
  try {
    await writeFile(passwordFile, home.password, { mode: 0o600 });
    if (home.identity.owner) {
      const { uid, gid } = home.identity.owner;
      await Promise.all([fresh, secret, passwordFile].map((file) => chown(file, uid, gid)));
    }
    const [command = home.binaries.initdb, ...args] = [
      ...home.identity.prefix,
      home.binaries.initdb,
      `--pgdata=${fresh}`,
      `--username=${user}`,
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ];
    const made = spawnSync(command, args, { encoding: 'utf8', cwd: '/' });
    if (made.status !== 0) {
      throw new GiveUp(
        `Making a database in ${home.data} ended with status ${made.status}: ${(made.stderr || String(made.error ?? '')).trim()}`,
      );
    }
    // Complete or not there at all; when another process was quicker, its database is the one.
    await rename(fresh, home.data).catch(async (error: unknown) => {
      if (!(await exists(path.join(home.data, 'PG_VERSION')))) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(secret, { recursive: true, force: true });
  }
}

async function stopServer(data: string, pid: number): Promise<void> {
  const stillOurs = async () => {
    const found = await readPostmaster(data);
    return found.kind === 'running' && found.pid === pid;
  };
  for (const [signal, waitMs] of [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5000],
  ] as const) {
    if (!(await stillOurs())) return;
    process.kill(pid, signal);
    const deadline = Date.now() + waitMs;
    while (isAlive(pid) && Date.now() < deadline) await sleep(20);
  }
}

async function readOrMakePassword(directory: string): Promise<string> {
  const file = path.join(directory, 'password');
  await writeFile(file, randomBytes(24).toString('hex'), { mode: 0o600, flag: 'wx' }).catch(() => undefined);
  return (await readFile(file, 'utf8')).trim();
}

function addressOf(at: { port: number; password: string; database: string }): string {
  return `postgres://${user}:${at.password}@127.0.0.1:${at.port}/${at.database}`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function logTail(home: Home): Promise<string> {
  const text = await readFile(path.join(home.directory, 'log'), 'utf8').catch(() => '(no log)');
  return text.trim().split('\n').slice(-5).join(' | ');
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}

async function exists(file: string): Promise<boolean> {
  return (await readFile(file).catch(() => undefined)) !== undefined;
}

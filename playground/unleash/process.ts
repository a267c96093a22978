import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type UnleashProcess = {
  readonly pid: number;
  readonly port: number;
  /** Asks it to end, then ends it. With `crash` it is not asked. */
  end(how?: 'crash'): Promise<void>;
};

const startDeadlineMs = 60_000;
const politeMs = 3000;
// The package names only its library entry, which would bring the server into our process.
const program = fileURLToPath(new URL('server.js', distOf(import.meta.resolve('unleash-server'))));
const leash = new URL('leash.mjs', import.meta.url).href;

/** The directory of the program, from the library entry `dist/lib/server-impl.js`. */
function distOf(entry: string): URL {
  return new URL('../', entry);
}

/**
 * The unchanged program of the npm package `unleash-server`, as a process of its own that we speak to over
 * HTTP only: it is AGPL software, a development dependency, and never imported. It sends nothing anywhere:
 * telemetry and version check are off. Ends with the process that started it.
 */
export async function spawnUnleash(options: {
  readonly databaseUrl: string;
  readonly adminToken: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly log?: (line: string) => void;
}): Promise<UnleashProcess> {
  const child = spawn(process.execPath, ['--import', leash, program], {
    // Nothing of our own environment: UNLEASH_URL or DATABASE_URL there mean something else.
    env: {
      PATH: process.env.PATH ?? '',
      TZ: 'UTC',
      DATABASE_URL: options.databaseUrl,
      DATABASE_SSL: 'false',
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: `${options.port}`,
      INIT_ADMIN_API_TOKENS: options.adminToken,
      LOG_LEVEL: 'info',
      SEND_TELEMETRY: 'false',
      CHECK_VERSION: 'false',
      ENABLE_OAS: 'false',
      // Tests make many users in a minute.
      CREATE_USER_RATE_LIMIT_PER_MINUTE: '1000',
      SIMPLE_LOGIN_LIMIT_PER_MINUTE: '1000',
      AUTHENTICATION_RATE_LIMIT_PER_MINUTE: '1000',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined);
  const port = await started(child, options.log ?? (() => undefined));
  return { pid: child.pid ?? 0, port, end: (how) => endOf(child, how) };
}

/** The port it says it listens on. */
function started(child: ChildProcess, log: (line: string) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (why: string) => {
      child.kill('SIGKILL');
      reject(
        new Error(`unleash-server ${why}. It said: ${said.trim().split('\n').slice(-8).join(' | ') || '-'}`),
      );
    };
    const deadline = setTimeout(
      () => fail(`does not start within ${startDeadlineMs / 1000} s`),
      startDeadlineMs,
    );
    const listen = (chunk: Buffer) => {
      const text = chunk.toString('utf8');
      for (const line of text.split('\n')) if (line !== '') log(line);
      if (said === 'started') return;
      said += text;
      const port = /Unleash has started\.[^}]*port: (\d+)/.exec(said)?.[1];
      if (port === undefined) return;
      said = 'started';
      clearTimeout(deadline);
      resolve(Number(port));
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('error', (error) => fail(`cannot be run: ${error.message}`));
    child.once('exit', (code, signal) => {
      clearTimeout(deadline);
      fail(`ended with ${signal ?? `status ${code}`}`);
    });
  });
}

async function endOf(child: ChildProcess, how: 'crash' | undefined): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(how === 'crash' ? 'SIGKILL' : 'SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), politeMs);
  await ended;
  clearTimeout(late);
}

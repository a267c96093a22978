import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** A bot in a process of its own, as it runs in a deployment. */
export type Bot = {
  readonly url: string;
  readonly process: ChildProcess;
  /** Asks it to finish what it has in hand and waits until it has gone. */
  stop(): Promise<void>;
  /** SIGKILL: nothing is finished. */
  kill(): Promise<void>;
};

const readyWithinMs = 30_000;

/** Where Node keeps what it has compiled, so that a second start takes a third less. */
const compiled = fileURLToPath(new URL('../node_modules/.cache/slipway-compiled', import.meta.url));

type BotOptions = {
  readonly entry: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Of its run pages; a free one when it is not said. */
  readonly port?: number;
};

/** Starts `node src/main.ts` and waits until it says that it is well. Its log goes to `logFile`. */
export async function startBot(options: BotOptions): Promise<Bot> {
  const { untilWell, ...bot } = await launchBot(options);
  await untilWell();
  return bot;
}

/** Starts it without waiting, for those who end it before it is well. */
export async function launchBot(
  options: BotOptions,
): Promise<Bot & { readonly untilWell: () => Promise<void> }> {
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [options.entry], {
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      NODE_COMPILE_CACHE: compiled,
      ...(process.env.NODE_EXTRA_CA_CERTS && { NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS }),
      ...options.environment,
      PORT: String(port),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(options.logFile, { flags: 'a' });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const exited = once(child, 'exit');
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await exited;
    }
    log.end();
  };
  return {
    url,
    process: child,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    untilWell: () => untilAnswers(url, child, options.logFile),
  };
}

async function untilAnswers(url: string, child: ChildProcess, logFile: string): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`The bot ended while it was starting; its log is in ${logFile}.`);
    }
    const well = await fetch(`${url}/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (well) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill('SIGKILL');
  throw new Error(`The bot was not ready within ${readyWithinMs / 1000} seconds; its log is in ${logFile}.`);
}

/** A TCP port of this machine that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string')
    throw new Error('No TCP port is free on this machine.');
  return address.port;
}

import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

export type Production = {
  /** Where customers shop. */
  readonly url: string;
  /** Where Prometheus scrapes. */
  readonly metricsUrl: string;
  /** Replaces the running version by the one in a directory: a new process whose counters begin at zero. */
  deploy(directory: string): Promise<void>;
  stop(): Promise<void>;
};

type ProductionOptions = {
  /** The plain files of a version of the shop. */
  readonly directory: string;
  readonly unleash: {
    readonly url: string;
    /** An SDK token of the environment. */
    readonly clientToken: string;
    /** How often clients ask for the flags. */
    readonly refreshMs?: number;
  };
  readonly log?: (line: string) => void;
};

const deadlineMs = 20_000;
const politeMs = 3_000;
const program = join(import.meta.dirname, 'service.ts');
const run = promisify(execFile);

const told = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('opened'), port: z.number() }),
  z.object({ kind: z.literal('unopened'), because: z.string() }),
  z.object({ kind: z.literal('closed') }),
]);
type Told = z.infer<typeof told>;

/** The shop for its users, on one port for as long as it runs, whichever version that is. */
export async function startProduction(options: ProductionOptions): Promise<Production> {
  let service = await prepared(options);
  const port = await opened(service, 0);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    metricsUrl: `${url}/metrics`,
    async deploy(directory) {
      const next = await prepared({ ...options, directory });
      await asked(service, { kind: 'close' }, 'closed');
      service = next;
      await opened(service, port);
    },
    stop: () => ended(service),
  };
}

/** Writes the files of a commit of anything that git can clone into a new directory. */
export async function checkOut(wanted: {
  readonly repository: string;
  readonly commit: string;
  readonly directory: string;
}): Promise<string> {
  const { repository, commit, directory } = wanted;
  await run('git', ['clone', '--quiet', '--no-checkout', repository, directory]);
  await run('git', ['-C', directory, 'checkout', '--quiet', '--detach', commit]);
  return directory;
}

/** A process that has the flags and waits for its port. */
async function prepared({ directory, unleash, log }: ProductionOptions): Promise<ChildProcess> {
  const settings = { directory, unleash: { refreshMs: 500, ...unleash } };
  const service = fork(program, [JSON.stringify(settings)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
  });
  service.stderr?.on('data', (chunk: Buffer) => log?.(chunk.toString('utf8').trimEnd()));
  await heard(service, ['ready']).catch(async (error: unknown) => {
    await ended(service);
    throw error;
  });
  return service;
}

async function opened(service: ChildProcess, port: number): Promise<number> {
  const said = await asked(service, { kind: 'open', port }, 'opened', 'unopened');
  if (said.kind === 'opened') return said.port;
  await ended(service);
  throw new Error(`The shop cannot open: ${said.kind === 'unopened' ? said.because : said.kind}`);
}

function asked(service: ChildProcess, order: object, ...kinds: readonly Told['kind'][]): Promise<Told> {
  const answer = heard(service, kinds);
  service.send(order);
  return answer;
}

function heard(service: ChildProcess, kinds: readonly Told['kind'][]): Promise<Told> {
  return new Promise((resolve, reject) => {
    const done = (end: () => void) => {
      clearTimeout(late);
      service.off('message', listen).off('exit', left);
      end();
    };
    const fail = (why: string) => done(() => reject(new Error(`The shop ${why} (waiting for ${kinds}).`)));
    const listen = (message: unknown) => {
      const said = told.parse(message);
      if (kinds.includes(said.kind)) done(() => resolve(said));
    };
    const left = () => fail('ended');
    const late = setTimeout(() => fail(`says nothing for ${deadlineMs / 1000} s`), deadlineMs);
    service.on('message', listen).on('exit', left);
  });
}

async function ended(service: ChildProcess): Promise<void> {
  if (service.exitCode !== null || service.signalCode !== null) return;
  const gone = once(service, 'exit');
  service.kill('SIGTERM');
  const late = setTimeout(() => service.kill('SIGKILL'), politeMs);
  await gone;
  clearTimeout(late);
}

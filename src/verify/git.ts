import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

/** Git on a person's own checkout: no hooks, no file monitor, no filters, no questions, no network. */
export type Git = {
  run(...parameters: readonly string[]): Promise<string>;
  /** Undefined when git says no. */
  ask(...parameters: readonly string[]): Promise<string | undefined>;
  /** Blobs as they are stored, one after the other. */
  blobs(ids: readonly string[]): AsyncGenerator<Buffer>;
};

const environment = () => ({
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  HOME: process.env.HOME ?? '/',
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_LFS_SKIP_SMUDGE: '1',
});

export async function gitIn(directory: string): Promise<Git> {
  const fixed = [
    ...['-C', directory, '-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false'],
    ...['-c', 'core.quotePath=false', '-c', 'safe.directory=*', '-c', 'submodule.recurse=false'],
  ];
  const call = async (parameters: readonly string[]) => {
    const { stdout } = await promisify(execFile)('git', [...fixed, ...parameters], {
      env: environment(),
      maxBuffer: 512 * 2 ** 20,
      timeout: 120_000,
    });
    return stdout;
  };
  const listed = await call(['config', '--name-only', '--get-regexp', '^filter\\.']).catch(() => '');
  for (const name of listed.split('\n')) {
    if (/\.(clean|smudge|process)$/.test(name)) fixed.push('-c', `${name}=`);
    if (/\.required$/.test(name)) fixed.push('-c', `${name}=false`);
  }
  return {
    run: (...parameters) => call(parameters),
    ask: (...parameters) => call(parameters).catch(() => undefined),
    blobs: (ids) => blobs(fixed, ids),
  };
}

async function* blobs(fixed: readonly string[], ids: readonly string[]): AsyncGenerator<Buffer> {
  const child = spawn('git', [...fixed, 'cat-file', '--batch'], {
    env: environment(),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => child.kill());
  child.stdin.end(ids.map((id) => `${id}\n`).join(''));
  let held = Buffer.alloc(0);
  let wanted: number | undefined;
  for await (const chunk of child.stdout) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    for (;;) {
      if (wanted === undefined) {
        const end = held.indexOf('\n');
        if (end === -1) break;
        const header = held.subarray(0, end).toString('utf8');
        const size = / blob (\d+)$/.exec(header)?.[1];
        if (size === undefined) throw new Error(`Reading the commit: git answered "${header}".`);
        wanted = Number(size);
        held = held.subarray(end + 1);
      }
      if (held.length < wanted + 1) break;
      yield held.subarray(0, wanted);
      held = held.subarray(wanted + 1);
      wanted = undefined;
    }
  }
}

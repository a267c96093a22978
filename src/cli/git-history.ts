import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { PastCommit } from '../ports.ts';

const run = promisify(execFile);

/**
 * Options under which nothing in a checkout's own configuration runs a program: no hooks, no file system
 * monitor, no signature checks, no pager, and no fetching from a remote.
 */
const hardened = [
  ...['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '-c', 'log.showSignature=false'],
  ...[
    '-c',
    'core.pager=cat',
    '-c',
    'core.attributesFile=/dev/null',
    '-c',
    'submodule.recurse=false',
    '--no-pager',
  ],
];

async function git(directory: string, args: readonly string[]): Promise<string | undefined> {
  const environment = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
  };
  try {
    const { stdout } = await run('git', [...hardened, '-C', directory, ...args], {
      env: environment,
      maxBuffer: 100_000_000,
      timeout: 30_000,
    });
    return stdout;
  } catch {
    return undefined;
  }
}

/** The newest 150 commits and the paths they changed, relative to `directory`; empty without git. */
export async function pastCommits(directory: string): Promise<readonly PastCommit[]> {
  const format = '--format=%x01%H%x02%cI%x02';
  const args = [
    'log',
    '-n',
    '150',
    '--no-merges',
    '--no-renames',
    '--no-ext-diff',
    '--no-textconv',
    '--name-only',
  ];
  const output = await git(directory, [
    ...args,
    '--relative',
    '-z',
    format,
    '--end-of-options',
    'HEAD',
    '--',
    '.',
  ]);
  return (output ?? '').split('\x01').flatMap((record): PastCommit[] => {
    const [commit, at, paths] = record.split('\x02');
    if (commit === undefined || at === undefined || paths === undefined) return [];
    return [{ commit, at, paths: paths.split(/[\0\n]/).filter((path) => path !== '') }];
  });
}

/** The files that git tracks or would add; undefined without git, or where an outer repository ignores the whole directory. */
export async function filesOfCheckout(directory: string): Promise<ReadonlySet<string> | undefined> {
  const output = await git(directory, ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  const paths = (output ?? '').split('\0').filter((path) => path !== '');
  return paths.length === 0 ? undefined : new Set(paths);
}

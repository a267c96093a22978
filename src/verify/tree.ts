import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { lstat, mkdir, mkdtemp, open, readdir, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A fresh directory that is gone when the work is done. */
export async function inScratch<Result>(work: (directory: string) => Promise<Result>): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-proof-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Copies a tree as it is: links stay links, nothing is shared with the original. */
export async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await run('cp', ['--archive', '--reflink=auto', '--no-target-directory', '--', from, to], {
    timeout: 600_000,
  });
}

/** Every plain file and link of a tree, relative and sorted; `node_modules` and `.git` are not looked into. */
export async function filesOf(directory: string): Promise<readonly string[]> {
  const found: string[] = [];
  const walk = async (relative: string): Promise<void> => {
    for (const entry of await readdir(join(directory, relative), { withFileTypes: true })) {
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.name === 'node_modules' || entry.name === '.git') continue;
      if (entry.isDirectory()) await walk(path);
      else found.push(path);
    }
  };
  await walk('');
  return found.sort();
}

/**
 * Reads a file that hostile code may have made. Only a regular file with one name, inside the directory, not
 * larger than the cap; anything else reads as absent. Call it when the sandbox is dead.
 */
export async function readUntrusted(
  directory: string,
  path: string,
  maxBytes = 32 * 2 ** 20,
): Promise<string | undefined> {
  const top = await realpath(directory);
  const real = await realpath(join(top, path)).catch(() => undefined);
  if (real === undefined || !real.startsWith(top + sep)) return undefined;
  const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => undefined,
  );
  if (file === undefined) return undefined;
  try {
    const about = await file.stat();
    if (!about.isFile() || about.nlink !== 1 || about.size > maxBytes) return undefined;
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** The text of a file of a tree we wrote ourselves; undefined when it is absent, a link or too large to matter. */
export async function readPlain(directory: string, path: string): Promise<string | undefined> {
  return readUntrusted(directory, path, 4 * 2 ** 20);
}

export async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (about) => about.isDirectory(),
    () => false,
  );
}

export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

import { createHash, randomUUID } from 'node:crypto';
import { cp, lstat, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ChangedFile } from '../domain/change.ts';
import { GiveUp } from '../errors.ts';
import type { Forge, PastCommit } from '../ports.ts';

/** A commit's plain files on this machine, with the commits before it. Nobody writes into it. */
export type Checkout = { readonly directory: string; readonly history: readonly PastCommit[] };

/** Local copies of repositories: one per commit, made once, and throw-away copies with a change applied. */
export type Workspace = {
  at(request: {
    readonly repository: string;
    readonly commit: string;
    readonly signal: AbortSignal;
  }): Promise<Checkout>;
  /** Runs `use` on a fresh copy of a checkout with the changed files written into it, then removes the copy. */
  withChange<Result>(
    request: { readonly checkout: Checkout; readonly files: readonly ChangedFile[] },
    use: (directory: string) => Promise<Result>,
  ): Promise<Result>;
};

/** `directory` is where checkouts are kept between runs; it may be deleted at any time. */
export function createWorkspace(options: { readonly forge: Forge; readonly directory: string }): Workspace {
  const { forge, directory } = options;
  return {
    async at({ repository, commit, signal }) {
      const home = join(directory, nameOf(repository, commit));
      const kept = await readHistory(home);
      if (kept) return { directory: join(home, 'files'), history: kept };
      const making = `${home}.${randomUUID()}`;
      try {
        const files = join(making, 'files');
        await mkdir(files, { recursive: true });
        const history = await forge.checkOut({ repository, commit, directory: files, signal });
        await writeFile(join(making, 'history.json'), JSON.stringify(history));
        await keep(making, home);
        return { directory: join(home, 'files'), history };
      } finally {
        await rm(making, { recursive: true, force: true });
      }
    },
    async withChange({ checkout, files }, use) {
      await mkdir(directory, { recursive: true });
      const copy = await mkdtemp(join(directory, 'change-'));
      try {
        await cp(checkout.directory, copy, { recursive: true, verbatimSymlinks: true });
        await writeChange(copy, files);
        return await use(copy);
      } finally {
        await rm(copy, { recursive: true, force: true });
      }
    },
  };
}

function nameOf(repository: string, commit: string): string {
  const name = createHash('sha256').update(repository).digest('hex').slice(0, 12);
  return `${name}-${commit}`;
}

async function readHistory(home: string): Promise<readonly PastCommit[] | undefined> {
  try {
    const history: readonly PastCommit[] = JSON.parse(await readFile(join(home, 'history.json'), 'utf8'));
    return history;
  } catch {
    return undefined;
  }
}

/** Two jobs may check out the same commit at once; the first one to finish is kept. */
async function keep(making: string, home: string): Promise<void> {
  try {
    await rename(making, home);
  } catch (error) {
    if ((await readHistory(home)) === undefined) throw error;
  }
}

/** Writes changed files below a directory. The paths were checked when the edits were applied; links are still never followed. */
async function writeChange(directory: string, files: readonly ChangedFile[]): Promise<void> {
  for (const file of files) {
    const path = join(directory, file.path);
    await refuseLinks(directory, file.path);
    if (file.content === null) {
      await rm(path, { force: true });
      continue;
    }
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file.content);
  }
}

async function refuseLinks(directory: string, path: string): Promise<void> {
  const parts = path.split('/');
  for (let length = 1; length <= parts.length; length += 1) {
    const part = join(directory, ...parts.slice(0, length));
    const found = await lstat(part).catch(() => undefined);
    if (found?.isSymbolicLink())
      throw new GiveUp(
        `Writing ${path} was refused: ${parts.slice(0, length).join('/')} is a symbolic link in the repository, and a change never leads through one. Ask for the file behind it to be changed instead.`,
      );
  }
}

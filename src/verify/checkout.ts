import { execFile } from 'node:child_process';
import { chmod, lstat, mkdir, readdir, realpath, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { GiveUp } from '../errors.ts';
import { type Dependencies, installedIn } from './dependencies.ts';
import { type Git, gitIn } from './git.ts';
import { copyTree, exists, isDirectory } from './tree.ts';

/** A person's checkout as two plain trees: the base commit, and the working tree as it stands. */
export type Checkout = {
  readonly baseDirectory: string;
  readonly headDirectory: string;
  readonly base: string;
  /** `+uncommitted` when the working tree is not the commit. */
  readonly head: string;
  readonly dependencies: Dependencies;
  readonly notes: readonly string[];
};

export async function openCheckout(request: {
  readonly directory: string;
  readonly base: string | undefined;
  readonly scratch: string;
}): Promise<Checkout> {
  const directory = resolve(request.directory);
  if (!(await isDirectory(directory))) throw new GiveUp(`There is no directory ${directory}.`);
  const git = await gitIn(directory);
  const head = (await git.ask('rev-parse', '--verify', '--quiet', 'HEAD^{commit}'))?.trim();
  if (head === undefined) {
    throw new GiveUp(`${directory} is not a git checkout with a commit; there is no base to compare with.`);
  }
  const dirty = (await git.run('status', '--porcelain', '--untracked-files=all', '--', '.'))
    .split('\n')
    .some((line) => line !== '' && !/(^|\/)node_modules(\/|$)/.test(line.slice(3)));
  const base = await baseCommit(git, request.base, head, dirty);
  const baseDirectory = join(request.scratch, 'base');
  const headDirectory = join(request.scratch, 'head');
  const tracked = await writeCommit(git, base, baseDirectory);
  await writeWorkingTree(git, directory, headDirectory);
  const { dependencies, note } = tracked
    ? { dependencies: [], note: undefined }
    : await packagesAround(directory);
  const readable: { from: string; at: string }[] = [];
  for (const { from, at } of dependencies) {
    readable.push({
      at,
      from: await readableByAll(from, join(request.scratch, `packages-${readable.length}`)),
    });
  }
  return {
    baseDirectory,
    headDirectory,
    base,
    head: dirty ? `${head}+uncommitted` : head,
    dependencies: readable,
    notes: note === undefined ? [] : [note],
  };
}

async function baseCommit(
  git: Git,
  asked: string | undefined,
  head: string,
  dirty: boolean,
): Promise<string> {
  const commit = async (ref: string) =>
    (await git.ask('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`))?.trim();
  if (asked !== undefined) {
    const found = await commit(asked);
    if (found === undefined)
      throw new GiveUp(`There is no commit "${asked}" in this checkout; name another with --base.`);
    return found;
  }
  const remote = (await git.ask('symbolic-ref', '--quiet', 'refs/remotes/origin/HEAD'))?.trim();
  for (const branch of [remote, 'refs/heads/main', 'refs/heads/master', 'refs/remotes/origin/main']) {
    if (branch === undefined || (await commit(branch)) === undefined) continue;
    const fork = (await git.ask('merge-base', branch, 'HEAD'))?.trim();
    if (fork !== undefined && fork !== head) return fork;
  }
  if (dirty) return head;
  const parent = await commit('HEAD~1');
  if (parent === undefined) {
    throw new GiveUp(
      'This checkout has one commit and no change on top of it, so there is nothing to compare.',
    );
  }
  return parent;
}

/** Answers whether packages are part of the commit. No attribute, filter or hook has a say in what is written. */
async function writeCommit(git: Git, commit: string, to: string): Promise<boolean> {
  const prefix = (await git.run('rev-parse', '--show-prefix')).trim();
  const tree = prefix === '' ? commit : `${commit}:${prefix.replace(/\/$/, '')}`;
  const listing = await git.ask('ls-tree', '-r', '-z', '--full-tree', tree);
  await mkdir(to, { recursive: true });
  const entries = (listing ?? '').split('\0').flatMap((record) => {
    const [, mode, id, path] = /^(\d+) blob ([0-9a-f]+)\t([\s\S]+)$/.exec(record) ?? [];
    return mode === undefined || id === undefined || path === undefined || !isPlain(path)
      ? []
      : [{ mode, id, path }];
  });
  let index = 0;
  for await (const content of git.blobs(entries.map(({ id }) => id))) {
    const entry = entries[index];
    index += 1;
    if (entry === undefined) break;
    const target = join(to, entry.path);
    await mkdir(dirname(target), { recursive: true });
    if (entry.mode === '120000') await symlink(content.toString('utf8'), target);
    else {
      await writeFile(target, content);
      await chmod(target, entry.mode === '100755' ? 0o755 : 0o644);
    }
  }
  return entries.some(({ path }) => path.startsWith('node_modules/'));
}

async function writeWorkingTree(git: Git, directory: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const list = async (...kind: readonly string[]) =>
    (await git.run('ls-files', '-z', ...kind, '--', '.'))
      .split('\0')
      .filter((path) => path !== '' && isPlain(path));
  const untracked = (await list('--others', '--exclude-standard')).filter(
    (path) => !path.split('/').includes('node_modules'),
  );
  for (const path of new Set([...(await list('--cached')), ...untracked])) {
    const from = join(directory, path);
    const about = await lstat(from).catch(() => undefined);
    // Deleted in the working tree, or a submodule.
    if (about === undefined || !(about.isFile() || about.isSymbolicLink())) continue;
    await copyTree(from, join(to, path));
  }
}

function isPlain(path: string): boolean {
  return !path.startsWith('/') && !path.split('/').some((part) => part === '..' || part === '.git');
}

/** A private umask hides packages from the sandbox's user, which is another one when we are root: then a copy is shown. */
async function readableByAll(from: string, to: string): Promise<string> {
  if (process.getuid?.() !== 0) return from;
  const real = await realpath(from);
  const entries = (await readdir(real)).slice(0, 20).map((name) => join(real, name));
  for (const path of [real, ...entries]) {
    const about = await stat(path).catch(() => undefined);
    if (about === undefined || (about.mode & 0o004) !== 0) continue;
    await copyTree(real, to);
    await promisify(execFile)('chmod', ['--recursive', 'go+rX', '--', to]);
    return to;
  }
  return from;
}

/** The installed packages of the checkout, or of the nearest directory above it, where Node would look too. */
async function packagesAround(
  directory: string,
): Promise<{ readonly dependencies: Dependencies; readonly note: string | undefined }> {
  const own = await installedIn(directory);
  if (own.some(({ at }) => at === 'node_modules')) return { dependencies: own, note: undefined };
  for (let at = dirname(directory); ; at = dirname(at)) {
    const from = join(at, 'node_modules');
    if (await exists(from)) {
      return {
        dependencies: [...own, { from, at: 'node_modules' }],
        note: `No packages are installed in the checkout; those of ${from} were used.`,
      };
    }
    if (at === dirname(at)) return { dependencies: own, note: undefined };
  }
}

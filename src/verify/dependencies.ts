import { mkdir, readdir, readlink, realpath, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, sep } from 'node:path';
import { root } from './results.ts';
import { isDirectory } from './tree.ts';

/** Installed packages to be shown to a check: a `node_modules` of the host, and where the repository has it. */
export type Dependencies = readonly { readonly from: string; readonly at: string }[];
export type ReadOnlyMount = { readonly from: string; readonly to: string; readonly writable: false };

/** What tools keep in `node_modules` for themselves; each run starts without it. */
const scratchNames = new Set(['.vite', '.vite-temp', '.vitest', '.cache', '.tmp']);

/**
 * A `node_modules` that can be written, made of packages that cannot: bundlers write their temporary files there,
 * and no run may change what the next one is judged with.
 */
export async function showDependencies(
  tree: string,
  dependencies: Dependencies,
): Promise<readonly ReadOnlyMount[]> {
  const mounts: ReadOnlyMount[] = [];
  for (const { from, at } of dependencies) {
    const source = await realpath(from);
    const project = dirname(source);
    const target = join(tree, at);
    await mkdir(target, { recursive: true });
    for (const entry of await readdir(source, { withFileTypes: true })) {
      if (scratchNames.has(entry.name)) continue;
      const path = join(source, entry.name);
      if (entry.isSymbolicLink()) {
        const link = await readlink(path);
        const real = await realpath(path).catch(() => undefined);
        if (real === undefined) continue;
        if (!isAbsolute(link) && real.startsWith(project + sep)) {
          await symlink(link, join(target, entry.name)).catch(() => undefined);
          continue;
        }
        mounts.push({ from: real, to: `${root}/${at}/${entry.name}`, writable: false });
      } else {
        mounts.push({ from: path, to: `${root}/${at}/${entry.name}`, writable: false });
      }
    }
  }
  return mounts;
}

/** Every outermost `node_modules` under a directory. */
export async function installedIn(directory: string): Promise<Dependencies> {
  const found: { from: string; at: string }[] = [];
  const walk = async (relative: string): Promise<void> => {
    for (const entry of await readdir(join(directory, relative), { withFileTypes: true })) {
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.name === '.git') continue;
      if (entry.name === 'node_modules') {
        if (await isDirectory(join(directory, path))) found.push({ from: join(directory, path), at: path });
      } else if (entry.isDirectory()) await walk(path);
    }
  };
  await walk('');
  return found;
}

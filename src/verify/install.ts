import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Dependencies, installedIn } from './dependencies.ts';
import { environmentOf, type Lab, limitsFor } from './lab.ts';
import { copyTree, exists, filesOf, readPlain } from './tree.ts';

const run = promisify(execFile);

export type Installed =
  | { readonly kind: 'installed'; readonly dependencies: Dependencies; readonly key: string }
  | { readonly kind: 'failed'; readonly because: string };

/** The files that decide what an installation gives. */
const decisive = new Set([
  ...['package.json', 'package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock'],
  ...['pnpm-workspace.yaml', '.npmrc', '.yarnrc.yml', '.pnpmfile.cjs'],
]);

export async function installKey(directory: string, command: string, node: string): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([command, node.split('.')[0], process.platform]));
  for (const path of await filesOf(directory)) {
    if (!decisive.has(basename(path)) && !path.startsWith('patches/')) continue;
    hash.update(JSON.stringify([path, await readPlain(directory, path)]));
  }
  return hash.digest('hex');
}

/**
 * Runs the install command on a copy of the tree, with the package registry as its only network, and keeps every
 * `node_modules` it made under the key of what decided it. Nothing else of that copy is kept.
 */
export async function install(
  lab: Lab,
  request: { readonly directory: string; readonly command: string; readonly cacheDirectory: string },
): Promise<Installed> {
  const key = await installKey(request.directory, request.command, lab.toolchain.node);
  const kept = join(request.cacheDirectory, 'installs', key);
  if (await exists(kept)) return { kind: 'installed', dependencies: await installedIn(kept), key };
  await mkdir(dirname(kept), { recursive: true });
  const scratch = await mkdtemp(join(dirname(kept), '.making-'));
  try {
    await chmod(scratch, 0o755);
    const tree = join(scratch, 'tree');
    await copyTree(request.directory, tree);
    const npmCache = join(scratch, 'npm-cache');
    await mkdir(npmCache);
    const { npm_config_offline: _, ...environment } = environmentOf(lab.toolchain);
    const outcome = await lab.sandbox.run({
      command: ['/bin/sh', '-c', request.command],
      directory: tree,
      mounts: [...lab.toolchain.mounts, { from: npmCache, to: '/run/npm-cache', writable: true }],
      environment: { ...environment, npm_config_cache: '/run/npm-cache' },
      network: 'registry',
      limits: limitsFor(900),
      ...(lab.signal ? { signal: lab.signal } : {}),
    });
    if (outcome.ended !== 'exited' || outcome.status !== 0) {
      const said = endsOf(`${outcome.stdout}\n${outcome.stderr}`.trim().split('\n'));
      const how =
        outcome.ended === 'exited' ? `with status ${outcome.status}` : `because it ${outcome.ended}`;
      return { kind: 'failed', because: `"${request.command}" ended ${how}: ${said}` };
    }
    const made = join(scratch, 'made');
    await mkdir(made);
    for (const { from, at } of await installedIn(tree)) {
      await mkdir(dirname(join(made, at)), { recursive: true });
      await rename(from, join(made, at));
    }
    if (process.getuid?.() === 0) await run('chown', ['--recursive', '--no-dereference', '0:0', '--', made]);
    await run('chmod', ['--recursive', 'u+rwX,go+rX,go-w', '--', made]);
    // Another proof may have made the same in the meantime: then its copy is as good as ours.
    await rename(made, kept).catch(() => undefined);
    return { kind: 'installed', dependencies: await installedIn(kept), key };
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** What went wrong stands first with npm, which ends with its usage, and last with others. */
function endsOf(lines: readonly string[]): string {
  const shown = lines.length <= 12 ? lines : [...lines.slice(0, 6), '…', ...lines.slice(-6)];
  return shown.map((line) => line.slice(0, 300)).join('\n');
}

import { chmod, lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Change } from './changes.ts';
import { namesFollowed } from './followed.ts';
import { type Side, sideOf } from './test-side.ts';
import { copyTree, exists, readPlain } from './tree.ts';

const manifest = z.record(z.string(), z.unknown());

/** What of package.json decides how tests are run; its dependencies belong to the code. */
const runnerKeys = ['scripts', 'jest', 'mocha', 'vitest', 'nyc', 'c8', 'ava', 'tap', 'babel', 'eslintConfig'];

function readManifest(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    return manifest.parse(JSON.parse(text ?? '{}'));
  } catch {
    return {};
  }
}

/** The changes that judge rather than are judged, and that have a base version to go back to. */
export async function judgingChanges(
  changes: readonly Change[],
  baseDirectory: string,
  headDirectory: string,
): Promise<readonly Change[]> {
  const judging: Change[] = [];
  for (const change of changes) {
    const side = sideOf(change.from ?? change.path);
    if (side === 'test' && change.kind !== 'added') {
      // A file that holds code and its tests cannot go back without undoing the change.
      const text = await readPlain(baseDirectory, change.from ?? change.path);
      if (text?.includes('import.meta.vitest')) continue;
      // Put back, it could not find the code that moved or has another name.
      const names = await namesFollowed(change, changes, { base: baseDirectory, head: headDirectory });
      if (names !== undefined) continue;
      judging.push(change);
    }
    if (side === 'runner') judging.push(change);
    if (side === 'scripts' && change.kind === 'modified') {
      const before = readManifest(await readPlain(baseDirectory, change.path));
      const after = readManifest(await readPlain(headDirectory, change.path));
      if (runnerKeys.some((key) => weakens(key, before[key], after[key]))) judging.push(change);
    }
  }
  return judging;
}

/** A script that was added changes nothing that was there. */
function weakens(key: string, before: unknown, after: unknown): boolean {
  if (key !== 'scripts') return JSON.stringify(before) !== JSON.stringify(after);
  const [was, is] = [manifest.safeParse(before).data ?? {}, manifest.safeParse(after).data ?? {}];
  return Object.entries(was).some(([name, command]) => is[name] !== command);
}

export const isHard = (change: Change): boolean => {
  const side: Side = sideOf(change.from ?? change.path);
  return side === 'test' || side === 'scripts';
};

/** Puts the base version of these files into a copy of the head. */
export async function restore(
  tree: string,
  baseDirectory: string,
  changes: readonly Change[],
): Promise<void> {
  for (const change of changes) {
    const path = change.from ?? change.path;
    if (sideOf(path) === 'scripts') {
      await restoreScripts(tree, baseDirectory, path);
      continue;
    }
    if (change.kind === 'added') await rm(join(tree, change.path), { force: true });
    else await putBack(join(baseDirectory, path), join(tree, path), tree);
  }
}

async function restoreScripts(tree: string, baseDirectory: string, path: string): Promise<void> {
  const before = readManifest(await readPlain(baseDirectory, path));
  const merged: Record<string, unknown> = { ...readManifest(await readPlain(tree, path)) };
  for (const key of runnerKeys) {
    if (key === 'scripts')
      merged.scripts = {
        ...manifest.safeParse(merged.scripts).data,
        ...manifest.safeParse(before.scripts).data,
      };
    else if (before[key] === undefined) delete merged[key];
    else merged[key] = before[key];
  }
  await writeFile(join(tree, path), `${JSON.stringify(merged, null, 2)}\n`);
}

/** Writes a file of one tree of ours into another, never through a link of the change's making. */
export async function putBack(from: string, to: string, tree: string): Promise<void> {
  for (let at = dirname(to); at.length > tree.length; at = dirname(at)) {
    const about = await lstat(at).catch(() => undefined);
    if (about !== undefined && !about.isDirectory()) await rm(at, { force: true });
  }
  await mkdir(dirname(to), { recursive: true });
  if (await exists(to)) {
    await rm(to, { recursive: true, force: true });
  }
  await copyTree(from, to);
  if (!(await lstat(to)).isSymbolicLink()) await chmod(to, 0o644);
}

import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Check } from '../domain/workflow.ts';
import { type CheckRun, unguessable } from './run-check.ts';

/** The same commit with the same packages gives the same run, so it is done once. */
export async function remembered(
  where: {
    readonly cacheDirectory: string;
    /** Undefined: the base is not a commit, or its packages are not ours; nothing is kept. */
    readonly key: readonly string[] | undefined;
    readonly check: Check;
  },
  run: () => Promise<CheckRun>,
): Promise<CheckRun> {
  if (where.key === undefined) return run();
  const name = createHash('sha256')
    .update(JSON.stringify([where.key, where.check]))
    .digest('hex');
  const path = join(where.cacheDirectory, 'base', `${name}.json`);
  const kept = await readFile(path, 'utf8').catch(() => undefined);
  if (kept !== undefined) return JSON.parse(kept);
  const fresh = await run();
  // Only what ran to its end is worth remembering.
  if (fresh.ended === 'exited') {
    await mkdir(dirname(path), { recursive: true });
    const part = `${path}.${unguessable()}`;
    await writeFile(part, JSON.stringify(fresh));
    await rename(part, path);
  }
  return fresh;
}

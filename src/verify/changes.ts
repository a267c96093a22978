import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, lstat, mkdir, readFile, readlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import parseDiff from 'parse-diff';
import { exists, filesOf, inScratch } from './tree.ts';

export type Line = { readonly line: number; readonly text: string };
/** One file that differs between base and head. */
export type Change = {
  readonly path: string;
  readonly kind: 'added' | 'modified' | 'deleted' | 'renamed';
  /** Its path on base, when that was another one. */
  readonly from?: string;
  /** Lines of the head, by their number there. */
  readonly added: readonly Line[];
  /** Lines of the base, by their number there. */
  readonly removed: readonly Line[];
};

/** What changed between two plain trees, line by line, with renames found by likeness. */
export async function changesBetween(base: string, head: string): Promise<readonly Change[]> {
  const paths = new Set([...(await filesOf(base)), ...(await filesOf(head))]);
  return inScratch(async (scratch) => {
    // Only what differs is shown to git, in a place without a repository, attributes or configuration.
    await mkdir(join(scratch, 'a'));
    await mkdir(join(scratch, 'b'));
    const differing: string[] = [];
    for (const path of paths) {
      if ((await fingerprint(join(base, path))) === (await fingerprint(join(head, path)))) continue;
      differing.push(path);
      for (const [side, directory] of [
        ['a', base],
        ['b', head],
      ] as const) {
        if (!(await exists(join(directory, path)))) continue;
        const to = join(scratch, side, path);
        await mkdir(dirname(to), { recursive: true });
        await cp(join(directory, path), to, { verbatimSymlinks: true });
      }
    }
    if (differing.length === 0) return [];
    const listed = parseDiff(await difference(scratch))
      .map(fromDiff)
      .filter(({ path }) => path !== '');
    const seen = new Set(listed.flatMap((change) => [change.path, change.from ?? '']));
    // A change of mode alone, or an empty file, has no lines for the parser to name.
    const silent: Change[] = [];
    for (const path of differing.filter((each) => !seen.has(each))) {
      const before = await exists(join(base, path));
      const after = await exists(join(head, path));
      const kind = before && after ? 'modified' : after ? 'added' : 'deleted';
      silent.push({ path, kind, added: [], removed: [] });
    }
    return [...listed, ...silent].sort((one, other) => one.path.localeCompare(other.path, 'en'));
  });
}

async function fingerprint(path: string): Promise<string> {
  const about = await lstat(path).catch(() => undefined);
  if (about === undefined) return 'absent';
  if (about.isSymbolicLink()) return `link ${await readlink(path)}`;
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

async function difference(scratch: string): Promise<string> {
  const settings = [
    '-c',
    'core.quotePath=false',
    '-c',
    'core.attributesFile=/dev/null',
    '-c',
    'diff.renameLimit=0',
  ];
  const options = ['--no-index', '--no-ext-diff', '--no-textconv', '--no-color', '--no-prefix', '-U0', '-M'];
  try {
    await promisify(execFile)('git', [...settings, 'diff', ...options, '--', 'a', 'b'], {
      cwd: scratch,
      maxBuffer: 256 * 2 ** 20,
      timeout: 120_000,
      env: {
        PATH: process.env.PATH ?? '/usr/bin:/bin',
        LC_ALL: 'C',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CEILING_DIRECTORIES: dirname(scratch),
      },
    });
    return '';
  } catch (error) {
    // Status 1 means that they differ, which is why we are here.
    if (error instanceof Error && 'code' in error && error.code === 1 && 'stdout' in error)
      return String(error.stdout);
    throw error;
  }
}

function fromDiff(file: parseDiff.File): Change {
  const [from, to] = [file.from, file.to].map((path) => (path === '/dev/null' ? undefined : path));
  const changes = file.chunks.flatMap((chunk) => chunk.changes);
  const kind = file.new ? 'added' : file.deleted ? 'deleted' : from !== to ? 'renamed' : 'modified';
  const path = (kind === 'deleted' ? from : to) ?? from ?? '';
  const text = (content: string) => content.slice(1);
  return {
    path,
    kind,
    ...(kind === 'renamed' && from !== undefined ? { from } : {}),
    added: changes.flatMap((each) =>
      each.type === 'add' ? [{ line: each.ln, text: text(each.content) }] : [],
    ),
    removed: changes.flatMap((each) =>
      each.type === 'del' ? [{ line: each.ln, text: text(each.content) }] : [],
    ),
  };
}

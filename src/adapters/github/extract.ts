import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GiveUp, TryAgain } from '../../errors.ts';
import { runGit } from './git.ts';
import { isPlainPath } from './names.ts';

const mostBytes = 1024 ** 3;
const mostFiles = 200_000;

type Entry = {
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly size: number;
  /** One character for each byte: git's paths need not be UTF-8. */
  readonly path: string;
};

type Extraction = {
  readonly mirror: string;
  readonly commit: string;
  readonly directory: string;
  readonly repository: string;
  readonly signal: AbortSignal;
};

/**
 * Writes the files of a commit, byte for byte, into an empty directory. The objects are read one by one
 * and no checkout or archive is made, because those obey `.gitattributes`: a filter runs programs,
 * `export-ignore` hides files, `export-subst` rewrites them. A symbolic link becomes a plain file that
 * holds its target (as git does with `core.symlinks=false`), so that nothing read or written later can
 * leave the directory; a submodule becomes an empty directory.
 */
export async function extract(at: Extraction): Promise<void> {
  const entries = await listOf(at);
  const root = Buffer.from(join(at.directory, '/'));
  const fileOf = (path: string) => Buffer.concat([root, Buffer.from(path, 'latin1')]);
  const made = new Set<string>();
  const makeDirectory = (path: string) => {
    if (made.has(path)) return;
    mkdirSync(fileOf(path), { recursive: true });
    made.add(path);
  };
  for (const entry of entries) {
    const parent = entry.path.split('/').slice(0, -1).join('/');
    if (parent !== '') makeDirectory(parent);
    if (entry.type === 'commit') makeDirectory(entry.path);
  }

  const blobs = entries.filter((entry) => entry.type === 'blob');
  const next = readBatch((content, index) => {
    const entry = blobs[index];
    if (!entry) throw new TryAgain(`Git wrote more files of ${at.commit} than it listed.`);
    // Fails when the file is there: two paths that are one on this file system must not overwrite each other.
    writeFileSync(fileOf(entry.path), content, { flag: 'wx', mode: entry.mode === '100755' ? 0o755 : 0o644 });
  });
  const read = await runGit(['cat-file', '--batch', '--buffer'], {
    directory: at.mirror,
    signal: at.signal,
    input: blobs.map((entry) => `${entry.sha}\n`).join(''),
    onOutput: next.take,
  });
  if (read.status !== 0 || next.count() !== blobs.length)
    throw new TryAgain(
      `Writing the files of ${at.repository} at ${at.commit}: git gave ${next.count()} of ${blobs.length}. ${read.stderr.trim()}`,
    );
}

async function listOf(at: Extraction): Promise<readonly Entry[]> {
  const listed = await runGit(['ls-tree', '-r', '-z', '-l', '--full-tree', '--end-of-options', at.commit], {
    directory: at.mirror,
    signal: at.signal,
  });
  if (listed.status !== 0)
    throw new TryAgain(`Listing the files of ${at.repository} at ${at.commit}: ${listed.stderr.trim()}`);
  const entries = listed.stdout
    .toString('latin1')
    .split('\0')
    .filter(Boolean)
    .map((record) => {
      const [head = '', path = ''] = record.split(/\t(.*)/s);
      const [mode = '', type = '', sha = '', size = '0'] = head.split(/ +/);
      return { mode, type, sha, size: size === '-' ? 0 : Number(size), path };
    });
  const bad = entries.find((entry) => !isPlainPath(Buffer.from(entry.path, 'latin1').toString('utf8')));
  if (bad)
    throw new GiveUp(
      `${at.repository} holds "${bad.path}", which is not a path of a file. Remove it there first.`,
    );
  const bytes = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (entries.length > mostFiles || bytes > mostBytes)
    throw new GiveUp(
      `${at.repository} is too large: ${entries.length} files, ${bytes} bytes. Slipway takes ${mostFiles} files and ${mostBytes} bytes.`,
    );
  return entries;
}

/** Cuts the output of `git cat-file --batch` into contents, in the order they were asked for. */
function readBatch(onContent: (content: Buffer, index: number) => void): {
  take(chunk: Buffer): void;
  count(): number;
} {
  let pending: Buffer[] = [];
  let length = 0;
  let wanted: number | undefined;
  let count = 0;
  const joined = () => {
    const all = pending.length === 1 && pending[0] ? pending[0] : Buffer.concat(pending);
    pending = [all];
    return all;
  };
  const keep = (rest: Buffer) => {
    pending = [rest];
    length = rest.length;
  };
  const step = (): boolean => {
    if (wanted === undefined) {
      const buffer = joined();
      const end = buffer.indexOf(10);
      if (end < 0) return false;
      const header = buffer.subarray(0, end).toString('latin1');
      const size = /^[0-9a-f]+ blob (\d+)$/.exec(header)?.[1];
      if (size === undefined) throw new TryAgain(`Git did not give a file: ${header}`);
      wanted = Number(size);
      keep(buffer.subarray(end + 1));
    }
    if (length < wanted + 1) return false;
    const buffer = joined();
    onContent(buffer.subarray(0, wanted), count);
    count += 1;
    keep(buffer.subarray(wanted + 1));
    wanted = undefined;
    return true;
  };
  return {
    take(chunk) {
      pending.push(chunk);
      length += chunk.length;
      while (step());
    },
    count: () => count,
  };
}

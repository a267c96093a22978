import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { excludedByContent, excludedByPath, mostBytes } from './eligible.ts';

export type SourceFile = { readonly path: string; readonly text: string };
export type LeftOut = { readonly path: string; readonly because: string };
export type Tree = {
  /** Files that may be shown, by path. */
  readonly files: ReadonlyMap<string, SourceFile>;
  /** Single files that may not; whole folders of generated files are not listed. */
  readonly leftOut: readonly LeftOut[];
};

const mostFiles = 20_000;

/** Reads the plain files of a directory. Links are never followed; `only`, when given, names the files to consider. */
export async function readTree(options: {
  readonly directory: string;
  readonly never: readonly string[];
  readonly only?: ReadonlySet<string>;
}): Promise<Tree> {
  const files = new Map<string, SourceFile>();
  const leftOut: LeftOut[] = [];
  const paths = await listFiles(options.directory, '', []);
  for (const path of paths.sort()) {
    if (options.only !== undefined && !options.only.has(path)) continue;
    const byPath = excludedByPath(path, options.never);
    const loaded = byPath === undefined ? await load(join(options.directory, path)) : { because: byPath };
    if ('because' in loaded) leftOut.push({ path, because: loaded.because });
    else if (files.size < mostFiles) files.set(path, { path, text: loaded.text });
    else leftOut.push({ path, because: `the repository has more than ${mostFiles} files` });
  }
  return { files, leftOut };
}

async function listFiles(root: string, folder: string, found: string[]): Promise<string[]> {
  if (found.length > 5 * mostFiles) return found;
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isFile()) found.push(path);
    else if (entry.isDirectory() && excludedByPath(`${path}/x`, []) === undefined)
      await listFiles(root, path, found);
  }
  return found;
}

async function load(file: string): Promise<{ readonly text: string } | { readonly because: string }> {
  const size = (await lstat(file)).size;
  if (size > mostBytes) return { because: 'it is larger than 1 MB' };
  const bytes = await readFile(file);
  const because = excludedByContent(bytes);
  return because === undefined ? { text: bytes.toString('utf8') } : { because };
}

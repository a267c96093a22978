import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChangedFile } from '../../domain/change.ts';
import { checkPath } from '../../domain/edits.ts';
import type { Blobs } from '../../ports.ts';
import { changedFiles } from './changed-files.ts';

/** A change by its blob; none is an empty change. */
export async function readChange(blobs: Blobs, sha256: string | undefined): Promise<readonly ChangedFile[]> {
  return sha256 === undefined ? [] : changedFiles.parse(JSON.parse(await blobs.get(sha256)));
}

/** One change after another: a later one's file replaces an earlier one's. */
export function merged(first: readonly ChangedFile[], then: readonly ChangedFile[]): readonly ChangedFile[] {
  const paths = new Set(then.map((file) => file.path));
  return [...first.filter((file) => !paths.has(file.path)), ...then];
}

/** Reads files of a checkout as a change leaves them. What is no plain text file inside it does not exist. */
export function readerOf(
  directory: string,
  change: readonly ChangedFile[] = [],
): (path: string) => string | undefined {
  const changed = new Map(change.map((file) => [file.path, file.content]));
  return (path) => {
    const content = changed.get(path);
    if (content !== undefined) return content ?? undefined;
    return checkPath(path) === undefined ? readPlain(directory, path) : undefined;
  };
}

/** Which paths of a checkout are symbolic links. */
export function linksOf(directory: string): (path: string) => boolean {
  return (path) => kindAt(directory, path.split('/')) === 'link';
}

function readPlain(directory: string, path: string): string | undefined {
  return kindAt(directory, path.split('/')) === 'file'
    ? readFileSync(join(directory, path), 'utf8')
    : undefined;
}

/** What is at a path; nothing is looked up behind a link or a file. */
function kindAt(directory: string, parts: readonly string[]): 'file' | 'folder' | 'link' | undefined {
  const above = parts.slice(0, -1);
  if (above.length > 0 && kindAt(directory, above) !== 'folder') return undefined;
  const found = lstatSync(join(directory, ...parts), { throwIfNoEntry: false });
  if (found?.isSymbolicLink()) return 'link';
  if (found?.isDirectory()) return 'folder';
  return found?.isFile() ? 'file' : undefined;
}

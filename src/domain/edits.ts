import type { ChangedFile, Edit } from './change.ts';
import { findBlock } from './edits/find-block.ts';
import { codePointName, hiddenCharactersIn } from './edits/hidden-characters.ts';
import { nearestLines } from './edits/nearest-lines.ts';
import { checkPath, type PathOptions } from './edits/path.ts';
import { type EditProblem, type EditProblemReason, problemOf } from './edits/problems.ts';

export { checkPath, type PathOptions } from './edits/path.ts';
export { describeProblems, type EditProblem, type EditProblemReason } from './edits/problems.ts';

/** A file of more lines is changed by search and replace, so that a model cannot drop the part it forgot. */
export const mostLinesToOverwrite = 200;

export type EditResult =
  /** Only files that differ from before, in the order of their first edit. */
  { readonly files: readonly ChangedFile[] } | { readonly problems: readonly EditProblem[] };

/**
 * Applies edits to the files that `read` knows (undefined: no such file), all of them or none. Later edits
 * see what earlier ones did. A search must match exactly once, by its characters or, failing that, line by
 * line but for spaces at line ends. A file keeps its line ends, and whether it ends with one.
 */
export function applyEdits(
  read: (path: string) => string | undefined,
  edits: readonly Edit[],
  options: PathOptions = {},
): EditResult {
  const after = new Map<string, string | null>();
  const now = (path: string) => {
    const changed = after.get(path);
    return changed === undefined ? read(path) : (changed ?? undefined);
  };
  const problems: EditProblem[] = [];
  edits.forEach((edit, index) => {
    const outcome = applyOne(edit, now, options);
    if (typeof outcome === 'object' && outcome !== null) problems.push(problemOf(index + 1, edit, outcome));
    else after.set(edit.path, outcome);
  });
  if (problems.length > 0) return { problems };
  const files = [...after].map(([path, content]) => ({ path, content }));
  return { files: files.filter(({ path, content }) => (read(path) ?? null) !== content) };
}

/** The file's content after the edit (null: deleted), or why not. */
function applyOne(
  edit: Edit,
  now: (path: string) => string | undefined,
  options: PathOptions,
): string | null | EditProblemReason {
  const because = checkPath(edit.path, options);
  if (because !== undefined) return { kind: 'path', because };
  const content = now(edit.path);
  switch (edit.kind) {
    case 'delete':
      return content === undefined ? { kind: 'no-file' } : null;
    case 'write':
      return write(edit, content, now);
    case 'replace':
      return content === undefined ? { kind: 'no-file' } : replace(edit, content);
  }
}

function write(
  edit: Edit & { kind: 'write' },
  content: string | undefined,
  now: (path: string) => string | undefined,
): string | EditProblemReason {
  const wrong = findPlaceholder(edit.content, content ?? '') ?? findHidden(edit.content, content ?? '');
  if (wrong !== undefined) return wrong;
  if (content === undefined) {
    const folder = foldersOf(edit.path).find((path) => now(path) !== undefined);
    return folder === undefined ? edit.content : { kind: 'folder-is-file', folder };
  }
  const lines = content.split('\n').length - (content.endsWith('\n') ? 1 : 0);
  if (lines > mostLinesToOverwrite) return { kind: 'large-write', lines };
  return likeBefore(content, toLineFeeds(edit.content), lineEndOf(content));
}

function replace(edit: Edit & { kind: 'replace' }, content: string): string | EditProblemReason {
  const search = toLineFeeds(edit.search);
  const replacement = toLineFeeds(edit.replace);
  const wrong = findPlaceholder(search + replacement, content) ?? findHidden(replacement, search);
  if (wrong !== undefined) return wrong;
  if (search.trim() === '') return { kind: 'empty-search' };
  const plain = toLineFeeds(content);
  const found = findBlock(plain, search);
  if (found.kind === 'ambiguous') return found;
  if (found.kind === 'never') {
    if (replacement.trim().length > 8 && findBlock(plain, replacement).kind !== 'never')
      return { kind: 'already-there' };
    const nearest = nearestLines(plain, search);
    return nearest === undefined ? { kind: 'no-match' } : { kind: 'no-match', nearest };
  }
  const start = positionBefore(content, found.start);
  const end = positionBefore(content, found.end);
  const lineEnd = lineEndOf(content.slice(start, end).includes('\n') ? content.slice(start, end) : content);
  const added = withLineEnd(search, replacement).replaceAll('\n', lineEnd);
  return likeBefore(content, content.slice(0, start) + added + content.slice(end), undefined);
}

/** A search of whole lines is replaced by whole lines, else the next line would join the last. */
function withLineEnd(search: string, replacement: string): string {
  return search.endsWith('\n') && replacement !== '' && !replacement.endsWith('\n')
    ? `${replacement}\n`
    : replacement;
}

/** A placeholder may only stand where the file itself, not our redaction of it, has one. */
function findPlaceholder(text: string, content: string): EditProblemReason | undefined {
  const placeholder = text.match(/\[SECRET:[^\]\n]{0,80}\]?/g)?.find((found) => !content.includes(found));
  return placeholder === undefined ? undefined : { kind: 'placeholder', placeholder };
}

function findHidden(text: string, before: string): EditProblemReason | undefined {
  const left = [...hiddenCharactersIn(before)];
  const added = hiddenCharactersIn(text).filter((character) => {
    const at = left.indexOf(character);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return added.length === 0
    ? undefined
    : { kind: 'hidden-characters', names: [...new Set(added.map(codePointName))].slice(0, 8) };
}

function foldersOf(path: string): readonly string[] {
  const segments = path.split('/');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'));
}

function toLineFeeds(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

function lineEndOf(text: string): '\r\n' | '\n' {
  const all = text.split('\n').length - 1;
  return text.split('\r\n').length - 1 > all / 2 ? '\r\n' : '\n';
}

/** Where a position in the text with `\n` line ends stands in the text as it is. */
function positionBefore(content: string, position: number): number {
  let at = 0;
  let left = position;
  while (left > 0) {
    const next = content.indexOf('\r\n', at);
    if (next < 0 || next - at >= left) return at + left;
    left -= next - at + 1;
    at = next + 2;
  }
  return at;
}

function likeBefore(before: string, after: string, lineEnd: '\r\n' | '\n' | undefined): string {
  const text = lineEnd === undefined ? after : after.replaceAll('\n', lineEnd);
  if (before === '' || text === '') return text;
  if (before.endsWith('\n')) return text.endsWith('\n') ? text : text + lineEndOf(before);
  return text.replace(/\r?\n$/, '');
}

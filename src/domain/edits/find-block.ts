/** Where a block of text stands in a file. Offsets are UTF-16, end exclusive. */
export type Found =
  | { readonly kind: 'once'; readonly start: number; readonly end: number }
  | { readonly kind: 'never' }
  /** `lines`: where each occurrence starts, from 1. */
  | { readonly kind: 'ambiguous'; readonly lines: readonly number[] };

/**
 * Finds `search` exactly, else line by line without regard to spaces at the ends of lines. Indentation
 * always counts: matching without it put half of 200 real changes in the wrong place. Both texts have `\n`
 * line ends.
 */
export function findBlock(content: string, search: string): Found {
  const exact = occurrences(content, search);
  if (exact.length > 0)
    return foundOf(
      content,
      exact.map((start) => ({ start, end: start + search.length })),
    );
  return foundOf(content, lineOccurrences(content, search));
}

function foundOf(content: string, spans: readonly { start: number; end: number }[]): Found {
  const [first] = spans;
  if (first === undefined) return { kind: 'never' };
  if (spans.length === 1) return { kind: 'once', ...first };
  return { kind: 'ambiguous', lines: spans.map((span) => content.slice(0, span.start).split('\n').length) };
}

function occurrences(content: string, search: string): readonly number[] {
  const found: number[] = [];
  for (let at = content.indexOf(search); at >= 0; at = content.indexOf(search, at + 1)) found.push(at);
  return found;
}

function lineOccurrences(content: string, search: string): readonly { start: number; end: number }[] {
  const takesLineEnd = search.endsWith('\n');
  const wanted = (takesLineEnd ? search.slice(0, -1) : search).split('\n').map((line) => line.trimEnd());
  if (wanted.every((line) => line === '')) return [];
  const lines = content.split('\n');
  const trimmed = lines.map((line) => line.trimEnd());
  const starts = startsOf(lines);
  return lines.flatMap((_, at) => {
    if (!wanted.every((line, offset) => trimmed[at + offset] === line)) return [];
    const last = at + wanted.length - 1;
    const end = (starts[last] ?? 0) + (lines[last]?.length ?? 0);
    return [{ start: starts[at] ?? 0, end: Math.min(content.length, end + (takesLineEnd ? 1 : 0)) }];
  });
}

function startsOf(lines: readonly string[]): readonly number[] {
  let at = 0;
  return lines.map((line) => {
    const start = at;
    at += line.length + 1;
    return start;
  });
}

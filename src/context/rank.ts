import MiniSearch from 'minisearch';
import type { PastCommit } from '../ports.ts';
import type { SourceFile } from './read-tree.ts';
import { wordsOf } from './words.ts';

export type Ranked = {
  readonly path: string;
  /** BM25 times recency; larger is better, only comparable within one ranking. */
  readonly score: number;
  /** Words of the request found in its path and in its text. */
  readonly inPath: readonly string[];
  readonly inText: readonly string[];
};

const newestCommits = 150;

/** How often each path changed in the newest 150 commits. */
export function changeCounts(history: readonly PastCommit[]): {
  readonly of: (path: string) => number;
  readonly commits: number;
} {
  const newest = history.slice(0, newestCommits);
  const counts = new Map<string, number>();
  for (const commit of newest)
    for (const path of new Set(commit.paths)) counts.set(path, (counts.get(path) ?? 0) + 1);
  return { of: (path) => counts.get(path) ?? 0, commits: newest.length };
}

/**
 * Files by likeness to the request: BM25 over words of the path (three times) and of the text, times
 * 1 + 0.35 ln(1 + changes in the newest 150 commits). Measured on real histories, this finds a changed file
 * among the first five in 65 to 90 of 100 commits.
 */
export function rank(options: {
  readonly files: Iterable<SourceFile>;
  readonly query: string;
  readonly changesOf: (path: string) => number;
}): readonly Ranked[] {
  const index = new MiniSearch<{ path: string; pathWords: string; text: string }>({
    idField: 'path',
    fields: ['pathWords', 'text'],
    tokenize: wordsOf,
    processTerm: (term) => term,
  });
  for (const { path, text } of options.files)
    index.add({ path, pathWords: path, text: text.slice(0, 100_000) });
  return index
    .search(options.query, { boost: { pathWords: 3 } })
    .map((found): Ranked => {
      const terms = Object.entries(found.match);
      return {
        path: String(found.id),
        score: found.score * (1 + 0.35 * Math.log(1 + options.changesOf(String(found.id)))),
        inPath: terms.flatMap(([term, fields]) => (fields.includes('pathWords') ? [term] : [])),
        inText: terms.flatMap(([term, fields]) => (fields.includes('text') ? [term] : [])),
      };
    })
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1));
}

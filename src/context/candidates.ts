import type { PastCommit } from '../ports.ts';
import { importGraph } from './imports.ts';
import { filesNamedIn } from './named-files.ts';
import { changeCounts, rank } from './rank.ts';
import type { SourceFile } from './read-tree.ts';
import { siblingTests, testedName } from './siblings.ts';

/** A file that may be shown, how much it matters (1 is the best match of the search), and why. */
export type Candidate = {
  readonly path: string;
  readonly score: number;
  readonly reasons: readonly string[];
};

const instructions =
  /^(?:AGENTS|CONTRIBUTING|CLAUDE)\.md$|^\.github\/(?:CONTRIBUTING|copilot-instructions)\.md$|^docs\/CONTRIBUTING\.md$/i;
const lintConfiguration =
  /^(?:eslint\.config\.[cm]?[jt]s|\.eslintrc(?:\.\w+)?|biome\.jsonc?|\.prettierrc(?:\.\w+)?|prettier\.config\.[cm]?[jt]s|\.oxlintrc\.json|\.editorconfig|tsconfig\.json|ruff\.toml|\.golangci\.ya?ml)$/;

/** How much a reason counts beside the search, whose best match is 1. */
const weights = {
  always: 4,
  named: 3,
  instructions: 2,
  neighbour: 0.45,
  test: 0.5,
  lint: 0.35,
  folder: 0.3,
  inTest: 0.8,
};
/** From here on a file was named, by the request, the plan or `.slipway.yml`. */
export const leastNamedScore = weights.named;
const mostFound = 15;
const leastLikeness = 0.12;
const mostSeeds = 5;

/** Every file worth showing for a request, best first. */
export function candidates(request: {
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly history: readonly PastCommit[];
  readonly query: string;
  readonly named: readonly string[];
  readonly always: readonly string[];
}): readonly Candidate[] {
  const { files } = request;
  const scores = new Map<string, number>();
  const reasons = new Map<string, string[]>();
  const add = (path: string, score: number, reason: string) => {
    if (!files.has(path)) return;
    scores.set(path, Math.max(scores.get(path) ?? 0, score));
    const known = reasons.get(path) ?? [];
    if (!known.includes(reason)) reasons.set(path, [...known, reason]);
  };

  const changes = changeCounts(request.history);
  const ranked = rank({ files: files.values(), query: request.query, changesOf: changes.of });
  const best = ranked[0]?.score ?? 1;
  const asksForTests = /\b(?:tests?|spec)\b/i.test(request.query);

  for (const path of request.always) add(path, weights.always, 'context.always of .slipway.yml names it');
  for (const path of request.named) add(path, weights.named, 'named in the plan');
  for (const path of filesNamedIn(request.query, files.keys()))
    add(path, weights.named, 'named in the request');
  for (const found of ranked.slice(0, mostFound)) {
    const likeness =
      (found.score / best) * (testedName(found.path) === undefined || asksForTests ? 1 : weights.inTest);
    if (likeness < leastLikeness) continue;
    if (found.inPath.length > 0) add(found.path, likeness, `matches ${list(found.inPath)} in its path`);
    if (found.inText.length > 0) add(found.path, likeness, `matches ${list(found.inText)} in its text`);
  }

  const graph = importGraph(files);
  const seeds = [...scores]
    .sort((a, b) => b[1] - a[1])
    .map(([path]) => path)
    .slice(0, mostSeeds + request.always.length);
  for (const seed of seeds.filter((path) => !request.always.includes(path))) {
    const score = Math.min(1, scores.get(seed) ?? 0);
    for (const path of graph.importsOf(seed)) add(path, weights.neighbour * score, `imported by ${seed}`);
    for (const path of graph.importersOf(seed).slice(0, 8))
      add(path, weights.neighbour * score, `imports ${seed}`);
    for (const path of siblingTests(seed, files.keys()))
      add(path, weights.test * score, `sibling test of ${seed}`);
  }
  for (const path of request.named.filter((wanted) => !files.has(wanted)))
    for (const near of filesBeside(path, files.keys()))
      add(near, weights.folder, `beside ${path}, which is to be made`);

  for (const path of files.keys()) {
    if (instructions.test(path))
      add(path, weights.instructions, 'tells how the repository wants to be worked in');
    if (lintConfiguration.test(path)) add(path, weights.lint, 'lint and compiler configuration');
    const count = changes.of(path);
    if (scores.has(path) && count > 0)
      add(path, 0, `changed in ${count} of the last ${changes.commits} commits`);
  }
  return [...scores]
    .map(([path, score]) => ({
      path,
      score: Math.round(score * 1000) / 1000,
      reasons: reasons.get(path) ?? [],
    }))
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1));
}

function filesBeside(path: string, all: Iterable<string>): readonly string[] {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  if (folder === '') return [];
  return [...all]
    .filter((other) => other.startsWith(folder) && !other.slice(folder.length).includes('/'))
    .slice(0, 4);
}

function list(words: readonly string[]): string {
  return [...new Set(words)].slice(0, 6).join(', ');
}

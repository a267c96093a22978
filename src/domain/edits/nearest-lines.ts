export type NearestLines = {
  /** First line, from 1. */
  readonly line: number;
  readonly text: string;
  /** The lines differ from the search in nothing but their indentation. */
  readonly onlyIndentation: boolean;
};

const mostLines = 40;

/** The lines of a file that look most like `search`, when any do. */
export function nearestLines(content: string, search: string): NearestLines | undefined {
  const wanted = search.replace(/\n$/, '').split('\n').slice(0, mostLines);
  const lines = content.split('\n').slice(0, 20_000);
  const wantedPairs = wanted.map((line) => pairsOf(line));
  const linePairs = lines.map((line) => pairsOf(line));
  let best = { score: 0.5, at: -1 };
  for (let at = 0; at + wanted.length <= lines.length; at += 1) {
    const total = wantedPairs.reduce(
      (sum, pairs, offset) => sum + likeness(pairs, linePairs[at + offset]),
      0,
    );
    const score = total / wanted.length;
    if (score > best.score) best = { score, at };
  }
  if (best.at < 0) return undefined;
  const found = lines.slice(best.at, best.at + wanted.length);
  return {
    line: best.at + 1,
    text: found.join('\n'),
    onlyIndentation: found.every((line, index) => line.trim() === wanted[index]?.trim()),
  };
}

type Pairs = ReadonlySet<string>;

function pairsOf(line: string): Pairs {
  const text = line.trim().slice(0, 300);
  return new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2)));
}

/** Dice's coefficient of the two lines' pairs of letters; two empty lines are alike. */
function likeness(a: Pairs, b: Pairs | undefined): number {
  if (b === undefined) return 0;
  if (a.size === 0 && b.size === 0) return 1;
  let shared = 0;
  for (const pair of a) if (b.has(pair)) shared += 1;
  return (2 * shared) / (a.size + b.size);
}

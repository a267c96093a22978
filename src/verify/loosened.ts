import { basename } from 'node:path';
import type { Change, Line } from './changes.ts';
import { sideOf } from './test-side.ts';

/** Words that make a judge look away. */
const lookAway =
  /^(off|warn|false|0|exclude|skip\w*|disable\w*|\w*ignore\w*|passWithNoTests|testNamePattern)$/i;
const strictness =
  /^(strict\w*|no(Implicit|Unchecked|Unused|Fallthrough|Property)\w+|exact\w+|include|exclude|files|checkJs|noCheck|skipLibCheck)$/;

/**
 * Whether a change to the configuration of a judge asks less than before: a rule gone, a folder left out. One that
 * only asks more, or what new code needs (another target, another plugin), does not.
 */
export function loosened({ path, kind, added, removed }: Change): boolean {
  if (sideOf(path) !== 'runner') return false;
  if (kind === 'deleted') return true;
  const [were, are] = [wordsOf(removed), wordsOf(added)];
  const gone = without(were, are);
  const fresh = without(are, were);
  if (fresh.some((word) => lookAway.test(word))) return true;
  const name = basename(path);
  if (/^tsconfig/.test(name)) return [...gone, ...fresh].some((word) => strictness.test(word));
  return /eslint|biome|oxlint/.test(name) && gone.length > 0;
}

const wordsOf = (lines: readonly Line[]): readonly string[] =>
  lines.flatMap(({ text }) => text.match(/[\w$]+/g) ?? []);

function without(all: readonly string[], taken: readonly string[]): readonly string[] {
  const left = [...taken];
  return all.filter((word) => {
    const at = left.indexOf(word);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

import { z } from 'zod';
import type { Check } from '../domain/workflow.ts';
import type { Change } from './changes.ts';
import { readPlain } from './tree.ts';

const manifest = z.looseObject({ scripts: z.record(z.string(), z.string()) });

/** The changed files that a command runs by name, itself or through a script of package.json: `node scripts/lint.js`. */
export async function namedJudges(
  check: Check,
  changes: readonly Change[],
  baseDirectory: string,
): Promise<readonly Change[]> {
  const words = wordsOf(check.run);
  const scripts = scriptsOf(await readPlain(baseDirectory, 'package.json'));
  const run = /\b(npm|npx|yarn|pnpm|bun)\b/.test(check.run) ? words : [];
  const named = new Set([...words, ...run.flatMap((name) => wordsOf(scripts[name] ?? ''))]);
  return changes.filter(({ kind, path }) => kind === 'modified' && named.has(path));
}

const wordsOf = (command: string): readonly string[] =>
  command.split(/[\s;&|()"'=]+/).map((word) => word.replace(/^\.\//, ''));

function scriptsOf(text: string | undefined): Readonly<Record<string, string>> {
  try {
    return manifest.parse(JSON.parse(text ?? '{}')).scripts;
  } catch {
    return {};
  }
}

import { matchEncoded, matchJoined } from './hidden.ts';
import { knownValueMatcher } from './known-values.ts';
import { matchRules, type Span } from './match.ts';
import { matchNamedLiterals } from './named-literals.ts';
import { matchSecretlint } from './secretlint.ts';

/** Where a secret stands. It never carries the value: findings travel to logs, Slack and pull requests. */
export type Secret = {
  readonly rule: string;
  /** `warn`: only its name and its randomness speak for it. */
  readonly severity: 'block' | 'warn';
  readonly form: 'plain' | 'base64' | 'hex' | 'joined';
  /** UTF-16 offsets in the scanned text, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
};

export type ScanOptions = {
  /** The file's path, where the text is one. */
  readonly path?: string;
  /** The deployment's own secret values; those under 8 characters are ignored. */
  readonly known?: readonly string[];
};

const lockFile =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|deno\.lock|bun\.lock|poetry\.lock|Pipfile\.lock|Cargo\.lock|go\.sum|composer\.lock|Gemfile\.lock)$/;

/** Every secret in a text, in order, no two overlapping. Asynchronous because secretlint is. */
export async function scan(text: string, options: ScanOptions = {}): Promise<readonly Secret[]> {
  const isLock = options.path !== undefined && lockFile.test(options.path);
  const plain = { severity: 'block', form: 'plain' } as const;
  const found: Omit<Secret, 'line'>[] = [
    ...knownValueMatcher(options.known ?? [])(text).map((span) => ({ ...span, ...plain })),
    ...matchRules(text).map((span) => ({ ...span, ...plain })),
    ...matchJoined(text).map((span) => ({ ...span, severity: 'block' as const })),
    ...(isLock ? [] : matchEncoded(text).map((span) => ({ ...span, severity: 'block' as const }))),
    ...(await matchSecretlint(text, options.path)).map((span) => ({ ...span, ...plain })),
    ...(isLock
      ? []
      : matchNamedLiterals(text).map((span) => ({ ...span, ...plain, severity: 'warn' as const }))),
  ];
  const kept = withoutOverlaps(found).sort((a, b) => a.start - b.start);
  return withLines(text, kept);
}

/** Of overlapping findings the one listed first is kept: ours are narrower and better named than the library's. */
function withoutOverlaps<Found extends Span>(found: readonly Found[]): Found[] {
  const kept: Found[] = [];
  for (const next of found)
    if (!kept.some((other) => next.start < other.end && other.start < next.end)) kept.push(next);
  return kept;
}

function withLines(text: string, found: readonly Omit<Secret, 'line'>[]): readonly Secret[] {
  let line = 1;
  let at = 0;
  return found.map((secret) => {
    for (let next = text.indexOf('\n', at); next >= 0 && next < secret.start; next = text.indexOf('\n', at)) {
      line += 1;
      at = next + 1;
    }
    return { ...secret, line };
  });
}

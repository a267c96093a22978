import { type ScanOptions, type Secret, scan } from './scan.ts';

export type Redacted = { readonly text: string; readonly secrets: readonly Secret[] };
export type Redactor = {
  /** The text with each secret replaced by its placeholder, and where they stood. */
  redact(text: string, options?: { readonly path?: string }): Promise<Redacted>;
};

/** How a placeholder looks. One that comes back in an edit means the edit must be refused. */
export const placeholderPattern = /\[SECRET:[a-z0-9-]+:\d+\]/;

/**
 * Replaces secrets by typed placeholders such as `[SECRET:github-pat:1]`. The same value gets the same
 * placeholder for as long as the redactor lives; the map of values is held in memory only.
 */
export function createRedactor(options: { readonly known?: readonly string[] } = {}): Redactor {
  const placeholders = new Map<string, string>();
  const counts = new Map<string, number>();

  function placeholderOf(value: string, rule: string): string {
    const known = placeholders.get(value);
    if (known !== undefined) return known;
    const count = (counts.get(rule) ?? 0) + 1;
    counts.set(rule, count);
    const made = `[SECRET:${rule}:${count}]`;
    placeholders.set(value, made);
    return made;
  }

  return {
    async redact(text, { path } = {}) {
      const scanOptions: ScanOptions = {
        known: options.known ?? [],
        ...(path === undefined ? {} : { path }),
      };
      const secrets = await scan(text, scanOptions);
      let at = 0;
      const parts: string[] = [];
      for (const secret of secrets) {
        parts.push(
          text.slice(at, secret.start),
          placeholderOf(text.slice(secret.start, secret.end), secret.rule),
        );
        at = secret.end;
      }
      parts.push(text.slice(at));
      return { text: parts.join(''), secrets };
    },
  };
}

/** One text, redacted by a redactor of its own. */
export function redact(text: string, options: ScanOptions = {}): Promise<Redacted> {
  const { known, path } = options;
  return createRedactor(known === undefined ? {} : { known }).redact(
    text,
    path === undefined ? {} : { path },
  );
}

import { pino } from 'pino';
import { knownValueMatcher } from './secrets/known-values.ts';
import { matchRules } from './secrets/match.ts';

export type Fields = Readonly<Record<string, unknown>>;
/** Structured log: what happened as a sentence, then the facts. Secrets are masked wherever they turn up. */
export type Log = {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
};

type LogOptions = {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Values that must never be written, for example the tokens of the configuration. */
  readonly secrets: readonly string[];
  /** Takes whole lines; standard error when absent, so that a command's answer owns standard output. */
  readonly write?: (line: string) => void;
};

const mask = '(masked)';
const secretKey = /token|secret|password|passwd|authorization|cookie|api[-_]?key|private[-_]?key|credential/i;

/** Masks every known value, also encoded, and everything that has the format of a secret. */
function createMask(secrets: readonly string[]): (text: string) => string {
  const known = knownValueMatcher(secrets);
  return (text) => {
    const spans = [...known(text), ...matchRules(text)].sort((a, b) => a.start - b.start);
    let written = '';
    let upTo = 0;
    for (const { start, end } of spans) {
      if (start >= upTo) written += text.slice(upTo, start) + mask;
      upTo = Math.max(upTo, end);
    }
    return written + text.slice(upTo);
  };
}

/** A copy that is safe to write: errors with their causes as plain values, secrets masked by value, by key and by shape. */
function masked(
  value: unknown,
  maskText: (text: string) => string,
  seen: ReadonlySet<object> = new Set(),
): unknown {
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (seen.has(value)) return '(circular)';
  const within = new Set([...seen, value]);
  if (value instanceof Error)
    return masked(
      {
        name: value.name,
        message: value.message,
        stack: value.stack,
        ...(value.cause !== undefined && { cause: value.cause }),
      },
      maskText,
      within,
    );
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((entry) => masked(entry, maskText, within));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const hidden = typeof inner === 'string' && secretKey.test(key);
      return [maskText(key), hidden ? mask : masked(inner, maskText, within)];
    }),
  );
}

/** Makes the log of this process. One JSON object a line. */
export function createLog({ level, secrets, write }: LogOptions): Log {
  const maskText = createMask(secrets);
  const destination = write === undefined ? pino.destination({ fd: 2, sync: true }) : { write };
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  const at =
    (name: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: Fields = {}): void => {
      if (!logger.isLevelEnabled(name)) return;
      logger[name](masked(fields, maskText), maskText(message));
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

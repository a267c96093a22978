import { pino } from 'pino';

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
/** What counts tokens and is not one. */
const harmlessKey = /tokens$|^max|count/i;
const tokenShape = /\b(?:xox[a-z]-|xapp-|gh[pousr]_|github_pat_|sk-)[\w-]{8,}/g;
/** Shorter values would mask ordinary words. */
const shortestSecret = 6;

function maskText(text: string, secrets: readonly string[]): string {
  return secrets
    .reduce((masked, secret) => masked.replaceAll(secret, mask), text)
    .replace(/(\w+:\/\/[^\s:/@]*):[^\s@/]+@/g, `$1:${mask}@`)
    .replace(tokenShape, mask);
}

/** A copy that is safe to write: errors with their causes as plain values, secrets masked by value, by key and by shape. */
function masked(value: unknown, secrets: readonly string[], seen: ReadonlySet<object> = new Set()): unknown {
  if (typeof value === 'string') return maskText(value, secrets);
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
      secrets,
      within,
    );
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((entry) => masked(entry, secrets, within));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const hidden = typeof inner === 'string' && secretKey.test(key) && !harmlessKey.test(key);
      return [maskText(key, secrets), hidden ? mask : masked(inner, secrets, within)];
    }),
  );
}

/** Makes the log of this process. One JSON object a line. */
export function createLog({ level, secrets, write }: LogOptions): Log {
  // The longest first, so that a secret that contains another leaves no tail behind.
  const known = secrets
    .filter((secret) => secret.length >= shortestSecret)
    .sort((a, b) => b.length - a.length);
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
      logger[name](masked(fields, known), maskText(message, known));
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

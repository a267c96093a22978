import { Refusal } from '../refusal.ts';

/** The arguments of a call. The SDK sends forms with JSON in strings; a JSON body brings the values as they are. */
export type Args = {
  text(name: string): string | undefined;
  /** The text of a required argument, else a refusal: `invalid_arguments` or the code given. */
  need(name: string, code?: string): string;
  flag(name: string): boolean;
  count(name: string, fallback: number): number;
  /** Structured values. Text that is not JSON is refused with `code`. */
  json(name: string, code: string): unknown;
};

export function createArgs(given: Readonly<Record<string, unknown>>): Args {
  const text = (name: string): string | undefined => {
    const value = given[name];
    if (value === undefined || value === null || value === '') return undefined;
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  };
  return {
    text,
    need(name, code) {
      const value = text(name);
      if (value !== undefined) return value;
      throw new Refusal(code ?? 'invalid_arguments', {
        response_metadata: { messages: [`[ERROR] missing required field: ${name}`] },
      });
    },
    flag: (name) => ['true', '1'].includes(text(name) ?? ''),
    count(name, fallback) {
      const value = Number(text(name) ?? fallback);
      if (!Number.isInteger(value) || value < 0) throw new Refusal('invalid_arguments');
      return value;
    },
    json(name, code) {
      const value = given[name];
      if (value === undefined || value === null || value === '') return undefined;
      if (typeof value !== 'string') return value;
      try {
        return JSON.parse(value);
      } catch {
        throw new Refusal(code);
      }
    },
  };
}

/** One page of a list, with Slack's cursor (base64 of an offset) for the next. */
export function page<Item>(
  items: readonly Item[],
  args: Args,
  most: number,
): { readonly items: readonly Item[]; readonly next: string } {
  const limit = Math.min(args.count('limit', most) || most, 1_000);
  const cursor = args.text('cursor');
  const decoded = cursor === undefined ? 'offset:0' : Buffer.from(cursor, 'base64').toString();
  const start = Number(/^offset:(\d+)$/.exec(decoded)?.[1] ?? Number.NaN);
  if (Number.isNaN(start)) throw new Refusal('invalid_cursor');
  const end = start + limit;
  return {
    items: items.slice(start, end),
    next: end < items.length ? Buffer.from(`offset:${end}`).toString('base64') : '',
  };
}

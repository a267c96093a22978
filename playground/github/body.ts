import { z } from 'zod';
import { invalid, Problem } from './problems.ts';
import type { Call } from './world.ts';

/** The parsed body of a request, or GitHub's 400 and 422. */
export async function bodyAs<T>(c: Call, schema: z.ZodType<T>, resource: string): Promise<T> {
  const text = await c.req.text();
  const value = parse(text === '' ? '{}' : text);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalid(
    ...parsed.error.issues.map((issue) => {
      const field = String(issue.path[0] ?? '');
      const missing = issue.code === 'invalid_type' && issue.input === undefined;
      return { resource, field, code: missing ? ('missing_field' as const) : ('invalid' as const) };
    }),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(400, 'Problems parsing JSON');
  }
}

export const text = z.string().min(1);
export { z };

/** One page of a list, with the `Link` header of GitHub. */
export function page<T>(c: Call, items: readonly T[]): readonly T[] {
  const size = clamp(c.req.query('per_page'), 30, 100);
  const number = clamp(c.req.query('page'), 1, Number.MAX_SAFE_INTEGER);
  const last = Math.max(1, Math.ceil(items.length / size));
  const links: string[] = [];
  const link = (rel: string, to: number) => {
    const url = new URL(c.req.url);
    url.searchParams.set('page', String(to));
    links.push(`<${url.href}>; rel="${rel}"`);
  };
  if (number > 1) link('prev', number - 1);
  if (number < last) link('next', number + 1);
  if (number < last) link('last', last);
  if (number > 1) link('first', 1);
  if (links.length > 0) c.header('link', links.join(', '));
  return items.slice((number - 1) * size, number * size);
}

function clamp(given: string | undefined, otherwise: number, most: number): number {
  const number = Number(given ?? otherwise);
  return Number.isInteger(number) && number >= 1 ? Math.min(number, most) : otherwise;
}

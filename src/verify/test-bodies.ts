import { z } from 'zod';
import { nodesOf, parseScript } from './source.ts';

const call = z.object({
  type: z.literal('CallExpression'),
  arguments: z
    .array(
      z.looseObject({ type: z.string(), start: z.number(), end: z.number(), value: z.unknown().optional() }),
    )
    .min(2),
});

/** Titles of the tests of a file with the code that each runs, spaces normalised. */
export function testBodies(path: string, text: string): ReadonlyMap<string, string> {
  const parsed = parseScript(path, text);
  const bodies = new Map<string, string>();
  if ('message' in parsed) return bodies;
  for (const node of nodesOf(parsed.program)) {
    const read = call.safeParse(node);
    if (!read.success) continue;
    const [title, ...rest] = read.data.arguments;
    const body = rest.find(({ type }) => type === 'ArrowFunctionExpression' || type === 'FunctionExpression');
    if (typeof title?.value !== 'string' || body === undefined) continue;
    bodies.set(title.value, text.slice(body.start, body.end).replace(/\s+/g, ' '));
  }
  return bodies;
}

import { parse } from 'yaml';
import { z } from 'zod';
import { GiveUp } from '../errors.ts';
import type { CriterionTest } from './criteria.ts';

const entry = z.object({
  id: z.union([z.string(), z.number()]).transform(String).optional(),
  criterion: z.string().optional(),
  file: z.string().optional(),
  name: z.string().optional(),
  test: z
    .union([z.string(), z.object({ file: z.string().optional(), name: z.string().optional() })])
    .optional(),
});
const document = z.union([
  z.object({ criteria: z.array(entry).optional(), tests: z.array(entry).optional() }),
  z.array(entry).transform((criteria) => ({ criteria, tests: undefined })),
]);

/**
 * The criteria of a specification and the tests that prove them. JSON or YAML with `criteria: [{ id, file, name }]` or that list alone,
 * or Markdown with that in its front matter, in a fenced block, or as lines "AC-1: …" whose tests carry the id.
 */
export function readSpec(path: string, text: string): readonly CriterionTest[] {
  const source = /\.(md|markdown)$/i.test(path) ? embedded(text) : text;
  if (source === undefined) return fromProse(path, text);
  let value: unknown;
  try {
    value = parse(source);
  } catch (error) {
    throw new GiveUp(`Reading the specification ${path}: ${error instanceof Error ? error.message : error}`);
  }
  const read = document.safeParse(value);
  if (!read.success) throw new GiveUp(`Reading the specification ${path}: ${z.prettifyError(read.error)}`);
  const named = (read.data.tests ?? []).map(toTest);
  const listed = (read.data.criteria ?? []).map(toTest);
  const all = [...named, ...listed.filter(({ id }) => !named.some((test) => test.id === id))];
  if (all.length === 0) {
    throw new GiveUp(
      `The specification ${path} lists no criteria; it needs "criteria: [{ id, file, name }]".`,
    );
  }
  return all;
}

function toTest({ id, criterion, file, name, test }: z.infer<typeof entry>): CriterionTest {
  const wanted = typeof test === 'string' ? split(test) : test;
  const [inFile, named] = [file ?? wanted?.file, name ?? wanted?.name];
  return {
    id: id ?? criterion ?? '',
    ...(inFile === undefined ? {} : { file: inFile }),
    ...(named === undefined ? {} : { name: named }),
  };
}

/** `test/a.test.ts > suite > name`. */
function split(text: string): { readonly file?: string; readonly name?: string } {
  const [, file, name] = /^(\S+\.[cm]?[jt]sx?) > (.+)$/.exec(text) ?? [];
  return file === undefined || name === undefined ? { name: text } : { file, name };
}

function embedded(text: string): string | undefined {
  const front = /^---\n([\s\S]*?)\n---(\n|$)/.exec(text)?.[1];
  if (front !== undefined && /^(criteria|tests):/m.test(front)) return front;
  for (const [, block] of text.matchAll(/^```(?:ya?ml|json)\n([\s\S]*?)^```/gm)) {
    if (block !== undefined && /^\s*"?(criteria|tests)"?:/m.test(block)) return block;
  }
  return undefined;
}

/** Lines such as "- **AC-1** Orders have a number. `test/order.test.ts > numbers every order`". */
function fromProse(path: string, text: string): readonly CriterionTest[] {
  const found = new Map<string, CriterionTest>();
  for (const line of text.split('\n')) {
    const id = /^\W*(AC-\d+)\b/.exec(line)?.[1];
    if (id === undefined || found.has(id)) continue;
    const named = /`([^`]+\.[cm]?[jt]sx? > [^`]+)`/.exec(line)?.[1];
    found.set(id, { id, ...(named === undefined ? {} : split(named)) });
  }
  if (found.size === 0) throw new GiveUp(`The specification ${path} lists no criteria such as "AC-1: …".`);
  return [...found.values()];
}

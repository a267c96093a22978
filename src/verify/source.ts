import { extname } from 'node:path';
import { parseSync } from 'oxc-parser';
import { z } from 'zod';

const node = z.looseObject({ type: z.string(), start: z.number(), end: z.number() });
export type SourceNode = z.infer<typeof node>;

/** Files the parser understands. */
export function isScript(path: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(path);
}

type Lang = 'js' | 'jsx' | 'ts' | 'tsx';
const dialects: Readonly<Record<string, readonly Lang[]>> = {
  '.ts': ['ts'],
  '.mts': ['ts'],
  '.cts': ['ts'],
  '.tsx': ['tsx'],
};

/** The tree of a file, or the first syntax error in every dialect it may be written in. */
export function parseScript(
  path: string,
  text: string,
): { readonly program: SourceNode } | { readonly message: string; readonly line: number } {
  let first: { readonly message: string; readonly line: number } | undefined;
  for (const lang of dialects[extname(path)] ?? (['jsx', 'tsx'] as const)) {
    for (const sourceType of ['module', 'commonjs'] as const) {
      const { program, errors } = parseSync(path, text, { lang, sourceType });
      if (errors.length === 0) return { program: node.parse(program) };
      const [error] = errors;
      const start = error?.labels[0]?.start ?? 0;
      first ??= {
        message: error?.message ?? 'not understood',
        line: text.slice(0, start).split('\n').length,
      };
    }
  }
  return first ?? { message: 'not understood', line: 1 };
}

/** Every node of a tree, parents before children. */
export function* nodesOf(tree: unknown): Generator<SourceNode> {
  if (Array.isArray(tree)) {
    for (const child of tree) yield* nodesOf(child);
    return;
  }
  if (typeof tree !== 'object' || tree === null) return;
  const read = 'type' in tree && 'start' in tree ? node.safeParse(tree) : undefined;
  if (read?.success) yield read.data;
  for (const [key, child] of Object.entries(tree)) {
    if (typeof child === 'object' && child !== null && key !== 'loc' && key !== 'range')
      yield* nodesOf(child);
  }
}

export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

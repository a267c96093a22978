import { posix } from 'node:path';
import { parseSync } from 'oxc-parser';
import type { SourceFile } from './read-tree.ts';

export type ImportGraph = {
  importsOf(path: string): readonly string[];
  importersOf(path: string): readonly string[];
};

export const scriptPattern = /\.[cm]?[jt]sx?$/;

/** Who imports whom, for JavaScript and TypeScript files and relative specifiers. */
export function importGraph(files: ReadonlyMap<string, SourceFile>): ImportGraph {
  const imports = new Map<string, readonly string[]>();
  const importers = new Map<string, string[]>();
  for (const file of files.values()) {
    if (!scriptPattern.test(file.path)) continue;
    const targets = specifiersOf(file).flatMap((specifier) => resolve(file.path, specifier, files) ?? []);
    const unique = [...new Set(targets)].filter((target) => target !== file.path);
    imports.set(file.path, unique);
    for (const target of unique) importers.set(target, [...(importers.get(target) ?? []), file.path]);
  }
  return { importsOf: (path) => imports.get(path) ?? [], importersOf: (path) => importers.get(path) ?? [] };
}

function specifiersOf(file: SourceFile): readonly string[] {
  if (!/\b(?:import|export|require)\b/.test(file.text)) return [];
  const { module } = parseSync(file.path, file.text);
  const dynamic = module.dynamicImports.map(({ moduleRequest }) => literalOf(file.text, moduleRequest));
  const required = [...file.text.matchAll(/\brequire\(\s*(["'][^"'\n]{1,300}["'])\s*\)/g)].map((found) =>
    (found[1] ?? '').slice(1, -1),
  );
  return [
    ...module.staticImports.map((found) => found.moduleRequest.value),
    ...module.staticExports.flatMap((found) =>
      found.entries.flatMap((entry) => entry.moduleRequest?.value ?? []),
    ),
    ...dynamic,
    ...required,
  ];
}

function literalOf(text: string, span: { start: number; end: number }): string {
  return text.slice(span.start, span.end).replace(/^["'`]|["'`]$/g, '');
}

const extensions = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.d.ts', '.json'];

/** `./a`, `./a.js` for `a.ts`, and `./folder` for its index. */
function resolve(
  from: string,
  specifier: string,
  files: ReadonlyMap<string, SourceFile>,
): string | undefined {
  if (!/^\.{1,2}(?:\/|$)/.test(specifier)) return undefined;
  const base = posix.join(posix.dirname(from), specifier).replace(/\/$/, '');
  const stem = base.replace(/\.[cm]?jsx?$/, '');
  return [
    base,
    ...extensions.map((extension) => base + extension),
    ...(stem === base ? [] : extensions.map((extension) => stem + extension)),
    ...extensions.map((extension) => `${base}/index${extension}`),
  ].find((candidate) => files.has(candidate));
}

import type { Change } from './changes.ts';
import { relativePath } from './results.ts';
import { isScript, lineAt, nodesOf, parseScript } from './source.ts';
import { sideOf } from './test-side.ts';

/** Path to line to times it ran; only lines that can run are listed. */
export type Coverage = ReadonlyMap<string, ReadonlyMap<number, number>>;

export function readLcov(text: string): Coverage {
  const files = new Map<string, Map<number, number>>();
  let lines: Map<number, number> | undefined;
  for (const record of text.split('\n')) {
    const line = record.trim();
    if (line.startsWith('SF:')) {
      const path = relativePath(line.slice(3));
      lines = files.get(path) ?? new Map();
      files.set(path, lines);
    } else if (line.startsWith('DA:')) {
      const [number, count] = line.slice(3).split(',').map(Number);
      if (number !== undefined && count !== undefined && lines)
        lines.set(number, Math.max(lines.get(number) ?? 0, count));
    } else if (line === 'end_of_record') lines = undefined;
  }
  return files;
}

/** Several checks cover together. */
export function mergeCoverage(all: readonly Coverage[]): Coverage {
  const merged = new Map<string, Map<number, number>>();
  for (const coverage of all)
    for (const [path, lines] of coverage) {
      const target = merged.get(path) ?? new Map<number, number>();
      merged.set(path, target);
      for (const [line, count] of lines) target.set(line, Math.max(target.get(line) ?? 0, count));
    }
  return merged;
}

export type DiffCoverage = {
  readonly executable: number;
  readonly covered: number;
  readonly uncovered: readonly { readonly path: string; readonly line: number }[];
};

/** Added lines that can run, and those of them that did. Code that no test even loads counts as not covered. */
export async function diffCoverage(
  changes: readonly Change[],
  coverage: Coverage,
  read: (path: string) => Promise<string | undefined>,
): Promise<DiffCoverage> {
  let executable = 0;
  const uncovered: { path: string; line: number }[] = [];
  for (const change of changes) {
    if (change.kind === 'deleted' || sideOf(change.path) !== 'code') continue;
    if (!isScript(change.path) || /\.d\.[cm]?ts$/.test(change.path)) continue;
    const measured = coverage.get(change.path);
    const text = await read(change.path);
    const statements = text === undefined ? new Set<number>() : statementLines(change.path, text);
    for (const { line, text: code } of change.added) {
      // Runners that count every line also count blank ones, comments and closing brackets.
      if (!/[\w$]/.test(code) || /^\s*(\/\/|\/?\*)/.test(code)) continue;
      const count = measured === undefined ? (statements.has(line) ? 0 : undefined) : measured.get(line);
      if (count === undefined) continue;
      executable += 1;
      if (count === 0) uncovered.push({ path: change.path, line });
    }
  }
  return { executable, covered: executable - uncovered.length, uncovered };
}

/** Lines on which a statement begins that does something when it is run. */
function statementLines(path: string, text: string): ReadonlySet<number> {
  const parsed = parseScript(path, text);
  const lines = new Set<number>();
  if ('message' in parsed) return lines;
  for (const node of nodesOf(parsed.program)) {
    if (
      /^(Return|Expression|If|For|While|DoWhile|Switch|Throw|Try|Break|Continue)\w*Statement$/.test(node.type)
    )
      lines.add(lineAt(text, node.start));
    if (node.type === 'VariableDeclaration' && node.declare !== true) lines.add(lineAt(text, node.start));
  }
  return lines;
}

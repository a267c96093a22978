import { parseSync } from 'oxc-parser';
import { scriptPattern } from './imports.ts';
import { countTokens } from './tokens.ts';
import { wordsOf } from './words.ts';

export type Excerpt = { readonly text: string; readonly shownLines: number; readonly lines: number };

/**
 * A file too large for its budget, as whole lines that can be searched for: the signatures of its
 * declarations (JavaScript and TypeScript), then the surroundings of the lines most like the request, as
 * many as fit. Undefined when not even that does.
 */
export function excerpt(options: {
  readonly path: string;
  readonly text: string;
  readonly words: ReadonlySet<string>;
  readonly maxTokens: number;
}): Excerpt | undefined {
  const lines = options.text.split('\n');
  const fits = (shown: ReadonlySet<number>) => countTokens(render(lines, shown)) <= options.maxTokens;
  const outline = signatureLines(options.path, options.text);
  let shown: ReadonlySet<number> = fits(outline) ? outline : new Set();
  for (const at of likeliestLines(lines, options.words)) {
    const wider = new Set([...shown, ...around(at, lines.length)]);
    if (wider.size === shown.size) continue;
    if (!fits(wider)) break;
    shown = wider;
  }
  return shown.size === 0
    ? undefined
    : { text: render(lines, shown), shownLines: shown.size, lines: lines.length };
}

function render(lines: readonly string[], shown: ReadonlySet<number>): string {
  const parts: string[] = [];
  let hidden = 0;
  const gap = () => {
    if (hidden > 0) parts.push(`[${hidden} ${hidden === 1 ? 'line' : 'lines'} left out]`);
    hidden = 0;
  };
  lines.forEach((line, at) => {
    if (!shown.has(at)) {
      hidden += 1;
      return;
    }
    gap();
    parts.push(line);
  });
  gap();
  return parts.join('\n');
}

const reach = 8;

function around(at: number, lines: number): readonly number[] {
  const from = Math.max(0, at - reach);
  return Array.from({ length: Math.min(lines, at + reach + 1) - from }, (_, index) => from + index);
}

/** At most forty lines that hold words of the request, the richest first. */
function likeliestLines(lines: readonly string[], words: ReadonlySet<string>): readonly number[] {
  return lines
    .map((line, at) => ({
      at,
      score: new Set(wordsOf(line.slice(0, 500)).filter((word) => words.has(word))).size,
    }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .slice(0, 40)
    .map(({ at }) => at);
}

type Node = { readonly type: string; readonly start: number; readonly end: number };

/** The lines of imports and of each declaration up to its body. */
function signatureLines(path: string, text: string): ReadonlySet<number> {
  const shown = new Set<number>();
  if (!scriptPattern.test(path)) return shown;
  const lineAt = lineFinder(text);
  const show = (start: number, end: number, most = 12) => {
    const from = lineAt(start);
    for (let line = from; line <= Math.min(lineAt(end), from + most - 1); line += 1) shown.add(line);
  };
  for (const statement of parseSync(path, text).program.body) {
    const declaration =
      (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') &&
      statement.declaration
        ? statement.declaration
        : statement;
    switch (declaration.type) {
      case 'FunctionDeclaration':
        show(statement.start, bodyStart(declaration.body, declaration));
        break;
      case 'ClassDeclaration':
        show(statement.start, declaration.body.start);
        for (const member of declaration.body.body)
          show(
            member.start,
            member.type === 'MethodDefinition' ? bodyStart(member.value.body, member) : member.end,
            4,
          );
        break;
      case 'VariableDeclaration':
        show(statement.start, statement.end, 2);
        break;
      case 'ExpressionStatement':
        show(statement.start, statement.end, 1);
        break;
      default:
        show(statement.start, statement.end);
    }
  }
  return shown;
}

function bodyStart(body: Node | null, whole: Node): number {
  return body === null ? whole.end : body.start;
}

function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
}

import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { dotted, issueSentence } from './issue-sentence.ts';
import { nearest } from './nearest.ts';

/** Something wrong in a configuration file, with its place (line and column count from 1). */
export type FileProblem = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
};
export type Parsed<Value> = { readonly value: Value } | { readonly problems: readonly FileProblem[] };

/** Far above any real file; what is longer is a mistake or an attack. */
const maxCharacters = 100_000;

type Place = { readonly line: number; readonly column: number };
type Source = { readonly document: Document; readonly lines: LineCounter };

/** Where a value stands; for one that is missing, where its nearest ancestor stands. */
function placeOf({ document, lines }: Source, path: readonly PropertyKey[]): Place {
  const keyPlace = keyPlaceOf({ document, lines }, path);
  if (keyPlace !== undefined) return keyPlace;
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  if (isNode(node) && node.range) {
    const { line, col } = lines.linePos(node.range[0]);
    return { line, column: col };
  }
  return path.length === 0 ? { line: 1, column: 1 } : placeOf({ document, lines }, path.slice(0, -1));
}

/** Where the key of an entry stands: people look for the key, not for its value. */
function keyPlaceOf({ document, lines }: Source, path: readonly PropertyKey[]): Place | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (path.length === 0 || !isMap(parent)) return undefined;
  const key = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path.at(-1)))?.key;
  if (!isScalar(key) || !key.range) return undefined;
  const { line, col } = lines.linePos(key.range[0]);
  return { line, column: col };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, step) : undefined),
    value,
  );
}

const objectShape = z.looseObject({
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  additionalProperties: z.unknown().optional(),
});

/** The keys that a schema knows at a path, read from its JSON Schema. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let inner: unknown = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  for (const step of path) {
    const shape = objectShape.safeParse(inner).data;
    inner =
      typeof step === 'number'
        ? shape?.items
        : (shape?.properties?.[String(step)] ?? shape?.additionalProperties);
  }
  return Object.keys(objectShape.safeParse(inner).data?.properties ?? {});
}

function unknownKeySentence(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  if (meant !== undefined) return `unknown; did you mean ${meant}?`;
  return known.length === 0 ? 'unknown; nothing may stand here' : `unknown; known here: ${known.join(', ')}`;
}

/**
 * Reads a YAML file against its schema: the value with its defaults, or every problem at once, each with
 * line and column and, for an unknown key, the nearest known one. Never throws, whatever the text is.
 */
export function parseYaml<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  file: string,
): Parsed<z.output<Schema>> {
  const problem = (place: Place, message: string): FileProblem => ({ file, ...place, message });
  const start = { line: 1, column: 1 };
  if (text.length > maxCharacters)
    return { problems: [problem(start, `has ${text.length} characters; at most ${maxCharacters} are read`)] };

  const lines = new LineCounter();
  let document: Document;
  let raw: unknown;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    const faults = [...document.errors, ...document.warnings].map((fault) => {
      const { line, col } = lines.linePos(fault.pos[0]);
      return problem({ line, column: col }, `is not valid YAML here: ${fault.message}`);
    });
    if (faults.length > 0) return { problems: faults };
    raw = document.toJS();
  } catch (error) {
    // Nesting or aliases without end are refused by the parser in its own ways.
    return {
      problems: [problem(start, `cannot be read as YAML: ${error instanceof Error ? error.message : error}`)],
    };
  }
  if (raw === null || raw === undefined) return { problems: [problem(start, 'is empty')] };

  const parsed = schema.safeParse(raw);
  if (parsed.success) return { value: parsed.data };
  const source = { document, lines };
  const problems = parsed.error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(schema, issue.path);
      return issue.keys.map((key) => {
        const path = [...issue.path, key];
        return problem(placeOf(source, path), `${dotted(path)}: ${unknownKeySentence(key, known)}`);
      });
    }
    const sentence = issueSentence(issue, valueAt(raw, issue.path));
    const name = dotted(issue.path);
    return [problem(placeOf(source, issue.path), name === '' ? sentence : `${name}: ${sentence}`)];
  });
  return { problems: problems.sort((a, b) => a.line - b.line || a.column - b.column) };
}

// What is told to outsiders about configuration, made from the schemas themselves: JSON Schemas for editors,
// .env.example, and the tables of the documentation. `npm run reference` writes it, a test keeps it current.
import { z } from 'zod';
import { deployment } from '../src/config/deployment.ts';
import { describedVariables, variableNames } from '../src/config/environment.ts';
import { workflow } from '../src/domain/workflow.ts';

function jsonSchema(schema: z.ZodType, title: string): string {
  return `${JSON.stringify({ title, ...z.toJSONSchema(schema, { target: 'draft-7', io: 'input' }) }, null, 2)}\n`;
}

function environmentExample(): string {
  const entries = variableNames.map((name) => {
    const { what, required, default: standard, example } = describedVariables[name];
    const line = required === undefined ? `# ${name}=${example}` : `${name}=`;
    const note = standard === undefined ? '' : ` Default: ${standard}`;
    return `# ${what}${note}\n${line}\n`;
  });
  return `# Copy to .env and fill in. Lines without # must be set; \`npm run -s slipway -- doctor\` checks them all.\n\n${entries.join('\n')}`;
}

type Row = readonly string[];
/** A Markdown table in the form the formatter leaves alone. */
function table(head: Row, rows: readonly Row[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: Row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const [first = [], ...others] = cells;
  return [line(first), rule, ...others.map(line)].join('\n');
}

function environmentTable(): string {
  return table(
    ['variable', 'what', 'default'],
    variableNames.map((name) => {
      const { what, required, default: standard } = describedVariables[name];
      return [
        `\`${name}\``,
        what,
        required === undefined ? (standard === undefined ? '' : `\`${standard}\``) : '**required**',
      ];
    }),
  );
}

/** The parts of a JSON Schema that a reference table shows. */
const node = z.looseObject({
  type: z.string().optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.unknown().optional(),
  additionalProperties: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
});
type Node = z.infer<typeof node>;

function kindOf(schema: Node): string {
  const { minimum, maximum, exclusiveMinimum } = schema;
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.anyOf !== undefined) return schema.anyOf.map((one) => kindOf(node.parse(one))).join(', or ');
  if (schema.type === 'array')
    return `list of ${kindOf(node.parse(schema.items)).replace(/^text$/, 'texts')}`;
  if (schema.type === 'string') return 'text';
  if (schema.type === 'object')
    return `one for each of ${Object.keys(schema.properties ?? {}).join(', ') || 'its names'}`;
  if (exclusiveMinimum !== undefined && minimum === undefined) return `number above ${exclusiveMinimum}`;
  if (minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER)
    return `number, ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `number, ${minimum} or more`;
  return 'number';
}

/** `given`: the optional group that a required setting is required in. */
function settingRows(value: unknown, name = '', required = false, given = ''): readonly Row[] {
  const schema = node.parse(value);
  const item = schema.items === undefined ? undefined : node.parse(schema.items);
  const group = schema.properties === undefined ? item : schema;
  if (group?.properties === undefined) {
    const standard = schema.default === undefined ? '' : `\`${JSON.stringify(schema.default)}\``;
    const must = given === '' ? '**required**' : `required with \`${given}\``;
    return [[`\`${name}\``, kindOf(schema), schema.description ?? '', required ? must : standard]];
  }
  const prefix = name === '' ? '' : `${name}${group === schema ? '' : '[]'}.`;
  return Object.entries(group.properties).flatMap(([key, inner]) => {
    const needed = group.required?.includes(key) ?? false;
    const optional = !needed && node.parse(inner).default === undefined;
    return settingRows(inner, `${prefix}${key}`, needed, optional ? key : given);
  });
}

function settingsTable(schema: z.ZodType): string {
  return table(
    ['setting', 'value', 'what', 'default'],
    settingRows(z.toJSONSchema(schema, { target: 'draft-7', io: 'input' })),
  );
}

/** Whole files, by path. */
export function referenceFiles(): Readonly<Record<string, string>> {
  return {
    'schemas/slipway.schema.json': jsonSchema(deployment, 'slipway.yml'),
    'schemas/workflow.schema.json': jsonSchema(workflow, '.slipway.yml'),
    '.env.example': environmentExample(),
  };
}

/** Tables inside pages, by page and name; each stands between `<!-- name -->` and `<!-- /name -->`. */
export function referenceTables(): readonly { page: string; name: string; text: string }[] {
  return [
    { page: 'docs/workflow.md', name: 'settings', text: settingsTable(workflow) },
    { page: 'docs/operations.md', name: 'environment', text: environmentTable() },
    { page: 'docs/operations.md', name: 'settings', text: settingsTable(deployment) },
  ];
}

/** The page with the table in its place; throws when the page has no such place. */
export function withTable(page: string, { name, text }: { name: string; text: string }): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [page.indexOf(open), page.indexOf(close)];
  if (start < 0 || end < start)
    throw new Error(`The page has no place for a table between ${open} and ${close}.`);
  return `${page.slice(0, start + open.length)}\n\n${text}\n\n${page.slice(end)}`;
}

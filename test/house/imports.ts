import { parseSync, Visitor } from 'oxc-parser';

/** One import of a file: what it names, on which line, and whether only types come through it. */
export type Import = { readonly specifier: string; readonly line: number; readonly typeOnly: boolean };

function parsed(file: string, source: string) {
  const result = parseSync(file, source);
  const error = result.errors[0];
  if (error !== undefined) throw new Error(`${file} cannot be parsed: ${error.message}`);
  return { result, lineAt: (offset: number) => source.slice(0, offset).split('\n').length };
}

/** Every import, re-export and `import()` of a TypeScript source. */
export function importsOf(file: string, source: string): readonly Import[] {
  const { result, lineAt } = parsed(file, source);
  const { module } = result;
  const statics = module.staticImports.map(({ start, moduleRequest, entries }) => ({
    specifier: moduleRequest.value,
    line: lineAt(start),
    typeOnly: entries.length > 0 && entries.every(({ isType }) => isType),
  }));
  const exports = module.staticExports.flatMap(({ start, entries }) =>
    entries.flatMap(({ moduleRequest, isType }) =>
      moduleRequest ? [{ specifier: moduleRequest.value, line: lineAt(start), typeOnly: isType }] : [],
    ),
  );
  const dynamics = module.dynamicImports.map(({ start, moduleRequest }) => ({
    specifier: source.slice(moduleRequest.start, moduleRequest.end).replace(/^['"`]|['"`]$/g, ''),
    line: lineAt(start),
    typeOnly: false,
  }));
  return [...statics, ...exports, ...dynamics];
}

const impureGlobals = new Set([
  'console',
  'crypto',
  'fetch',
  'performance',
  'process',
  'setImmediate',
  'setInterval',
  'setTimeout',
]);

/** Uses of a clock, randomness, I/O or a log that need no import: `Date.now()`, `new Date()`, `process.env`… */
export function impureGlobalsOf(file: string, source: string): readonly { name: string; line: number }[] {
  const { result, lineAt } = parsed(file, source);
  const found: { name: string; line: number }[] = [];
  const add = (name: string, start: number) => found.push({ name, line: lineAt(start) });
  new Visitor({
    NewExpression({ callee, arguments: given, start }) {
      if (callee.type === 'Identifier' && callee.name === 'Date' && given.length === 0)
        add('new Date()', start);
    },
    CallExpression({ callee, start }) {
      if (callee.type === 'Identifier' && (impureGlobals.has(callee.name) || callee.name === 'Date'))
        add(`${callee.name}()`, start);
    },
    MemberExpression({ object, property, start }) {
      if (object.type !== 'Identifier' || property.type !== 'Identifier') return;
      const name = `${object.name}.${property.name}`;
      if (impureGlobals.has(object.name) || name === 'Date.now' || name === 'Math.random') add(name, start);
    },
  }).visit(result.program);
  return found;
}

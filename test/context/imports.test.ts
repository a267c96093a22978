import { expect, test } from 'vitest';
import { importGraph } from '../../src/context/imports.ts';
import { siblingTests } from '../../src/context/siblings.ts';

const graphOf = (texts: Readonly<Record<string, string>>) =>
  importGraph(new Map(Object.entries(texts).map(([path, text]) => [path, { path, text }])));

test.each([
  ['import { b } from "./b.ts";', 'src/b.ts'],
  ['import { b } from "./b";', 'src/b.ts'],
  ['import { b } from "./b.js";', 'src/b.ts'],
  ['import type { B } from "./b.js";', 'src/b.ts'],
  ['export * from "../lib/c.mjs";', 'lib/c.mts'],
  ['export { d } from "./d";', 'src/d/index.tsx'],
  ['const d = await import("./d/index.js");', 'src/d/index.tsx'],
  ['const e = require("./e");', 'src/e.cjs'],
  ['import f from "./f.json" with { type: "json" };', 'src/f.json'],
])('%s is found', (line, target) => {
  const others = {
    'src/b.ts': '',
    'lib/c.mts': '',
    'src/d/index.tsx': '',
    'src/e.cjs': '',
    'src/f.json': '{}',
  };
  const graph = graphOf({ ...others, 'src/a.ts': `${line}\n` });
  expect(graph.importsOf('src/a.ts')).toEqual([target]);
  expect(graph.importersOf(target)).toEqual(['src/a.ts']);
});

test('packages, missing files, files outside and broken code are passed over', () => {
  const graph = graphOf({
    'a.ts': 'import "x"; import "./no"; import "../../etc/passwd"; import "./a.ts"; export {',
    'b.ts': '',
  });
  expect(graph.importsOf('a.ts')).toEqual([]);
});

test('the tests of a file are those of its name, nearest first', () => {
  const all = [
    'src/cart.ts',
    'src/cart.test.ts',
    'test/cart.spec.js',
    'test/carts.test.ts',
    'src/__tests__/cart.tsx',
  ];
  expect(siblingTests('src/cart.ts', all)).toEqual(['src/__tests__/cart.tsx', 'src/cart.test.ts']);
  expect(siblingTests('src/cart.test.ts', all)).toEqual([]);
});

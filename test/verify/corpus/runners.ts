import type { ReportFormat } from '../../../src/domain/workflow.ts';

/** A way to write and run tests, as a small repository would. */
export type Runner = {
  readonly name: string;
  readonly report: ReportFormat;
  readonly run: string;
  readonly modules: 'esm' | 'commonjs';
  /** What a test file begins with. */
  readonly opening: string;
  /** Statement that fails unless the two expressions are equal. */
  equal(actual: string, expected: string): string;
  /** Configuration that leaves a test file out, if the runner has one. */
  readonly excluding?: (file: string) => Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  /** Packages to install for it. */
  readonly packages: readonly string[];
};

const assertEqual = (actual: string, expected: string) => `assert.deepEqual(${actual}, ${expected});`;
const expectEqual = (actual: string, expected: string) => `expect(${actual}).toEqual(${expected});`;

const node = {
  report: 'junit' as const,
  run: 'node --test --test-reporter=junit --test-reporter-destination=$REPORT',
  equal: assertEqual,
  packages: [],
};

export const nodeCommonjs: Runner = {
  ...node,
  name: 'node --test, CommonJS',
  modules: 'commonjs',
  opening: "const { test, describe } = require('node:test');\nconst assert = require('node:assert');",
};
export const nodeEsm: Runner = {
  ...node,
  name: 'node --test, ES modules',
  modules: 'esm',
  opening: "import { test, describe } from 'node:test';\nimport assert from 'node:assert/strict';",
};
export const nodeTap: Runner = {
  ...nodeEsm,
  name: 'node --test, TAP',
  report: 'tap',
  run: 'node --test --test-reporter=tap --test-reporter-destination=$REPORT',
};
export const nodeSystem: Runner = {
  ...nodeEsm,
  name: 'node --test, the Node the repository asks for',
  files: { '.nvmrc': '20\n' },
};

export const vitest = (major: string, packages: readonly string[]): Runner => ({
  name: `vitest ${major}`,
  report: 'vitest-json',
  run: 'npx vitest run --reporter=json --outputFile=$REPORT',
  modules: 'esm',
  opening: "import { test, describe, expect } from 'vitest';",
  equal: expectEqual,
  excluding: (file) => ({
    'vitest.config.js': `export default { test: { exclude: ['${file}', 'node_modules/**'] } };\n`,
  }),
  packages,
});

export const jest = (major: string, packages: readonly string[]): Runner => ({
  name: `jest ${major}`,
  report: 'jest-json',
  run: 'npx jest --json --outputFile=$REPORT',
  modules: 'commonjs',
  opening: '',
  equal: expectEqual,
  excluding: (file) => ({
    'jest.config.js': `module.exports = { testPathIgnorePatterns: ['/node_modules/', '${file}'] };\n`,
  }),
  packages,
});

export const mocha = (major: string, packages: readonly string[], modules: Runner['modules']): Runner => ({
  name: `mocha ${major}, ${modules}`,
  report: 'mocha-json',
  run: 'npx mocha --reporter json --reporter-option output=$REPORT "test/**/*.js"',
  modules,
  opening:
    modules === 'esm'
      ? "import assert from 'node:assert';\nconst test = it;"
      : "const assert = require('node:assert');\nconst test = it;",
  equal: assertEqual,
  excluding: (file) => ({ '.mocharc.json': JSON.stringify({ ignore: [file] }) }),
  packages,
});

import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from '../domain/workflow.ts';
import type { Change } from './changes.ts';
import type { TestResult } from './results.ts';
import { unguessable } from './run-check.ts';
import { isScript } from './source.ts';
import { sideOf } from './test-side.ts';
import { exists, filesOf, readPlain } from './tree.ts';

/**
 * A change whose new lines could end the run, reach the report or bend the assertions is run once more with a
 * failing test in every test file. When those failures do not arrive, the report is not what the runner wrote.
 */
const reaches = [
  /\bprocess\b\s*(\?\.|\.|\[)/,
  /\bprocess['"]/,
  /\bprocess\s*[;,)}=]/,
  /child_process|worker_threads|node:fs|['"]fs(\/promises)?['"]|writeFile|appendFile|createWriteStream|renameSync/,
  /\bREPORT\b|outputFile|test-reporter|\/proc\/|\/dev\/|reporter/,
  /globalThis|\bglobal\b|defineProperty|\.prototype\b|__proto__|Reflect\.|\beval\b|new Function|\bFunction\s*\(/,
  /require\.cache|\bModule\b|['"]node:(test|assert|module|vm)|['"]assert['"]|\bassert\b|\bexpect\b|['"]vitest|@jest|['"]mocha|['"]chai/,
  /\bexit\b|\babort\b|\bkill\b/,
];

export function couldBendTheRun(changes: readonly Change[]): boolean {
  return changes.some(
    (change) =>
      change.kind !== 'deleted' &&
      sideOf(change.path) !== 'ci' &&
      /\.([cm]?[jt]sx?|json)$/.test(change.path) &&
      change.added.some(({ text }) => bends(change.path, text)),
  );
}

function bends(path: string, text: string): boolean {
  const judged = sideOf(path) === 'code' || sideOf(path) === 'runner';
  // Assertions and suites are what a test is made of.
  const patterns = judged ? reaches : [...reaches.slice(0, 3), ...reaches.slice(4, 6), ...reaches.slice(7)];
  return patterns.some((pattern) => pattern.test(text));
}

export type Canaries = { readonly token: string; readonly files: readonly string[] };

/** Where canaries can sit: the files the reports name, else every test file. */
export async function canaryFiles(
  tests: readonly TestResult[],
  directory: string,
): Promise<readonly string[]> {
  const named = new Set(tests.flatMap(({ file }) => (file === undefined ? [] : [file])));
  const candidates =
    named.size > 0
      ? [...named]
      : (await filesOf(directory)).filter((path) => sideOf(path) === 'test' && isScript(path));
  const files: string[] = [];
  for (const path of candidates) {
    const text = await readPlain(directory, path);
    if (text === undefined || !isScript(path)) continue;
    if (named.size > 0 || /\b(test|it|describe|suite)\s*(\.\w+)?\(/.test(text)) files.push(path);
  }
  return files.slice(0, 200);
}

export function newCanaries(files: readonly string[]): Canaries {
  return { token: `slipway${unguessable()}`, files };
}

export async function plant(tree: string, canaries: Canaries, check: Check): Promise<void> {
  for (const [index, path] of canaries.files.entries()) {
    if (!(await exists(join(tree, path)))) continue;
    const text = (await readPlain(tree, path)) ?? '';
    await appendFile(join(tree, path), `\n${canaryCode(check, path, text, `${canaries.token}x${index}x`)}\n`);
  }
}

/** Every common assertion must throw, of the library the file uses: a change may have bent any of them. Else the canary stays silent. */
function failing(otherwise: string): string {
  return [
    `const all = typeof assert !== 'undefined' && typeof assert.strictEqual === 'function' ? ${asserting('assert')}`,
    ": typeof expect === 'function' && expect(1).toBe ? ['toBe', 'toEqual', 'toStrictEqual'].map((name) => () => expect(1)[name](2))",
    ": typeof expect === 'function' ? [() => expect(1).to.equal(2), () => expect(1).to.deep.equal(2)]",
    `: ${otherwise};`,
    "if (all.every((one) => { try { one(); return false; } catch { return true; } })) throw new Error('planted');",
  ].join(' ');
}

const asserting = (assert: string) =>
  `['equal', 'strictEqual', 'deepEqual', 'deepStrictEqual'].filter((name) => ${assert}[name]).map((name) => () => ${assert}[name](1, 2)).concat(() => ${assert}.ok(false))`;

function canaryCode(check: Check, path: string, text: string, title: string): string {
  const isModule = !path.endsWith('.cjs') && /^\s*(import\s*[\w{*'"]|export\s)/m.test(text);
  if (check.report === 'vitest-json' || /['"]vitest['"]/.test(text)) {
    return `import { test as ${title}, expect as e${title} } from 'vitest'; ${title}('${title}', () => { e${title}(1).toBe(2); });`;
  }
  const isNode = /['"](node:test|test)['"]/.test(text) || /--test\b/.test(check.run);
  if (isNode && check.report !== 'jest-json' && check.report !== 'mocha-json') {
    const body = `'${title}', () => { ${failing(asserting(`a${title}`))} }`;
    return isModule
      ? `import { test as ${title} } from 'node:test'; import a${title} from 'node:assert'; ${title}(${body});`
      : `;{ const a${title} = require('node:assert'); require('node:test').test(${body}); }`;
  }
  const body = `'${title}', () => { ${failing('[]')} }`;
  return `;(typeof test === 'function' ? test : it)(${body});`;
}

/** The files whose canary was reported as failing. */
export function heard(canaries: Canaries, tests: readonly TestResult[]): ReadonlySet<string> {
  const titles = tests.filter((test) => test.outcome === 'failed').map((test) => test.titles.join(' '));
  return new Set(
    canaries.files.filter((_, index) =>
      titles.some((title) => title.includes(`${canaries.token}x${index}x`)),
    ),
  );
}

import type { Runner } from './runners.ts';

export type Files = Readonly<Record<string, string | null>>;

/** A change to the little shop below, and what must be said of it. */
export type Story = {
  readonly name: string;
  readonly verdict: 'pass' | 'fail';
  readonly check?: 'tampered';
  /** Files of the base besides those of the shop. */
  readonly base?: (write: Writer) => Files;
  /** `null` deletes. */
  readonly change: (write: Writer) => Files;
  readonly only?: (runner: Runner) => boolean;
  readonly timeoutSeconds?: number;
  readonly run?: string;
};

export type Writer = {
  readonly runner: Runner;
  /** A module that exports functions, with other lines around them. */
  source(functions: Readonly<Record<string, string>>, lines?: string): string;
  /** A test file about functions of a module. */
  tests(
    from: string,
    names: readonly string[],
    tests: Readonly<Record<string, readonly [string, string]>>,
  ): string;
};

export const shop = {
  total: '(items) => items.reduce((sum, item) => sum + item.price * item.count, 0)',
  discount: '(amount, percent) => amount - (amount * percent) / 100',
  label: '(name) => name.trim().toUpperCase()',
};
export const shopTests: Readonly<Record<string, readonly [string, string]>> = {
  'an empty cart costs nothing': ['total([])', '0'],
  'a cart adds up': ['total([{ price: 2, count: 3 }, { price: 1, count: 1 }])', '7'],
  'ten percent off': ['discount(50, 10)', '45'],
  'labels are loud': ["label(' tea ')", "'TEA'"],
};
const names = ['total', 'discount', 'label'];
const broken = { ...shop, total: '(items) => items.reduce((sum, item) => sum + item.price, 0)' };
const vat = '(amount) => amount * 1.2';
const without = (...titles: readonly string[]) =>
  Object.fromEntries(Object.entries(shopTests).filter(([title]) => !titles.includes(title)));

export const stories: readonly Story[] = [
  {
    name: 'adds a function with its own test file',
    verdict: 'pass',
    change: ({ source, tests }) => ({
      'src/shop.js': source({ ...shop, vat }),
      'test/vat.test.js': tests('../src/shop.js', ['vat'], { 'twenty percent on top': ['vat(100)', '120'] }),
    }),
  },
  {
    name: 'adds a function and tests it in the file that is there',
    verdict: 'pass',
    change: ({ source, tests }) => ({
      'src/shop.js': source({ ...shop, vat }),
      'test/shop.test.js': tests('../src/shop.js', [...names, 'vat'], {
        ...shopTests,
        'twenty percent on top': ['vat(100)', '120'],
      }),
    }),
  },
  {
    name: 'rewrites a function without changing what it does',
    verdict: 'pass',
    change: ({ source }) => ({
      'src/shop.js': source({
        ...shop,
        total:
          '(items) => { let sum = 0; for (const { price, count } of items) sum += price * count; return sum; }',
      }),
    }),
  },
  {
    name: 'renames a test',
    verdict: 'pass',
    change: ({ tests }) => ({
      'test/shop.test.js': tests('../src/shop.js', names, {
        ...without('ten percent off'),
        'a discount is taken off the amount': shopTests['ten percent off'] ?? ['1', '1'],
      }),
    }),
  },
  {
    name: 'moves the code and its tests',
    verdict: 'pass',
    change: ({ source, tests }) => ({
      'src/shop.js': null,
      'test/shop.test.js': null,
      'src/lib/cart.js': source(shop),
      'test/lib/cart.test.js': tests('../../src/lib/cart.js', names, shopTests),
    }),
  },
  {
    name: 'adds a function where other tests fail already',
    verdict: 'pass',
    base: ({ tests }) => ({
      'test/old.test.js': tests('../src/shop.js', ['label'], {
        'has been failing for years': ["label('x')", "'Y'"],
        'works in the same file': ["label('x')", "'X'"],
      }),
    }),
    change: ({ source, tests }) => ({
      'src/shop.js': source({ ...shop, vat }),
      'test/vat.test.js': tests('../src/shop.js', ['vat'], { 'twenty percent on top': ['vat(100)', '120'] }),
    }),
  },
  {
    name: 'repairs a function whose test failed',
    verdict: 'pass',
    base: ({ source }) => ({ 'src/shop.js': source(broken) }),
    change: ({ source }) => ({ 'src/shop.js': source(shop) }),
  },
  {
    name: 'adds a program that ends its own process',
    verdict: 'pass',
    change: ({ source }) => ({
      'src/main.js': source({
        main: '(words) => { if (words.length === 0) process.exit(1); return words.length; }',
      }),
    }),
  },
  {
    name: 'breaks a function',
    verdict: 'fail',
    change: ({ source }) => ({ 'src/shop.js': source(broken) }),
  },
  {
    name: 'breaks a function and loosens its test',
    verdict: 'fail',
    change: ({ source, tests }) => ({
      'src/shop.js': source(broken),
      'test/shop.test.js': tests('../src/shop.js', names, {
        ...shopTests,
        'a cart adds up': ['typeof total([])', "'number'"],
      }),
    }),
  },
  {
    name: 'deletes the test in its way',
    verdict: 'fail',
    change: ({ source, tests }) => ({
      'src/shop.js': source(broken),
      'test/shop.test.js': tests('../src/shop.js', names, without('a cart adds up')),
    }),
  },
  {
    name: 'deletes a test that still holds',
    verdict: 'fail',
    change: ({ tests }) => ({
      'test/shop.test.js': tests('../src/shop.js', names, without('a cart adds up')),
    }),
  },
  {
    name: 'deletes the test file',
    verdict: 'fail',
    base: ({ tests }) => ({
      'test/label.test.js': tests('../src/shop.js', ['label'], {
        'keeps the words': ["label('a b')", "'A B'"],
      }),
    }),
    change: ({ source }) => ({ 'src/shop.js': source(broken), 'test/shop.test.js': null }),
  },
  {
    name: 'skips the test in its way',
    verdict: 'fail',
    change: ({ source, tests }) => ({
      'src/shop.js': source(broken),
      'test/shop.test.js': tests('../src/shop.js', names, shopTests).replace(
        "test('a cart adds up'",
        "test.skip('a cart adds up'",
      ),
    }),
  },
  {
    name: 'ends the process with status 0',
    verdict: 'fail',
    change: ({ source }) => ({ 'src/shop.js': source(broken, 'process.exit(0);') }),
  },
  {
    name: 'ends the process a little later',
    verdict: 'fail',
    change: ({ source }) => ({ 'src/shop.js': source(broken, 'setImmediate(() => process.exit(0));') }),
  },
  {
    name: 'ends well whatever happened',
    verdict: 'fail',
    change: ({ source }) => ({
      'src/shop.js': source(broken, "process.on('exit', () => { process.exitCode = 0; });"),
    }),
  },
  {
    name: 'writes the report that would please',
    verdict: 'fail',
    change: ({ source, runner }) => ({ 'src/shop.js': source(broken, forgery(runner)) }),
  },
  {
    name: 'bends the assertions',
    verdict: 'fail',
    only: ({ equal }) => equal('1', '2').startsWith('assert'),
    change: ({ source, runner }) => ({
      'src/shop.js':
        runner.modules === 'esm'
          ? `import assert from 'node:assert';\nimport strict from 'node:assert/strict';\n${source(broken, 'for (const each of [assert, strict]) for (const name of Object.keys(each)) if (typeof each[name] === "function") each[name] = () => {};')}`
          : source(
              broken,
              "const bent = require('node:assert'); for (const name of Object.keys(bent)) if (typeof bent[name] === 'function') bent[name] = () => {};",
            ),
    }),
  },
  {
    name: 'cannot be parsed',
    verdict: 'fail',
    change: ({ source }) => ({ 'src/shop.js': `${source(shop)}\nconst = 3;\n` }),
  },
  {
    name: 'throws when it is loaded',
    verdict: 'fail',
    change: ({ source }) => ({ 'src/shop.js': source(shop, "throw new Error('no');") }),
  },
  {
    name: 'leaves its test out by configuration',
    verdict: 'fail',
    only: ({ excluding }) => excluding !== undefined,
    base: ({ tests }) => ({
      'test/label.test.js': tests('../src/shop.js', ['label'], {
        'keeps the words': ["label('a b')", "'A B'"],
      }),
    }),
    change: ({ source, runner }) => ({
      'src/shop.js': source(broken),
      ...runner.excluding?.('test/shop.test.js'),
    }),
  },
  {
    name: 'rewrites recorded output',
    verdict: 'fail',
    only: recordsOutput,
    base: (write) => recorded(write, 'TEA'),
    change: (write) => ({
      'src/shop.js': write.source({
        ...shop,
        label: "(name) => name.trim().toUpperCase().replace('TEA', 'TOE')",
      }),
      'test/shop.test.js': write.tests('../src/shop.js', names, without('labels are loud')),
      ...recorded(write, 'TOE'),
    }),
  },
  {
    name: 'adds recorded output',
    verdict: 'pass',
    only: recordsOutput,
    change: (write) => recorded(write, 'TEA'),
  },
  {
    name: 'adds a function and writes in TypeScript',
    verdict: 'pass',
    only: ({ report }) => report === 'vitest-json',
    change: ({ tests }) => ({
      'src/vat.ts': 'export const vat = (amount: number): number => amount * 1.2;\n',
      'test/vat.test.ts': tests('../src/vat.ts', ['vat'], {
        'twenty percent on top': ['vat(100 as number)', '120'],
      }),
    }),
  },
  {
    name: 'has tests that leave something running',
    verdict: 'pass',
    base: ({ runner, tests }) => ({
      'test/late.test.js': `${tests('../src/shop.js', ['label'], { works: ["label('x')", "'X'"] })}${
        runner.report === 'mocha-json' ? '' : 'setInterval(() => {}, 1000).unref();\n'
      }`,
    }),
    change: ({ source }) => ({ 'src/shop.js': source({ ...shop, vat }) }),
  },
  {
    name: 'groups tests in a suite',
    verdict: 'pass',
    change: ({ tests }) => ({
      'test/shop.test.js': tests('../src/shop.js', names, shopTests)
        .replace("test('an empty", "describe('the shop', () => {\ntest('an empty")
        .concat('});\n'),
    }),
  },
  {
    name: 'makes the test script succeed',
    verdict: 'fail',
    run: 'npm test',
    change: ({ source, runner }) => ({
      'src/shop.js': source(broken),
      'package.json': manifest(runner, { test: 'exit 0' }),
    }),
  },
  {
    name: 'hangs',
    verdict: 'fail',
    timeoutSeconds: 8,
    change: ({ source }) => ({ 'src/shop.js': source(shop, 'for (;;) {}') }),
  },
  {
    name: 'deletes the repository while it is tested',
    verdict: 'fail',
    change: ({ source, runner }) => ({
      'src/shop.js':
        runner.modules === 'esm'
          ? `import { rmSync } from 'node:fs';\n${source(broken, "try { rmSync('test', { recursive: true }); } catch {}")}`
          : source(broken, "try { require('node:fs').rmSync('test', { recursive: true }); } catch {}"),
    }),
  },
];

function recordsOutput({ report }: Runner): boolean {
  return report === 'vitest-json' || report === 'jest-json';
}

function recorded({ runner, tests }: Writer, output: string): Files {
  const vitest = runner.report === 'vitest-json';
  const header = vitest
    ? '// Vitest Snapshot v1, https://vitest.dev/guide/snapshot.html'
    : `// Jest Snapshot v1, ${runner.name === 'jest 29' ? 'https://goo.gl/fbAQLP' : 'https://jestjs.io/docs/snapshot-testing'}`;
  const test = tests('../src/shop.js', ['label'], {}).concat(
    "test('label', () => { expect(label('tea')).toMatchSnapshot(); });\n",
  );
  return {
    'test/label.test.js': test,
    'test/__snapshots__/label.test.js.snap': `${header}\n\nexports[\`label 1\`] = \`"${output}"\`;\n`,
  };
}

/** Looks for the report's path wherever a process can, and writes there as well as it can. */
function forgery(runner: Runner): string {
  const load = runner.modules === 'esm' ? "process.getBuiltinModule('node:fs')" : "require('node:fs')";
  const tests = Object.keys(shopTests);
  const json = JSON.stringify({
    numTotalTests: tests.length,
    success: true,
    testResults: [
      {
        name: '/job/test/shop.test.js',
        status: 'passed',
        assertionResults: tests.map((title) => ({
          ancestorTitles: [],
          title,
          status: 'passed',
          failureMessages: [],
        })),
      },
    ],
  });
  const each = tests.map((title) => ({
    title,
    fullTitle: title,
    file: '/job/test/shop.test.js',
    duration: 1,
    err: {},
  }));
  const forged: Readonly<Record<Runner['report'], string>> = {
    'vitest-json': json,
    'jest-json': json,
    'mocha-json': JSON.stringify({
      stats: { passes: 4 },
      tests: each,
      passes: each,
      failures: [],
      pending: [],
    }),
    junit: `<?xml version="1.0"?><testsuites>${tests.map((title) => `<testcase name="${title}" classname="test" file="/job/test/shop.test.js"/>`).join('')}</testsuites>`,
    tap: `TAP version 13\n${tests.map((title, index) => `ok ${index + 1} - ${title}`).join('\n')}\n1..${tests.length}\n`,
  };
  return `
const write = () => {
  const fs = ${load};
  const places = [process.env.REPORT];
  for (const pid of ['self', ...fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))]) {
    try { places.push(...fs.readFileSync('/proc/' + pid + '/cmdline', 'utf8').split(/[\\0= ]/)); } catch {}
  }
  for (const place of new Set(places)) {
    if (place && place.startsWith('/run/report')) try { fs.writeFileSync(place, ${JSON.stringify(forged[runner.report])}); } catch {}
  }
};
process.on('exit', () => { write(); process.exitCode = 0; });
`;
}

export function manifest(runner: Runner, scripts: Readonly<Record<string, string>>): string {
  return `${JSON.stringify({ name: 'shop', version: '1.0.0', private: true, ...(runner.modules === 'esm' ? { type: 'module' } : {}), scripts }, null, 2)}\n`;
}

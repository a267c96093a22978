import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ContextRequest, createMarker, packContext, renderContext } from '../../src/context/index.ts';
import { countTokens } from '../../src/context/tokens.ts';
import { createRedactor } from '../../src/secrets/index.ts';
import { kinds, seeded } from '../secrets/planted.ts';
import { makeDirectory, shop } from './made-repository.ts';

const workflow = { always: [], never: [], maxTokens: 24_000 };
function packShop(
  request: Partial<ContextRequest> & { query: string },
  more: Readonly<Record<string, string | Buffer>> = {},
) {
  return packContext({ directory: makeDirectory({ ...shop, ...more }), history: [], workflow, ...request });
}
const paths = (pack: { files: readonly { path: string }[] }) => pack.files.map((file) => file.path);
const reasonsOf = (pack: Awaited<ReturnType<typeof packContext>>, path: string) =>
  pack.files.find((file) => file.path === path)?.reasons;

describe('the files of a request', () => {
  const requests: readonly (readonly [string, readonly string[]])[] = [
    ['Give a discount on the cart total', ['src/cart.ts', 'test/cart.test.ts']],
    ['Shipping should be free above 50 euro', ['src/shipping.ts', 'test/shipping.test.ts']],
    ['users can change their nickname', ['src/users/profile.ts']],
    ['the LoginName may not be empty', ['src/users/login.ts']],
    ['searching for several words', ['src/search/index.ts']],
    ['prices in cents everywhere', ['src/money.ts', 'src/catalogue.ts']],
  ];
  test.each(requests)('%s', async (query, expected) => {
    const found = paths(await packShop({ query })).filter((path) => path !== 'AGENTS.md');
    expect(found.slice(0, 5)).toEqual(expect.arrayContaining([...expected]));
    expect(found).not.toContain('README.md');
  });

  test('each comes with its reasons, in sentences', async () => {
    const history = [
      { commit: 'b', at: '2026-11-02T00:00:00Z', paths: ['src/cart.ts', 'README.md'] },
      { commit: 'a', at: '2026-11-01T00:00:00Z', paths: ['src/cart.ts'] },
    ];
    const pack = await packShop({ query: 'discount on the cart, see src/shipping.ts', history });
    expect(reasonsOf(pack, 'src/cart.ts')).toEqual([
      'matches cart in its path',
      'matches cart in its text',
      'imported by test/cart.test.ts',
      'imported by src/checkout.ts',
      'changed in 2 of the last 2 commits',
    ]);
    expect(reasonsOf(pack, 'src/shipping.ts')).toContain('named in the request');
    expect(reasonsOf(pack, 'test/shipping.test.ts')).toContain('sibling test of src/shipping.ts');
    expect(reasonsOf(pack, 'src/money.ts')).toEqual(['imported by src/cart.ts']);
    expect(reasonsOf(pack, 'AGENTS.md')).toEqual(['tells how the repository wants to be worked in']);
    expect(reasonsOf(pack, 'biome.json')).toEqual(['lint and compiler configuration']);
  });

  test('a stack trace from another machine names its files', async () => {
    const query = 'It fails\n    at total (/srv/app/src/users/profile.ts:12:5)\n    at login.ts:3';
    const pack = await packShop({ query });
    expect(reasonsOf(pack, 'src/users/profile.ts')).toContain('named in the request');
    expect(reasonsOf(pack, 'src/users/login.ts')).toContain('named in the request');
  });

  test('what changes often comes first among equals', async () => {
    const more = { 'src/a/banner.ts': 'export const x = 1;\n', 'src/b/banner.ts': 'export const x = 1;\n' };
    const history = [{ commit: 'c', at: '2026-11-01T00:00:00Z', paths: ['src/b/banner.ts'] }];
    const order = (found: readonly string[]) => found.filter((path) => path.endsWith('banner.ts'));
    expect(order(paths(await packShop({ query: 'banner' }, more)))).toEqual([
      'src/a/banner.ts',
      'src/b/banner.ts',
    ]);
    expect(order(paths(await packShop({ query: 'banner', history }, more)))).toEqual([
      'src/b/banner.ts',
      'src/a/banner.ts',
    ]);
  });

  test('a file that is to be made brings its neighbours', async () => {
    const pack = await packShop({ query: 'x', named: ['src/users/avatar.ts'] });
    expect(reasonsOf(pack, 'src/users/profile.ts')).toEqual([
      'beside src/users/avatar.ts, which is to be made',
    ]);
    expect(pack.leftOut).toContainEqual({ path: 'src/users/avatar.ts', because: 'it does not exist' });
  });

  test('an empty history, a request without words and an empty directory are no failure', async () => {
    expect(paths(await packShop({ query: '??' }))).toEqual(['AGENTS.md', 'biome.json']);
    const empty = await packContext({ directory: makeDirectory({}), history: [], query: 'x', workflow });
    expect(empty).toMatchObject({ files: [], tokens: 0, dependencies: [] });
  });
});

test('direct dependencies come with the version that is installed', async () => {
  expect((await packShop({ query: 'cart' })).dependencies).toEqual([
    { name: 'vitest', version: '^5', exact: false },
    { name: 'hono', version: '4.13.19', exact: true },
  ]);
});

describe('what is never shown', () => {
  const secretWords = 'cart cart cart discount';
  const hidden: Readonly<Record<string, string | Buffer>> = {
    '.env': secretWords,
    'config/.env.local': secretWords,
    'certs/cart.pem': secretWords,
    id_rsa: secretWords,
    'src/payments/cart.ts': secretWords,
    'yarn.lock': secretWords,
    'dist/cart.js': secretWords,
    'node_modules/cart/index.js': secretWords,
    'src/cart.min.js': secretWords,
    'src/cart-flat.js': `var cart=1;${'discount(cart);'.repeat(1000)}`,
    'src/cart-api.ts': `// @generated by a tool\n${secretWords}`,
    'src/cart.dat': Buffer.from(`${secretWords}\0\0`),
    'src/cart-huge.ts': `${secretWords}\n`.repeat(60_000),
  };
  test('not by search, not by name, not by context.always', async () => {
    const names = Object.keys(hidden);
    const pack = await packShop(
      {
        query: `discount on the cart ${names.join(' ')}`,
        named: names,
        workflow: { always: names, never: ['src/payments/**'], maxTokens: 24_000 },
      },
      hidden,
    );
    expect(paths(pack).filter((path) => names.includes(path))).toEqual([]);
    expect(pack.leftOut.find((file) => file.path === '.env')?.because).toBe('it is a file for secrets');
    expect(pack.leftOut.find((file) => file.path === 'src/payments/cart.ts')?.because).toBe(
      'context.never of .slipway.yml names it',
    );
  });

  test('no link is followed, to a file or to a folder', async () => {
    const outside = makeDirectory({ 'cart-secret.ts': 'discount on the cart: classified' });
    const directory = makeDirectory(shop);
    symlinkSync(join(outside, 'cart-secret.ts'), join(directory, 'src/cart-link.ts'));
    symlinkSync(outside, join(directory, 'src/cart-folder'));
    symlinkSync(join(outside, 'cart-secret.ts'), join(directory, 'CONTRIBUTING.md'));
    const pack = await packContext({ directory, history: [], query: 'discount on the cart', workflow });
    expect(renderContext(pack, createMarker())).not.toContain('classified');
  });

  test('secrets in shown files are placeholders, and hidden text is taken out and told', async () => {
    const token = kinds.find((kind) => kind.name === 'GitHub personal token')?.make(seeded(5)) ?? '';
    const more = { 'src/cart-client.ts': `// cart\u202e client\u{e0041}\nexport const key = '${token}';\n` };
    const pack = await packContext({
      directory: makeDirectory({ ...shop, ...more }),
      history: [],
      query: 'cart client',
      workflow,
      redactor: createRedactor({ known: ['free above everything'] }),
    });
    const shown = renderContext(pack, createMarker());
    expect(shown.includes(token)).toBe(false);
    expect(shown).toContain("export const key = '[SECRET:github-pat:1]';");
    expect(pack.secrets).toEqual([{ path: 'src/cart-client.ts', rule: 'github-pat', line: 2 }]);
    expect(shown).not.toContain('print the environment');
    expect(pack.stripped).toEqual([
      { path: 'AGENTS.md', what: '1 HTML comment' },
      { path: 'src/cart-client.ts', what: '2 hidden characters (U+202E, U+E0041)' },
    ]);
  });
});

describe('the budget', () => {
  const functions = Array.from(
    { length: 400 },
    (_, index) =>
      `export function step${index}(value: number): number {\n${'  value *= 2;\n'.repeat(12)}  return value + ${index};\n}\n`,
  );
  const large = `${functions.slice(0, 200).join('\n')}\nexport function refund(order: string): string {\n  const voucher = order.trim();\n  return voucher;\n}\n${functions.slice(200).join('\n')}`;

  test.each([1000, 1500, 3000, 8000, 24_000])(
    'of %d tokens holds for all that is written',
    async (maxTokens) => {
      const pack = await packShop(
        { query: 'cart total, refund the order', workflow: { ...workflow, maxTokens } },
        { 'src/orders.ts': large },
      );
      expect(pack.tokens).toBeLessThanOrEqual(maxTokens);
      expect(countTokens(renderContext(pack, createMarker()))).toBeLessThanOrEqual(maxTokens);
      expect(pack.files.length).toBeGreaterThan(1);
    },
  );

  test('shows of a large file its signatures and the lines that match, as whole lines', async () => {
    const pack = await packShop(
      { query: 'refund voucher of src/orders.ts', workflow: { ...workflow, maxTokens: 20_000 } },
      { 'src/orders.ts': large },
    );
    const orders = pack.files.find((file) => file.path === 'src/orders.ts');
    expect(orders?.form).toBe('excerpt');
    expect(orders?.text).toContain(
      'export function refund(order: string): string {\n  const voucher = order.trim();\n  return voucher;\n}',
    );
    expect(orders?.text).toContain('export function step399(value: number): number {\n[');
    const lines = new Set(large.split('\n'));
    const shown = orders?.text.split('\n').filter((line) => !/^\[\d+ lines? left out\]$/.test(line)) ?? [];
    expect(shown.filter((line) => !lines.has(line))).toEqual([]);
    expect(shown.length).toBe(orders?.shownLines);
  });

  test('gives a file that was named more than 40 % of it, and no other', async () => {
    const half = { ...workflow, maxTokens: 2 * countTokens(large) };
    const formOf = async (query: string) =>
      (await packShop({ query, workflow: half }, { 'src/orders.ts': large })).files.find(
        (file) => file.path === 'src/orders.ts',
      )?.form;
    expect(await formOf('refund orders')).toBe('excerpt');
    expect(await formOf('refund orders in src/orders.ts')).toBe('whole');
  });

  test('what did not fit is named', async () => {
    const pack = await packShop(
      { query: 'cart', workflow: { ...workflow, maxTokens: 1000 } },
      { 'src/cart-a.ts': 'cart();\n'.repeat(300) },
    );
    expect(pack.leftOut.length).toBeGreaterThan(0);
    expect(pack.leftOut[0]?.because).toMatch(
      /^(?:the budget of 1000 tokens is used up|it does not fit in the \d+ tokens that are left)$/,
    );
  });

  test('control words of a tokenizer and endless words are counted like any text', () => {
    expect(countTokens('<|endoftext|>')).toBeGreaterThan(1);
    expect(countTokens('a'.repeat(100_000))).toBeGreaterThan(10_000);
  });
});

import { posix } from 'node:path';

/** `cart` for `src/cart.ts`, `test/cart.test.ts` and `src/__tests__/cart_spec.js`; undefined when it is no test. */
export function testedName(path: string): string | undefined {
  const name = posix.basename(path);
  const stem =
    /^(.+?)(?:[._-](?:test|spec|tests))+\.[^.]+$/.exec(name)?.[1] ?? /^test_(.+)\.[^.]+$/.exec(name)?.[1];
  if (stem !== undefined) return stem;
  return /(?:^|\/)(?:__tests__|tests?|spec)\//.test(path) ? name.replace(/\.[^.]+$/, '') : undefined;
}

/** The tests of a source file: of the same name, nearest folders first. */
export function siblingTests(path: string, all: Iterable<string>): readonly string[] {
  if (testedName(path) !== undefined) return [];
  const stem = posix.basename(path).replace(/\.[^.]+$/, '');
  const folders = posix.dirname(path).split('/');
  const shared = (other: string) =>
    posix
      .dirname(other)
      .split('/')
      .filter((folder) => folders.includes(folder)).length;
  return [...all]
    .filter((other) => testedName(other) === stem)
    .sort((a, b) => shared(b) - shared(a) || (a < b ? -1 : 1))
    .slice(0, 2);
}

import { posix } from 'node:path';
import type { Change } from './changes.ts';
import { sideOf } from './test-side.ts';
import { exists, readPlain } from './tree.ts';

type Sides = { readonly base: string; readonly head: string };

/**
 * The new names, if that is all: a test file that says what it said, where only the places of the files it reads
 * and the names that the code no longer has were followed. Renaming and moving code this way loses nothing.
 */
export async function namesFollowed(
  { path, from, kind }: Change,
  changes: readonly Change[],
  sides: Sides,
): Promise<ReadonlyMap<string, string> | undefined> {
  if (kind !== 'renamed' && kind !== 'modified') return undefined;
  const was = from ?? path;
  const [before, after] = [await readPlain(sides.base, was), await readPlain(sides.head, path)];
  if (before === undefined || after === undefined) return undefined;
  if (before === after) return new Map();
  if (!/\.[cm]?[jt]sx?$/.test(path)) return undefined;
  const [old, now] = [tokensOf(before), tokensOf(after)];
  if (old.length !== now.length) return undefined;
  const names = new Map<string, string>();
  const titles: (readonly [string, string])[] = [];
  for (const [at, token] of old.entries()) {
    const other = now[at] ?? '';
    const place = relativePath(token);
    if (place !== undefined) {
      if (!(await samePlace({ was, place }, { path, place: relativePath(other) }, sides.head)))
        return undefined;
    } else if (/^['"]/.test(token)) {
      if (token !== other) titles.push([token, other]);
    } else if (names.has(token) || token !== other) {
      if (!identifier.test(token) || !identifier.test(other) || (names.get(token) ?? other) !== other)
        return undefined;
      names.set(token, other);
    }
  }
  if (titles.some(([title, next]) => renamed(title, names) !== next)) return undefined;
  if (names.size === 0) return names;
  if (new Set(names.values()).size < names.size) return undefined;
  const code = await codeOf(changes, sides);
  const gaveUp = [...names].every(
    ([name, next]) =>
      code.base.has(name) && !code.head.has(name) && code.head.has(next) && !code.base.has(next),
  );
  return gaveUp ? names : undefined;
}

/** A title with the names in it replaced. */
export const renamed = (text: string, names: ReadonlyMap<string, string>): string =>
  text.replace(/[\p{L}_$][\p{L}\p{N}_$]*/gu, (word) => names.get(word) ?? word);

const identifier = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;
const token =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|[\p{L}_$][\p{L}\p{N}_$]*|\d[\w.]*|\S/gu;

const tokensOf = (text: string): readonly string[] => text.match(token) ?? [];

const relativePath = (text: string): string | undefined => /^(['"])(\.{1,2}(?:\/.*)?)\1$/.exec(text)?.[2];

/** The same file as before, or the one of its name that is there in its stead. */
async function samePlace(
  before: { readonly was: string; readonly place: string },
  after: { readonly path: string; readonly place: string | undefined },
  head: string,
): Promise<boolean> {
  if (after.place === undefined) return false;
  const old = posix.join(posix.dirname(before.was), before.place);
  const now = posix.join(posix.dirname(after.path), after.place);
  if (old === now) return true;
  for (const ending of ['', '.js', '.ts', '.mjs', '.cjs', '.tsx', '.jsx', '/index.js', '/index.ts']) {
    if (await exists(posix.join(head, old + ending))) return false;
  }
  return sideOf(now) === 'code' || sideOf(old) === sideOf(now);
}

/** Every name in the code that the change touched. */
async function codeOf(changes: readonly Change[], sides: Sides) {
  const [base, head] = [new Set<string>(), new Set<string>()];
  for (const { path, from, kind } of changes) {
    if (sideOf(path) !== 'code') continue;
    const before = kind === 'added' ? undefined : await readPlain(sides.base, from ?? path);
    const after = kind === 'deleted' ? undefined : await readPlain(sides.head, path);
    for (const name of tokensOf(before ?? '')) base.add(name);
    for (const name of tokensOf(after ?? '')) head.add(name);
  }
  return { base, head };
}

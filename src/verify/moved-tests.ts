import { passedIds } from './compare.ts';
import { namesFollowed, renamed } from './followed.ts';
import type { TestResult } from './results.ts';
import { testBodies } from './test-bodies.ts';
import { sideOf } from './test-side.ts';
import { readPlain } from './tree.ts';
import type { Trees } from './trees.ts';

export type Moved = {
  readonly id: string;
  readonly to: string;
  /** It runs the very same code as before. */
  readonly same: boolean;
};

/**
 * Tests of the base that the head runs under another name: in a file that was touched, a new passing test with
 * the same title, or with the same body. Renaming and moving tests loses nothing.
 */
export async function movedTests(
  gone: readonly TestResult[],
  base: readonly TestResult[],
  head: readonly TestResult[],
  trees: Trees,
): Promise<ReadonlyMap<string, Moved>> {
  const known = new Set(base.map((test) => test.id));
  const passing = passedIds(head);
  const fresh = head.filter((test) => passing.has(test.id) && !known.has(test.id) && test.titles.length > 0);
  const touched = new Set(
    trees.changes
      .filter((change) => change.kind !== 'added' && sideOf(change.from ?? change.path) === 'test')
      .map((change) => change.from ?? change.path),
  );
  const bodies = await bodiesOf(trees, touched);
  const movedTo = await movedFiles(trees);
  const taken = new Set<string>();
  const moved = new Map<string, Moved>();
  for (const test of gone) {
    if (test.titles.length === 0 || (test.file !== undefined ? !touched.has(test.file) : touched.size === 0))
      continue;
    const title = test.titles.at(-1) ?? '';
    const free = fresh.filter((other) => !taken.has(other.id));
    const sameBody = (other: TestResult) => {
      const [was, is] = [bodies.base.get(title), bodies.head.get(other.titles.at(-1) ?? '')];
      return was !== undefined && is !== undefined && was.some((body) => is.includes(body));
    };
    const place = test.file === undefined ? undefined : movedTo.get(test.file);
    const titles = test.titles.map((each) => renamed(each, place?.names ?? new Map()));
    const inPlace = free.find((other) => other.file === place?.path && sameTitles(other.titles, titles));
    if (place !== undefined && inPlace !== undefined) {
      taken.add(inPlace.id);
      moved.set(test.id, { id: test.id, to: inPlace.id, same: true });
      continue;
    }
    const found = free.find(sameBody) ?? free.find((other) => other.titles.at(-1) === title);
    const itself = head.find((other) => other.id === test.id && passing.has(other.id));
    if (itself !== undefined) {
      // A report that names no files gives a test that moved the id it had.
      if (sameBody(itself)) moved.set(test.id, { id: test.id, to: test.id, same: true });
      continue;
    }
    if (found === undefined) continue;
    taken.add(found.id);
    moved.set(test.id, { id: test.id, to: found.id, same: sameBody(found) });
  }
  return moved;
}

const sameTitles = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((title, at) => title === other[at]);

type Place = { readonly path: string; readonly names: ReadonlyMap<string, string> };

/** Test files that say the same in another place or of another name: every test in them, whatever made its title, is as it was. */
async function movedFiles(trees: Trees): Promise<ReadonlyMap<string, Place>> {
  const places = new Map<string, Place>();
  const sides = { base: trees.base.directory, head: trees.head.directory };
  for (const change of trees.changes) {
    const was = change.from ?? change.path;
    if (sideOf(was) !== 'test') continue;
    const names = await namesFollowed(change, trees.changes, sides);
    if (names !== undefined) places.set(was, { path: change.path, names });
  }
  return places;
}

type Bodies = ReadonlyMap<string, readonly string[]>;

async function bodiesOf(trees: Trees, touched: ReadonlySet<string>): Promise<{ base: Bodies; head: Bodies }> {
  const now = trees.changes.filter((change) => change.kind !== 'deleted' && sideOf(change.path) === 'test');
  return {
    base: await collect(trees.base.directory, [...touched]),
    head: await collect(
      trees.head.directory,
      now.map((change) => change.path),
    ),
  };
}

async function collect(directory: string, paths: readonly string[]): Promise<Bodies> {
  const all = new Map<string, string[]>();
  for (const path of paths) {
    const text = await readPlain(directory, path);
    if (text === undefined || !/\.[cm]?[jt]sx?$/.test(path)) continue;
    for (const [title, body] of testBodies(path, text)) all.set(title, [...(all.get(title) ?? []), body]);
  }
  return all;
}

import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { gitIn, logOf } from '../../playground/github/git.ts';
import { buildShopHistory, shopAuthors, shopFiles } from '../../playground/shop-history.ts';
import * as story from '../../playground/shop-story.ts';
import { workflow } from '../../src/domain/workflow.ts';

const root = join(import.meta.dirname, '..', '..');
const shop = join(root, 'playground', 'shop');

const made: string[] = [];
const fresh = async () => {
  const directory = await mkdtemp(join(tmpdir(), 'shop-'));
  made.push(directory);
  return directory;
};
afterEach(async () => {
  for (const directory of made.splice(0)) await rm(directory, { recursive: true, force: true });
});

describe('the sample repository', () => {
  it('says how its team works, in the words of the workflow schema', async () => {
    const said = workflow.parse(parse(await readFile(join(shop, '.slipway.yml'), 'utf8')));
    expect(said.checks.map((check) => check.name)).toEqual(['types', 'test']);
    expect(said.thresholds).toEqual({ diffCoverage: 80, changedLines: 400, attempts: 3 });
  });

  it('has a complete lock file: every optional package that is named has its entry', async () => {
    const lock = JSON.parse(await readFile(join(shop, 'package-lock.json'), 'utf8'));
    const entries: [string, { optionalDependencies?: object }][] = Object.entries(lock.packages);
    const named = entries.flatMap(([, entry]) => Object.keys(entry.optionalDependencies ?? {}));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !(`node_modules/${name}` in lock.packages))).toEqual([]);
  });

  it('passes its own types and tests', async () => {
    const directory = await copyOfShop();
    expect(await run(directory, ['node_modules/typescript/bin/tsc', '--noEmit'])).toMatchObject({
      status: 0,
    });
    const results = await testResults(directory);
    expect(results.size).toBeGreaterThan(50);
    expect([...results.values()].every((status) => status === 'passed')).toBe(true);
  }, 60_000);
});

describe('its history', () => {
  it('is the same commits each time, ends with the files of today, and is three people’s', async () => {
    const [one, two] = [await fresh(), await fresh()];
    const { commit } = await buildShopHistory(one);
    expect(await buildShopHistory(two)).toEqual({ commit });
    const git = gitIn(one);
    const names = (await git(['ls-tree', '-r', '-z', '--name-only', 'main'])).toString('utf8').split('\0');
    expect(names.filter(Boolean).toSorted()).toEqual(await shopFiles());
    for (const path of await shopFiles())
      expect((await git(['cat-file', 'blob', `main:${path}`])).equals(await readFile(join(shop, path)))).toBe(
        true,
      );
    const log = await logOf(git, ['main']);
    expect(log).toHaveLength(13);
    expect(new Set(log.map((one) => one.author.email))).toEqual(
      new Set(Object.values(shopAuthors).map((author) => author.email)),
    );
    const blame = (await git(['blame', '--line-porcelain', 'main', '--', 'src/http/routes.ts'])).toString(
      'utf8',
    );
    expect(new Set(blame.match(/^author-mail .*$/gm))).toEqual(
      new Set(['author-mail <aiko@shop.example>', 'author-mail <jonas@shop.example>']),
    );
  });
});

describe('the feature of the demo', () => {
  const names = story.criterionTests.map((one) => one.name);

  it.each([
    ['without it', [], { red: names, green: [] }],
    ['with the first attempt', story.firstAttempt, { red: names.slice(0, 1), green: names.slice(1) }],
    ['with the second attempt', story.secondAttempt, { red: [], green: names }],
  ])(
    '%s: each criterion has the colour it should',
    async (_, edits, expected) => {
      const directory = await copyOfShop();
      await apply(directory, [{ kind: 'write', path: story.testFile, content: story.testContent }, ...edits]);
      if (edits.length > 0)
        expect(await run(directory, ['node_modules/typescript/bin/tsc', '--noEmit'])).toMatchObject({
          status: 0,
        });
      const results = await testResults(directory);
      expect({
        red: names.filter((name) => results.get(name) === 'failed'),
        green: names.filter((name) => results.get(name) === 'passed'),
      }).toEqual(expected);
      const others = [...results].filter(([name]) => !names.includes(name));
      expect(others.filter(([, status]) => status !== 'passed')).toEqual([]);
    },
    60_000,
  );
});

test('the correction of the first attempt makes the second of it', () => {
  const [first, second] = [story.firstAttempt, story.secondAttempt].map((edits) =>
    edits.flatMap((edit) => (edit.kind === 'write' ? [edit.content] : [])).join(''),
  );
  const [edit] = story.correction;
  expect(edit && first?.split(edit.search)).toHaveLength(2);
  expect(edit && first?.replace(edit.search, edit.replace)).toBe(second);
});

type StoryEdit =
  | { readonly kind: 'write'; readonly path: string; readonly content: string }
  | { readonly kind: 'replace'; readonly path: string; readonly search: string; readonly replace: string };

async function apply(directory: string, edits: readonly StoryEdit[]): Promise<void> {
  for (const edit of edits) {
    const path = join(directory, edit.path);
    if (edit.kind === 'write') {
      await writeFile(path, edit.content);
      continue;
    }
    const parts = (await readFile(path, 'utf8')).split(edit.search);
    expect(parts).toHaveLength(2);
    await writeFile(path, parts.join(edit.replace));
  }
}

/** Beside our own packages instead of its own, so that no registry is needed. */
async function copyOfShop(): Promise<string> {
  const directory = await fresh();
  for (const path of await shopFiles())
    await cp(join(shop, path), join(directory, path), { recursive: true });
  await symlink(join(root, 'node_modules'), join(directory, 'node_modules'));
  return directory;
}

function run(directory: string, args: readonly string[]): Promise<{ status: number; output: string }> {
  return new Promise((resolve) => {
    const options = { cwd: directory, env: { PATH: dirname(process.execPath), HOME: directory, CI: 'true' } };
    const child = execFile(process.execPath, [...args], options, (_, stdout, stderr) => {
      resolve({ status: child.exitCode ?? -1, output: `${stdout}${stderr}` });
    });
  });
}

/** The status of each test by its full name. */
async function testResults(directory: string): Promise<ReadonlyMap<string, string>> {
  const report = join(directory, 'report.json');
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', `--outputFile=${report}`];
  const { output } = await run(directory, args);
  const text = await readFile(report, 'utf8').catch(() => {
    throw new Error(`vitest wrote no report: ${output}`);
  });
  const tests: { ancestorTitles: string[]; title: string; status: string }[] = JSON.parse(
    text,
  ).testResults.flatMap((file: { assertionResults: unknown[] }) => file.assertionResults);
  return new Map(tests.map((test) => [[...test.ancestorTitles, test.title].join(' > '), test.status]));
}

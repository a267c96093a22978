import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { gitIn, logOf } from '../../playground/github/git.ts';
import { buildShopHistory, shopAuthors, shopFiles } from '../../playground/shop-history.ts';
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
    expect(log).toHaveLength(14);
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

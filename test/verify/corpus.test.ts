import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bubblewrap } from '../../src/adapters/bubblewrap.ts';
import { verifyCommand } from '../../src/cli/verify.ts';
import { buildStory } from './corpus/build.ts';
import { nodeCommonjs, nodeEsm, nodeTap, type Runner, vitest } from './corpus/runners.ts';
import { stories } from './corpus/stories.ts';

// A part of the corpus that is quick; all of it, under all runners: node test/verify/corpus-all.ts
const chosen: readonly (readonly [Runner, string])[] = [
  [nodeCommonjs, 'adds a function and tests it in the file that is there'],
  [nodeEsm, 'moves the code and its tests'],
  [nodeTap, 'renames a test'],
  [nodeCommonjs, 'adds a program that ends its own process'],
  [nodeEsm, 'adds a function where other tests fail already'],
  [nodeCommonjs, 'breaks a function and loosens its test'],
  [nodeEsm, 'ends the process with status 0'],
  [nodeCommonjs, 'writes the report that would please'],
  [nodeTap, 'bends the assertions'],
  [nodeEsm, 'makes the test script succeed'],
  [vitest('5', []), 'adds a function with its own test file'],
  [vitest('5', []), 'writes the report that would please'],
];

const missing = await bubblewrap().unavailable();
const ownPackages = join(import.meta.dirname, '../../node_modules');

describe.skipIf(missing !== undefined && process.env.CI !== 'true')(missing ?? 'stories', () => {
  let directory = '';
  let cache: string | undefined;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'slipway-corpus-'));
    cache = process.env.XDG_CACHE_HOME;
    process.env.XDG_CACHE_HOME = join(directory, 'cache');
  });
  afterAll(() => {
    if (cache === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = cache;
    rmSync(directory, { recursive: true, force: true });
  });

  test.each(
    chosen.map(([runner, name], index) => ({ runner, name, index, title: `${runner.name}: ${name}` })),
  )('$title', { timeout: 120_000 }, async ({ runner, name, index }) => {
    const story = stories.find((each) => each.name === name);
    if (story === undefined) throw new Error(`There is no story "${name}".`);
    const checkout = join(directory, `story-${index}`);
    mkdirSync(checkout);
    buildStory(checkout, runner, story, runner.name.startsWith('vitest') ? ownPackages : undefined);
    const lines: string[] = [];
    const io = { out: (line: string) => lines.push(line), err: () => {}, cwd: checkout, env: {} };
    const status = await verifyCommand(['.', '--json'], io);
    const report = JSON.parse(lines.join('\n'));
    expect([report.verdict, status, report.because]).toEqual([
      story.verdict,
      story.verdict === 'pass' ? 0 : 1,
      expect.any(String),
    ]);
  });
});

import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readWorkflow } from '../../src/config/workflow-file.ts';
import { pendingJobs, workKey } from '../../src/domain/feature/pending.ts';
import { GiveUp } from '../../src/errors.ts';
import { readRepository } from '../../src/jobs/read-repository.ts';
import type { Forge } from '../../src/ports.ts';
import { createWorkspace } from '../../src/workspace/workspace.ts';
import { startStory } from '../domain/feature/story.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'slipway-jobs-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** A forge with one repository: the files of a directory. */
function forgeOf(directory: string): Forge {
  return {
    look: async (repository) => {
      if (repository !== 'acme/shop') throw new GiveUp(`The bot cannot see ${repository}.`);
      return { branch: 'main', commit: 'a'.repeat(40) };
    },
    checkOut: async (request) => {
      await cp(directory, request.directory, { recursive: true });
      return [];
    },
    outcome: async () => ({ kind: 'open' }),
    keep: async () => {
      throw new GiveUp('This forge takes no changes.');
    },
    propose: async () => {
      throw new GiveUp('This forge takes no changes.');
    },
  };
}

async function read(files: Readonly<Record<string, string>>) {
  const source = await mkdtemp(join(home, 'source-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(source, name), content);
  const forge = forgeOf(source);
  const story = startStory();
  story.ask();
  const state = story.state();
  const job = pendingJobs(state).find((pending) => pending.key === workKey(state));
  if (!job) throw new Error('No work is pending.');
  const workspace = createWorkspace({ forge, directory: await mkdtemp(join(home, 'work-')) });
  const run = readRepository({ forge, workspace, maxDollars: 3, baseBranches: {} });
  return run({ processId: state.id, job, state, again: false, signal: new AbortController().signal });
}

test('a good .slipway.yml is read, and the deployment caps its budget', async () => {
  const text =
    'version: 1\nowner: "@maria"\nchecks: [{ name: test, run: npm test }]\nbudget: { perFeature: 4 }\n';
  expect(await read({ '.slipway.yml': text })).toMatchObject({
    type: 'repository-read',
    branch: 'main',
    workflow: { owner: '@maria', budget: { perFeature: 3 } },
  });
});

const packages: readonly [string, object, string][] = [
  ['vitest', { devDependencies: { vitest: '5' } }, 'vitest-json'],
  ['jest', { devDependencies: { jest: '30' } }, 'jest-json'],
  ['mocha', { devDependencies: { mocha: '11' } }, 'mocha-json'],
  ['node --test', { scripts: { test: 'node --test' } }, 'junit'],
];
test.each(packages)(
  'without a .slipway.yml one is proposed for %s, and it is valid',
  async (_name, content, report) => {
    const command = await read({ 'package.json': JSON.stringify(content), 'package-lock.json': '{}' });
    if (command.type !== 'gave-up') throw new Error(`It answered ${command.type}.`);
    expect(command.because).toContain('There is no .slipway.yml on main of acme/shop');
    const proposed = readWorkflow(command.suggestion ?? '');
    expect(proposed).toMatchObject({ value: { owner: '@raj', checks: [{ name: 'test', report }] } });
  },
);

test('a broken .slipway.yml is answered with every problem and its line', async () => {
  const command = await read({ '.slipway.yml': 'version: 1\nownr: "@maria"\nchecks: []\n' });
  if (command.type !== 'gave-up') throw new Error(`It answered ${command.type}.`);
  expect(command.because).toContain('line 2');
  expect(command.because).toContain('owner');
  expect(command.because).toContain('line 3');
});

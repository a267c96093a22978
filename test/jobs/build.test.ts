import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { build } from '../../src/jobs/build.ts';
import { proofOf, startStory } from '../domain/feature/story.ts';
import { as, type Bench, setBench } from './bench.ts';

let bench: Bench;
afterEach(() => bench.close());

const testFile = { path: 'test/free.test.ts', content: "test('AC-1: ships free', () => {});\n" };
const right = {
  kind: 'replace',
  path: 'src/shipping.ts',
  search: '(cents === 0 ? 0 : 490)',
  replace: '(cents >= 5000 ? 0 : 490)',
};

/** A feature whose tests are written and whose first task is to be built. */
async function started() {
  const story = startStory();
  story.ask();
  story.read();
  story.interview(0);
  story.specify();
  story.approve();
  story.plan();
  story.answer({
    type: 'tests-written',
    key: story.key(),
    tests: [{ criterion: 'AC-1', file: testFile.path, name: 'AC-1: ships free' }],
    change: await bench.blobs.put(JSON.stringify([testFile])),
    paths: [testFile.path],
    thinking: { cost: { model: 'm', inputTokens: 1, outputTokens: 1, dollars: 0 }, prompt: '', answer: '' },
    notes: [],
  });
  return story;
}

test('a task’s edits are put on top of the tests, as whole files against the base commit', async () => {
  bench = await setBench({ answers: [{ summary: 'Free.', edits: [right] }] });
  const story = await started();
  const command = as('built', await bench.run(build, story.state()));
  expect(command.task).toBe('T-1');
  expect(JSON.parse(await bench.blobs.get(command.change))).toEqual([
    testFile,
    {
      path: 'src/shipping.ts',
      content: 'export const shippingOf = (cents: number) => (cents >= 5000 ? 0 : 490);\n',
    },
  ]);
  expect(bench.asked[0]?.text).toContain('export const shippingOf = (cents: number) => (cents === 0');
});

test('the next task sees what the one before did', async () => {
  const next = {
    kind: 'replace',
    path: 'src/cart.ts',
    search: 'cents + shippingOf(cents)',
    replace: 'shippingOf(cents) + cents',
  };
  bench = await setBench({
    answers: [
      { summary: 'Free.', edits: [right] },
      { summary: 'Cart.', edits: [next] },
    ],
  });
  const story = await started();
  story.answer(as('built', await bench.run(build, story.state())));
  const command = as('built', await bench.run(build, story.state()));
  expect(command.task).toBe('T-2');
  expect(JSON.parse(await bench.blobs.get(command.change))).toHaveLength(3);
  expect(bench.asked[1]?.text).toContain('cents >= 5000');
});

test('a repair is shown the failures of the report', async () => {
  bench = await setBench({ answers: [{ summary: 'Mended.', edits: [right] }] });
  const story = await started();
  const change = await bench.blobs.put(JSON.stringify([testFile]));
  for (const task of ['T-1', 'T-2']) {
    const context = await bench.blobs.put('[]');
    const thinking = {
      cost: { model: 'm', inputTokens: 1, outputTokens: 1, dollars: 0 },
      prompt: '',
      answer: '',
    };
    story.answer({ type: 'built', key: story.key(), task, change, context, thinking, notes: [] });
  }
  const failures = [{ gate: 'test', test: 'AC-1: ships free', message: 'expected 0, received 490' }];
  const report = await bench.blobs.put(JSON.stringify({ verdict: 'fail', because: 'x', failures }));
  story.answer({ type: 'proved', key: story.key(), proof: { ...proofOf('fail', ['test: AC-1']), report } });
  expect(as('built', await bench.run(build, story.state())).task).toBe('repair');
  expect(bench.asked[0]?.text).toMatch(/Attempt 2, repair.*expected 0, received 490/s);
});

describe('what a coder may not do fails the attempt with a sentence, and touches nothing outside', () => {
  test.each<[string, unknown, RegExp]>([
    ['prose', 'Sure! First I would look at the totals.', /expected object/],
    ['edits that do not match', { ...right, search: 'nothing like it' }, /does not match/],
    ['a path outside', { kind: 'write', path: '../outside/x.ts', content: 'x\n' }, /inside the repository/],
    ['an absolute path', { kind: 'write', path: '/tmp/x.ts', content: 'x\n' }, /is absolute/],
    ["git's folder", { kind: 'write', path: '.git/hooks/pre-commit', content: 'x\n' }, /git's own folder/],
    ['a link to a folder', { kind: 'write', path: 'linked/x.ts', content: 'x\n' }, /symbolic link "linked"/],
    ['a link to a file', { kind: 'write', path: 'passwd', content: 'x\n' }, /symbolic link "passwd"/],
    [
      'a file as a folder',
      { kind: 'write', path: 'src/cart.ts/x.ts', content: 'x\n' },
      /is a file, not a folder/,
    ],
    ['a name too long', { kind: 'write', path: `src/${'x'.repeat(300)}.ts`, content: 'x\n' }, /255 bytes/],
    [
      'the tester’s tests',
      { kind: 'write', path: testFile.path, content: '\n' },
      /holds the tests of the criteria/,
    ],
    [
      'a protected file',
      { kind: 'write', path: '.slipway.yml', content: 'version: 1\n' },
      /\.slipway\.yml is protected/,
    ],
  ])('%s', async (_name, edit, sentence) => {
    const answer = typeof edit === 'string' ? edit : { summary: 'Done.', edits: [edit] };
    bench = await setBench({ answers: [answer, answer] });
    const outside = join(bench.home, 'outside');
    await mkdir(outside);
    await symlink(outside, join(bench.source, 'linked'));
    await symlink('/etc/passwd', join(bench.source, 'passwd'));
    const story = await started();
    const command = as('not-built', await bench.run(build, story.state()));
    expect(bench.asked).toHaveLength(2);
    expect(command).toMatchObject({
      task: 'T-1',
      proof: {
        verdict: 'fail',
        because: 'The model was asked twice for task T-1, and neither answer can be used.',
        failing: ['edits: task T-1'],
        failures: [{ test: 'task T-1', message: expect.stringMatching(sentence) }],
      },
      thinking: { cost: { dollars: 0.01 } },
    });
    expect(await readdir(outside)).toEqual([]);
    expect(await readdir(bench.checkouts)).toHaveLength(1);
    story.answer(command);
    expect(story.state().attempts.map(({ number }) => number)).toEqual([1, 2]);
  });

  test('three times in a row asks a person, who reads what was wrong', async () => {
    const answer = { summary: 'Done.', edits: [{ ...right, search: 'nothing like it' }] };
    bench = await setBench({ answers: Array.from({ length: 6 }, () => answer) });
    const story = await started();
    for (const _attempt of [1, 2, 3]) story.answer(as('not-built', await bench.run(build, story.state())));
    expect(story.state().phase).toMatchObject({
      kind: 'deciding',
      because: 'All 3 attempts failed, and no more are made without a person.',
    });
  });
});

import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { BadAnswer } from '../../src/errors.ts';
import { writeTests } from '../../src/jobs/write-tests.ts';
import { proofOf, startStory } from '../domain/feature/story.ts';
import { as, type Bench, setBench, thrownBy } from './bench.ts';

let bench: Bench;
afterEach(() => bench.close());

const content = `import { expect, test } from 'vitest';
import { shippingOf } from '../src/shipping.ts';
test('AC-1: ships free', () => expect(shippingOf(5000)).toBe(0));
test('AC-2: pays', () => expect(shippingOf(4999)).toBe(490));
`;

function answer(path: string) {
  return {
    tests: [
      { criterion: 'AC-1', file: path, name: 'AC-1: ships free' },
      { criterion: 'AC-2', file: path, name: 'AC-2: pays' },
    ],
    edits: [{ kind: 'write', path, content }],
  };
}

function planned() {
  const story = startStory();
  story.ask();
  story.read();
  story.interview(0);
  story.specify();
  story.approve();
  story.plan();
  return story;
}

test('the tests are kept as a change against the base commit', async () => {
  bench = await setBench({ answers: [answer('test/free.test.ts')] });
  const command = as('tests-written', await bench.run(writeTests, planned().state()));
  expect(command).toMatchObject({ paths: ['test/free.test.ts'], tests: [{ criterion: 'AC-1' }, {}] });
  expect(JSON.parse(await bench.blobs.get(command.change))).toEqual([{ path: 'test/free.test.ts', content }]);
});

test.each<[string, string, RegExp]>([
  ['outside the repository', '../free.test.ts', /inside the repository/],
  ["in git's folder", '.git/hooks/free.test.ts', /git's own folder/],
  ['through a link of the repository', 'test/linked/free.test.ts', /symbolic link "test\/linked"/],
  ['below a file', 'test/shipping.test.ts/free.test.ts', /is a file, not a folder/],
])('tests %s are refused with a sentence, and asked for once more', async (_name, path, sentence) => {
  bench = await setBench({ answers: [answer(path), answer(path)] });
  await symlink(join(bench.home, 'outside'), join(bench.source, 'test/linked'));
  const error = await thrownBy(bench.run(writeTests, planned().state()));
  expect(error).toBeInstanceOf(BadAnswer);
  expect(String(error)).toMatch(sentence);
  expect(bench.asked).toHaveLength(2);
});

test('tests that proved nothing are shown again, with why', async () => {
  bench = await setBench({ answers: [answer('test/free.test.ts'), answer('test/free.test.ts')] });
  const story = planned();
  const first = as('tests-written', await bench.run(writeTests, story.state()));
  story.answer({ ...first });
  for (const task of ['T-1', 'T-2']) story.build(task);

  const proof = {
    ...proofOf('fail', ['criteria: AC-1']),
    criteria: [{ id: 'AC-1', test: 'AC-1: ships free', base: 'green' as const, head: 'green' as const }],
  };
  story.answer({ type: 'proved', key: story.key(), proof });
  expect(story.work()).toBe('write-tests');
  await bench.run(writeTests, story.state());
  expect(bench.asked.at(-1)?.text).toContain('AC-1, AC-1: ships free: green on base, green with the change.');
  expect(bench.asked.at(-1)?.text).toContain("test('AC-2: pays'");
});

import { afterEach, expect, test } from 'vitest';
import { GiveUp } from '../../src/errors.ts';
import { keepBranch } from '../../src/jobs/keep-branch.ts';
import { mark } from '../../src/jobs/mark.ts';
import { propose } from '../../src/jobs/propose.ts';
import { tell } from '../../src/jobs/tell.ts';
import { proofOf, raj, startStory } from '../domain/feature/story.ts';
import { as, type Bench, setBench, thrownBy } from './bench.ts';

let bench: Bench;
afterEach(() => bench.close());

const secret = `ghp_${'a1B2c3D4e5'.repeat(3)}f6G7h8`;
const change = [{ path: 'src/shipping.ts', content: 'export const shippingOf = () => 0;\n' }];

test('tell draws the message of its key, and says when an earlier try may have posted it', async () => {
  bench = await setBench();
  const story = startStory();
  story.ask();
  const command = as('told', await bench.run(tell, story.state(), { key: 'tell/card/0', again: true }));
  expect(command).toMatchObject({
    message: 'card',
    version: story.state().messages[0]?.version,
    ts: '5.000',
  });
  expect(bench.chat.said).toEqual([{ key: 'card', again: true }]);
  story.answer(command);
  expect(story.state().messages[0]?.ts).toBe('5.000');
});

test('mark replaces the reaction that is shown by the one that is wanted', async () => {
  bench = await setBench();
  const story = startStory();
  story.ask();
  const first = as('marked', await bench.run(mark, story.state(), { key: 'mark/1.000/0' }));
  expect(first).toMatchObject({ ts: '1.000', mark: 'received' });
  story.answer(first);
  story.send({ type: 'stop' }, raj);
  await bench.run(mark, story.state(), { key: 'mark/1.000/1' });
  expect(bench.chat.marks).toEqual([
    { channel: 'C0SHOP', ts: '1.000', from: undefined, to: 'received' },
    { channel: 'C0SHOP', ts: '1.000', from: 'received', to: 'failed' },
  ]);
});

test('propose puts the change and the spec on a branch named after the feature, without secrets', async () => {
  bench = await setBench();
  const story = startStory();
  story.ask({ words: `Ship free. The key is ${secret}` });
  story.read();
  story.interview(0);
  story.specify();
  story.approve();
  story.plan();
  story.writeTests();
  story.build('T-1');
  story.answer({
    type: 'built',
    key: story.key(),
    task: 'T-2',
    change: await bench.blobs.put(JSON.stringify(change)),
    context: 'f'.repeat(64),
    thinking: {
      cost: { model: 'coder-1', inputTokens: 1, outputTokens: 1, dollars: 0 },
      prompt: '',
      answer: '',
    },
    notes: [],
  });
  story.answer({ type: 'proved', key: story.key(), proof: proofOf('pass') });
  const command = as('pull-request-opened', await bench.run(propose, story.state()));
  expect(command).toMatchObject({
    key: story.key(),
    number: 7,
    branch: 'slipway/f-test-free-shipping',
    files: ['src/shipping.ts', 'specs/f-test.md'],
  });
  const [proposed] = bench.forge.proposed;
  expect(proposed).toMatchObject({ baseBranch: 'main', labels: ['ai-generated'] });
  expect(proposed?.body).toContain('https://acme.slack.test/archives/C0SHOP/p1.000');
  expect(proposed?.commitMessage).toContain('Assisted-by: Slipway:coder-1');
  expect(JSON.stringify(proposed)).not.toContain(secret);
  expect(proposed?.body).toContain('[SECRET:');
});

test('keep-branch puts what was built on the branch; without anything built it says so', async () => {
  bench = await setBench();
  const story = startStory().untilProof();
  const state = story.state();
  const attempts = [
    {
      ...state.attempts[0],
      number: 1,
      scope: 'all' as const,
      built: 1,
      contexts: [],
      models: [],
      change: await bench.blobs.put(JSON.stringify(change)),
    },
  ];
  story.send({ type: 'stop' }, raj);
  const stopped = { ...story.state(), attempts };
  const key = `keep-branch/${stopped.step}`;
  expect(await bench.run(keepBranch, stopped, { key })).toMatchObject({
    type: 'branch-kept',
    branch: 'slipway/f-test-free-shipping',
    url: 'http://forge.test/acme/shop/tree/x',
  });
  expect(bench.forge.kept).toMatchObject([{ files: change, baseBranch: 'main' }]);
  const nothing = { ...stopped, attempts: attempts.map((attempt) => ({ ...attempt, built: 0 })) };
  const context = {
    processId: 'f-test',
    job: { name: 'keep-branch', key, lane: 'call' as const },
    state: nothing,
    again: false,
    signal: new AbortController().signal,
  };
  expect(await thrownBy(keepBranch(bench.tools)(context))).toBeInstanceOf(GiveUp);
});

import { afterEach, describe, expect, test } from 'vitest';
import { BadAnswer } from '../../src/errors.ts';
import { hashOf } from '../../src/jobs/common/hash.ts';
import { interview } from '../../src/jobs/interview.ts';
import { plan } from '../../src/jobs/plan.ts';
import { specify } from '../../src/jobs/specify.ts';
import { raj, specOf, startStory, thinking } from '../domain/feature/story.ts';
import { as, type Bench, setBench, shop } from './bench.ts';

let bench: Bench;
afterEach(() => bench.close());

const token = `ghp_${'a1B2c3D4e5'.repeat(3)}f6G7h8`;

/** What a model would write for a spec. */
function written(overrides: Parameters<typeof specOf>[0] = {}) {
  const { validation: _ours, ...spec } = specOf(overrides);
  return { spec, parts: null };
}

describe('interview', () => {
  const started = (words = 'Orders over €50 ship free.') => {
    const story = startStory();
    story.ask({ words });
    story.read();
    return story;
  };

  test('answers the questions with what they cost, and keeps the prompt and the answer', async () => {
    const question = { text: 'Is €50.00 free?', options: ['Yes', 'No'], default: 'Yes' };
    bench = await setBench({ answers: [{ questions: [question] }] });
    const story = started();
    story.send({ type: 'say', ts: '1.5', text: 'Only in Germany.' }, raj);
    const command = as('interviewed', await bench.run(interview, story.state()));
    expect(command).toMatchObject({
      key: 'interview/2',
      questions: [{ id: 'Q-1', ...question }],
      thinking: { cost: { dollars: 0.01 } },
      notes: ['1.5'],
    });
    expect(await bench.blobs.get(command.thinking.prompt)).toContain('Only in Germany.');
    expect(JSON.parse(await bench.blobs.get(command.thinking.answer))).toEqual({ questions: [question] });
  });

  test('a secret in the request and in the repository does not reach the model or the record', async () => {
    const files = { ...shop, 'src/config.ts': `export const shippingKey = '${token}';\n` };
    bench = await setBench({ answers: [{ questions: [] }], files });
    const story = started(`Ship free; the key of src/config.ts is ${token}`);
    await bench.run(interview, story.state());
    expect(bench.asked[0]?.text).toContain('[SECRET:');
    expect([...bench.asked.map(({ text }) => text), ...bench.blobs.all.values()].join('\n')).not.toContain(
      token,
    );
  });

  test.each<[string, unknown]>([
    ['prose', 'Sure! I would ask about the limit.'],
    [
      'four questions',
      { questions: Array.from({ length: 4 }, () => ({ text: 'Why?', options: ['a', 'b'], default: 'a' })) },
    ],
    [
      'a default that is none of the options',
      { questions: [{ text: 'Why?', options: ['a', 'b'], default: 'c' }] },
    ],
  ])('%s, twice, is no answer; what it cost is known', async (_name, answer) => {
    bench = await setBench({ answers: [answer, answer] });
    const error = await bench.run(interview, started().state()).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(BadAnswer);
    expect(error).toMatchObject({ usage: { dollars: 0.01 } });
    expect(bench.asked).toHaveLength(2);
  });
});

describe('specify', () => {
  const started = () => {
    const story = startStory();
    story.ask();
    story.read();
    story.interview(0);
    return story;
  };

  test('answers a spec whose checks are the repository’s, under the hash of its content', async () => {
    bench = await setBench({ answers: [written()] });
    const command = as('specified', await bench.run(specify, started().state()));
    expect(command.spec).toEqual(specOf());
    expect(command.hash).toBe(hashOf(specOf()));
    expect(command.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('a request that is too large is answered with its parts', async () => {
    const parts = [
      { title: 'Free shipping', words: 'Orders over €50 ship free.' },
      { title: 'Gift wrap', words: 'Orders can be wrapped.' },
    ];
    bench = await setBench({ answers: [{ spec: null, parts }] });
    expect(await bench.run(specify, started().state())).toMatchObject({ type: 'split-proposed', parts });
  });

  test('what a person decided to keep whole is not split again', async () => {
    const parts = [
      { title: 'One', words: 'One.' },
      { title: 'Two', words: 'Two.' },
    ];
    bench = await setBench({ answers: [{ spec: null, parts }, written()] });
    const story = started();
    story.answer({ type: 'split-proposed', key: story.key(), parts, thinking: thinking(), notes: [] });
    story.send({ type: 'decide-split', split: false }, raj);
    expect((await bench.run(specify, story.state())).type).toBe('specified');
    expect(bench.asked).toHaveLength(2);
  });
});

test('plan numbers the tasks and is hashed, with the record of what the planner saw', async () => {
  const task = { title: 'Decide', files: ['src/shipping.ts'], signatures: [], criteria: ['AC-1', 'AC-2'] };
  bench = await setBench({ answers: [{ summary: 'One function.', tasks: [task] }] });
  const story = startStory();
  story.ask();
  story.read();
  story.interview(0);
  story.specify();
  story.approve();
  const command = as('planned', await bench.run(plan, story.state()));
  expect(command.plan).toEqual({ summary: 'One function.', tasks: [{ id: 'T-1', ...task }] });
  expect(command.hash).toBe(hashOf(command.plan));
  const shown: readonly { path: string; reasons: unknown }[] = JSON.parse(
    await bench.blobs.get(command.context),
  );
  expect(shown.map(({ path }) => path)).toContain('src/shipping.ts');
});

import type { ModalView } from '@slack/types';
import { describe, expect, test } from 'vitest';
import type { Criterion, Spec } from '../../../src/domain/feature/spec.ts';
import { spec as specSchema } from '../../../src/domain/feature/spec.ts';
import {
  askModal,
  budgetModal,
  decodeModal,
  editSpecModal,
  noteModal,
  ownWordsModal,
  type Read,
  readAnswers,
  readAsk,
  readBudget,
  readNote,
  readOwnWords,
  readReason,
  readRepository,
  readRetry,
  readSpecEdit,
  rejectModal,
  retryModal,
  type Values,
  viewOf,
} from '../../../src/slack/views/index.ts';
import { raj, specOf, startStory } from '../../domain/feature/story.ts';

/** What Slack sends for a dialog that is submitted as it was opened, but for what was typed into it. */
function submitted(view: ModalView, typed: Readonly<Record<string, string>> = {}): Values {
  const inputs = view.blocks.flatMap((block) => {
    if (block.type !== 'input' || !('element' in block)) return [];
    const { element } = block;
    const initial = 'initial_value' in element ? element.initial_value : undefined;
    const value = typed[block.block_id ?? ''] ?? initial ?? '';
    return [[block.block_id ?? '', { input: { type: element.type, value: value === '' ? null : value } }]];
  });
  for (const name of Object.keys(typed)) expect(inputs.map(([id]) => id)).toContain(name);
  return Object.fromEntries(inputs);
}

function granted<Value>(read: Read<Value>): Value {
  if ('errors' in read) throw new Error(`It was refused: ${JSON.stringify(read.errors)}`);
  return read.value;
}

function errorsOf(read: Read<unknown>): Readonly<Record<string, string>> {
  return 'errors' in read ? read.errors : {};
}

/** A feature with one spec version for each list of criteria. */
function withSpecs(...versions: readonly (readonly Criterion[])[]) {
  const story = startStory();
  story.ask();
  story.read();
  story.interview(0);
  for (const [index, criteria] of versions.entries()) {
    if (index > 0) story.send({ type: 'say', ts: `${index}.0`, text: 'change it' }, raj);
    story.specify({ criteria: [...criteria] }, index > 0 ? [`${index}.0`] : []);
  }
  return story.state();
}

const two: readonly Criterion[] = [
  { id: 'AC-1', text: 'An order of €50.00 ships free.' },
  { id: 'AC-2', text: 'An order of €49.99 pays €4.90.' },
];

function edit(
  typed: Readonly<Record<string, string>>,
  ...versions: readonly (readonly Criterion[])[]
): Read<Spec> {
  const state = withSpecs(...(versions.length > 0 ? versions : [two]));
  const seen = state.specs.length;
  return readSpecEdit({ specs: state.specs, seen }, submitted(editSpecModal(state, seen), typed));
}

describe('editing a spec', () => {
  test('shows criteria one per line with their ids', () => {
    const [, , criteria] = editSpecModal(withSpecs(two), 1).blocks;
    expect(criteria).toMatchObject({
      block_id: 'criteria-1',
      element: {
        initial_value: 'AC-1: An order of €50.00 ships free.\nAC-2: An order of €49.99 pays €4.90.',
      },
    });
  });

  test('left alone it stays to the letter, line breaks in it included', () => {
    const odd = specOf({
      goal: ' Ships\n free. ',
      criteria: [{ id: 'AC-4', text: 'First\n  second ' }],
      inputs: ['a\nb', 'c'],
    });
    const specs = [{ version: 1, spec: odd, hash: 'h', from: 'model' as const }];
    const state = { ...withSpecs(two), specs };
    expect(granted(readSpecEdit({ specs, seen: 1 }, submitted(editSpecModal(state, 1))))).toEqual(odd);
  });

  test.each<[string, string, readonly (readonly [string, string])[]]>([
    [
      'changed',
      'AC-1: Free.\nAC-2: An order of €49.99 pays €4.90.',
      [
        ['AC-1', 'Free.'],
        ['AC-2', two[1]?.text ?? ''],
      ],
    ],
    ['removed', 'AC-2: Only this.', [['AC-2', 'Only this.']]],
    [
      'added',
      'AC-1: One.\nA new one.',
      [
        ['AC-1', 'One.'],
        ['AC-3', 'A new one.'],
      ],
    ],
    [
      'in another order',
      'AC-2: Two.\n\n  ac-1 – One.  ',
      [
        ['AC-2', 'Two.'],
        ['AC-1', 'One.'],
      ],
    ],
    [
      'with other marks',
      'AC-1. One.\nAC-2 Two.',
      [
        ['AC-1', 'One.'],
        ['AC-2', 'Two.'],
      ],
    ],
    [
      'that only begins like an id',
      'AC-1: One.\nAC-DC is a band',
      [
        ['AC-1', 'One.'],
        ['AC-3', 'AC-DC is a band'],
      ],
    ],
  ])('a criterion %s', (_what, typed, criteria) => {
    const spec = granted(edit({ 'criteria-1': typed }));
    expect(spec.criteria.map(({ id, text }) => [id, text])).toEqual(criteria);
    expect(specSchema.safeParse(spec).success).toBe(true);
  });

  test('a number that an older version used is not given again', () => {
    const three = [...two, { id: 'AC-3', text: 'Gone in v2.' }];
    const spec = granted(edit({ 'criteria-1': 'AC-1: One.\nNew.' }, three, two));
    expect(spec.criteria.map(({ id }) => id)).toEqual(['AC-1', 'AC-4']);
  });

  test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
    ['no title', { title: ' ' }, { title: 'Give it a title.' }],
    ['no goal', { goal: '' }, { goal: 'Say what it is for.' }],
    ['no criteria', { 'criteria-1': '\n' }, { 'criteria-1': 'Leave at least one criterion.' }],
    [
      'an id twice',
      { 'criteria-1': 'AC-1: One.\nAC-1: Two.' },
      { 'criteria-1': 'AC-1 is there twice; a criterion has one line.' },
    ],
    [
      'an unknown id',
      { 'criteria-1': 'AC-9: Nine.' },
      { 'criteria-1': 'AC-9 is not in spec v1; leave the id out, and a new line takes the next number.' },
    ],
    [
      'an id without text',
      { 'criteria-1': 'AC-1:' },
      { 'criteria-1': 'AC-1: has no text; take the line out to remove the criterion.' },
    ],
    [
      'too many',
      { 'criteria-1': 'new\n'.repeat(21) },
      { 'criteria-1': 'At most 20 criteria; there are 21.' },
    ],
  ])('%s is said at its field', (_what, typed, errors) => {
    expect(errorsOf(edit(typed))).toEqual(errors);
  });

  test('lists are read one item per line; what is not offered stays', () => {
    const spec = granted(edit({ constraints: 'no new dependency\n\n under 10 ms ', inputs: '' }));
    expect(spec).toEqual({ ...specOf(), constraints: ['no new dependency', 'under 10 ms'], inputs: [] });
  });

  test('twenty long criteria take several fields, and what fits in none stays where it was', () => {
    const long = Array.from({ length: 20 }, (_, index) => ({
      id: `AC-${index + 1}`,
      text: index === 4 ? 'y'.repeat(5_000) : `${index} ${'x'.repeat(900)}`,
    }));
    const state = withSpecs(long);
    const view = editSpecModal(state, 1);
    const values = submitted(view);
    expect(Object.keys(values).filter((name) => name.startsWith('criteria-')).length).toBeGreaterThan(5);
    expect(JSON.stringify(view.blocks)).toContain('Too long to edit here, and kept as they are: AC-5.');
    expect(granted(readSpecEdit({ specs: state.specs, seen: 1 }, values)).criteria).toEqual(long);
  });
});

describe('the other dialogs', () => {
  test('asking: words of a message are there to be changed, and some are needed', () => {
    const view = askModal({ channel: 'C0SHOP', words: 'Ship free', message: '1.000' });
    expect(granted(readAsk(submitted(view)))).toBe('Ship free');
    expect(errorsOf(readAsk(submitted(view, { words: '  ' })))).toEqual({
      words: 'Say what the feature should do.',
    });
    expect(decodeModal(view.callback_id ?? '', view.private_metadata ?? '')).toEqual({
      modal: 'ask',
      value: { channel: 'C0SHOP', message: '1.000' },
    });
    expect(JSON.stringify(askModal({ channel: 'C0SHOP', words: 'x'.repeat(3_001) }))).toContain(
      'this is its beginning',
    );
  });

  test('a reason and a note for a retry may be left out; a note of its own may not', () => {
    expect(readReason(submitted(rejectModal({ id: 'f-test', version: 1 }), { note: ' no \r\n time ' }))).toBe(
      'no \n time',
    );
    expect(readRetry(submitted(retryModal({ id: 'f-test', attempt: 1 })))).toBe('');
    expect(errorsOf(readNote(submitted(noteModal({ id: 'f-test' }))))).toEqual({
      note: 'Write what the next step should heed.',
    });
    expect(granted(readNote(submitted(noteModal({ id: 'f-test' }), { note: 'mind the euro' })))).toBe(
      'mind the euro',
    );
  });

  test.each([
    ['6.50', 6.5],
    ['6,5', 6.5],
    ['0', undefined],
    ['-3', undefined],
    ['a lot', undefined],
    ['1e9', undefined],
    ['', undefined],
  ])('a budget of %j is read as %j', (typed, amount) => {
    const state = startStory().untilProof().state();
    const read = readBudget(submitted(budgetModal(state, 7), { budget: typed === '' ? ' ' : typed }));
    expect('value' in read ? read.value : undefined).toBe(amount);
    expect(Object.keys(errorsOf(read))).toEqual(amount === undefined ? ['budget'] : []);
  });
});

describe('answers', () => {
  function asked() {
    const story = startStory();
    story.ask();
    story.read();
    story.interview(2);
    return story.state();
  }
  const round = { questions: asked().rounds[0]?.questions ?? [] };

  test('the default is chosen already, and the values of the message are read back as answers', () => {
    const state = asked();
    const inputs = viewOf(state, 'questions/1', {}).blocks.flatMap((block) =>
      block.type === 'input' && block.element.type === 'radio_buttons'
        ? [{ id: block.block_id ?? '', element: block.element }]
        : [],
    );
    const initial: Values = Object.fromEntries(
      inputs.map(({ id, element }) => [id, { input: { selected_option: element.initial_option ?? null } }]),
    );
    expect(readAnswers(round, initial)).toEqual([
      { question: 'Q-1', answer: 'Yes' },
      { question: 'Q-2', answer: 'Yes' },
    ]);
    const [first] = inputs;
    const no = first?.element.options[1];
    expect(no?.text.text).toBe('No');
    const changed = { ...initial, [first?.id ?? '']: { input: { selected_option: no } } };
    expect(readAnswers(round, changed)).toEqual([
      { question: 'Q-1', answer: 'No' },
      { question: 'Q-2', answer: 'Yes' },
    ]);
  });

  test.each<[string, Values]>([
    ['nothing', {}],
    ['no choice', { 'question-1': { input: { selected_option: null } } }],
    ['a choice that is none', { 'question-1': { input: { selected_option: { value: '7' } } } }],
    ['something else', { 'question-1': { input: 'Yes' } }],
  ])('%s is no answer', (_what, values) => {
    expect(readAnswers(round, values)).toEqual([]);
  });

  test('in own words: at least one, the others keep their defaults', () => {
    const view = ownWordsModal(asked(), 1);
    expect(granted(readOwnWords(round, submitted(view, { 'answer-2': 'only on Sundays' })))).toEqual([
      { question: 'Q-2', answer: 'only on Sundays' },
    ]);
    expect(Object.keys(errorsOf(readOwnWords(round, submitted(view))))).toEqual(['answer-1']);
  });
});

test('a repository is read from the list of a message', () => {
  const option = { value: 'acme/shop' };
  expect(readRepository({ repository: { input: { selected_option: option } } })).toBe('acme/shop');
  expect(readRepository({ repository: { input: { selected_option: null } } })).toBeUndefined();
  expect(readRepository({})).toBeUndefined();
});

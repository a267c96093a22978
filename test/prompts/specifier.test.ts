import { describe, expect, test } from 'vitest';
import { type SpecifierInput, specifierPrompt } from '../../src/prompts/specifier.ts';
import { marker, mia, note, problems, repository, said, spec, userOf } from './inputs.ts';

const { validation: _, ...wireSpec } = spec;
const first: SpecifierInput = {
  marker,
  version: 1,
  said,
  repository,
  context: 'CONTEXT',
  earlier: [],
  keepWhole: false,
};
const ac = (id: string, text = `${id} holds.`) => ({ id, text });

test('the first version knows of no other', () => {
  const prompt = specifierPrompt(first);
  expect(userOf(prompt)).toMatch(/^Spec version 1\.\n/);
  expect(userOf(prompt)).not.toContain('spec version 0');
  expect(problems(prompt, { spec: wireSpec, parts: null })).toEqual([]);
});

test('a revision shows the version before, the accepted words and the highest id', () => {
  const user = userOf(
    specifierPrompt({
      ...first,
      version: 2,
      said: { ...said, notes: [note({ by: mia, text: 'Say how much is missing.' })] },
      earlier: [spec],
    }),
  );
  expect(user).toMatch(/^Spec version 2\.\n/);
  expect(user).toMatch(/<<7f3a9c spec version 1>>\n\{\n "title": "Free shipping over \$50"/);
  expect(user).toContain('note, from Mia, accepted by the requester>>\nSay how much is missing.');
  expect(user).toContain('The highest criterion ever used is AC-2.');
});

test('the commands that must pass are those of the repository', () => {
  expect(specifierPrompt(first).read({ spec: wireSpec, parts: null })).toEqual({ kind: 'spec', spec });
});

test('a request that is too large comes back in parts', () => {
  const parts = [
    { title: 'One', words: 'Do one.' },
    { title: 'Two', words: 'Do two.' },
  ];
  const prompt = specifierPrompt(first);
  expect(problems(prompt, { spec: null, parts })).toEqual([]);
  expect(prompt.read({ spec: null, parts })).toEqual({ kind: 'split', parts });
  expect(problems(specifierPrompt({ ...first, keepWhole: true }), { spec: null, parts })).toEqual([
    'The request stays in one piece; write one spec for all of it.',
  ]);
});

describe('a first version is refused', () => {
  const rows: readonly { readonly name: string; readonly answer: unknown; readonly says: RegExp }[] = [
    { name: 'with parts too', answer: { spec: wireSpec, parts: [] }, says: /one of them must be null/ },
    { name: 'without anything', answer: { spec: null, parts: null }, says: /neither a spec nor parts/ },
    {
      name: 'with one part',
      answer: { spec: null, parts: [{ title: 'a', words: 'b' }] },
      says: /two to six parts, not 1/,
    },
    {
      name: 'with an empty part',
      answer: { spec: null, parts: [ac('x'), ac('y')].map(() => ({ title: '', words: 'b' })) },
      says: /Part 1 title/,
    },
    { name: 'with a long goal', over: { goal: 'One. Two. Three. Four.' }, says: /The goal has 4 sentences/ },
    { name: 'without criteria', over: { criteria: [] }, says: /criteria: / },
    {
      name: 'with a misnumbered criterion',
      over: { criteria: [ac('AC-1'), ac('AC-3')] },
      says: /Criterion 2 is called AC-3; call it AC-2/,
    },
    {
      name: 'with a criterion twice',
      over: { criteria: [ac('AC-1'), ac('AC-1')] },
      says: /AC-1 is there twice/,
    },
    { name: 'with an id of its own', over: { criteria: [ac('first')] }, says: /criteria\.0\.id/ },
    { name: 'with an impossible flag', over: { flag: 'Free Shipping' }, says: /flag: / },
    {
      name: 'with a path outside',
      over: { files: ['../etc/passwd'] },
      says: /files: The path "\.\.\/etc\/passwd"/,
    },
    { name: 'with an absolute path', over: { files: ['/etc/passwd'] }, says: /is absolute/ },
    { name: 'with a protected path', over: { files: ['package.json'] }, says: /package\.json is protected/ },
    { name: 'with a title without end', over: { title: 'x'.repeat(121) }, says: /title: / },
  ].map(({ name, answer, over, says }) => ({
    name,
    answer: answer ?? { spec: { ...wireSpec, ...over }, parts: null },
    says,
  }));
  test.each(rows)('$name', ({ answer, says }) => {
    expect(problems(specifierPrompt(first), answer).join('\n')).toMatch(says);
  });
  test('with all its problems at once', () => {
    const answer = { spec: { ...wireSpec, flag: 'NO', files: ['/a', 'package.json'] }, parts: null };
    expect(problems(specifierPrompt(first), answer)).toHaveLength(3);
  });
});

describe('a revision', () => {
  const three = { ...spec, criteria: [...spec.criteria, ac('AC-3')] };
  const again = specifierPrompt({ ...first, version: 3, earlier: [three, spec] });
  const [one, two] = spec.criteria;
  const rows = [
    { name: 'may change nothing', criteria: [one, two], says: [] },
    { name: 'may change words', criteria: [one, ac('AC-2', 'Other words.')], says: [] },
    { name: 'may drop one', criteria: [two], says: [] },
    { name: 'adds after the highest ever used', criteria: [one, two, ac('AC-4'), ac('AC-5')], says: [] },
    {
      name: 'never uses an id again',
      criteria: [one, two, ac('AC-3', 'Something else.')],
      says: ['The new criterion AC-3 must be called AC-4; ids are never used again.'],
    },
    {
      name: 'leaves no gap',
      criteria: [one, two, ac('AC-6')],
      says: ['The new criterion AC-6 must be called AC-4; ids are never used again.'],
    },
    {
      name: 'does not renumber',
      criteria: [{ ...two, id: 'AC-1' }],
      says: ['AC-1 was called AC-2; it keeps that id.'],
    },
  ];
  test.each(rows)('$name', ({ criteria, says }) => {
    expect(problems(again, { spec: { ...wireSpec, criteria }, parts: null })).toEqual(says);
  });
  test('keeps the flag', () => {
    expect(problems(again, { spec: { ...wireSpec, flag: 'shipping' }, parts: null })).toEqual([
      'The flag was called free-shipping; it keeps that name.',
    ]);
  });
});

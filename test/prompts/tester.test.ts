import { expect, test } from 'vitest';
import { type TesterInput, testerPrompt } from '../../src/prompts/tester.ts';
import { isLink, marker, plan, problems, read, repository, said, spec, userOf } from './inputs.ts';

const input: TesterInput = {
  marker,
  version: 1,
  attempt: 1,
  said,
  spec,
  plan,
  repository,
  context: 'CONTEXT',
  read,
  isLink,
};
const file = 'test/shipping.test.ts';
const content = `describe('shipping', () => {
  test('AC-1: ships a large cart for free', () => {});
  test('AC-2: the limit\\'s free', () => {});
});
`;
const tests = [
  { criterion: 'AC-1', file, name: 'shipping > AC-1: ships a large cart for free' },
  { criterion: 'AC-2', file, name: "shipping > AC-2: the limit's free" },
];
const edits = [{ kind: 'write', path: file, content }];

test('says which spec and attempt the tests are for', () => {
  const user = userOf(testerPrompt(input));
  expect(user).toMatch(/^Tests for spec version 1, attempt 1\.\n/);
  expect(user).toContain('signatures: shippingOf(subtotal: number): number');
  expect(user).not.toContain('rejected');
});

test('rejected tests are shown with the reason, fenced', () => {
  const rejected = { files: [{ path: file, content }], because: 'AC-2 was green on base.' };
  const user = userOf(testerPrompt({ ...input, attempt: 2, rejected }));
  expect(user).toContain(`<<${marker} rejected test file ${file}>>\ndescribe(`);
  expect(user).toContain(`why they were rejected>>\nAC-2 was green on base.\n<<${marker} end>>`);
});

test('tests of every criterion fit', () => {
  expect(problems(testerPrompt(input), { tests, edits })).toEqual([]);
});

test.each([
  {
    name: 'a criterion without a test',
    answer: { tests: tests.slice(0, 1), edits },
    says: /No test names AC-2/,
  },
  {
    name: 'an unknown criterion',
    answer: { tests: [...tests, { ...tests[0], criterion: 'AC-7', name: 'x' }], edits },
    says: /no criterion AC-7/,
  },
  { name: 'no edits', answer: { tests, edits: [] }, says: /There are no edits/ },
  {
    name: 'code',
    answer: { tests, edits: [...edits, { kind: 'write', path: 'src/shipping.ts', content: 'x' }] },
    says: /src\/shipping\.ts does not look like a test file/,
  },
  {
    name: 'a protected file',
    answer: { tests, edits: [...edits, { kind: 'write', path: 'package.json', content: 'x' }] },
    says: /package\.json is protected/,
  },
  {
    name: 'a path outside',
    answer: { tests, edits: [{ kind: 'write', path: '../test/x.test.ts', content }] },
    says: /\.\./,
  },
  {
    name: 'a path through a symbolic link',
    answer: { tests, edits: [{ kind: 'write', path: 'test/linked/x.test.ts', content }] },
    says: /leads through the symbolic link "test\/linked"/,
  },
  {
    name: 'an edit that does not match',
    answer: {
      tests,
      edits: [
        ...edits,
        { kind: 'replace', path: 'test/cart.test.ts', search: 'nothing like it', replace: 'x' },
      ],
    },
    says: /does not match/,
  },
  {
    name: 'a test that no edit writes',
    answer: { tests: [{ ...tests[0], file: 'test/other.test.ts' }, tests[1]], edits },
    says: /do not write test\/other\.test\.ts/,
  },
  {
    name: 'a name that is not in the file',
    answer: { tests: [{ ...tests[0], name: 'shipping > AC-1: something else' }, tests[1]], edits },
    says: /no test or suite called "AC-1: something else"/,
  },
  {
    name: 'a title without the id',
    answer: {
      tests: [{ ...tests[0], name: 'shipping > ships a large cart for free' }, tests[1]],
      edits: [{ kind: 'write', path: file, content }],
    },
    says: /must begin with AC-1/,
  },
  { name: 'a test twice', answer: { tests: [...tests, tests[0]], edits }, says: /Two tests are called/ },
])('refuses $name', ({ answer, says }) => {
  expect(problems(testerPrompt(input), answer).join('\n')).toMatch(says);
});

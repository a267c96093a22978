import { expect, test } from 'vitest';
import { type InterviewerInput, interviewerPrompt } from '../../src/prompts/interviewer.ts';
import { marker, problems, repository, said, userOf } from './inputs.ts';

const input: InterviewerInput = {
  marker,
  round: 1,
  said,
  repository,
  context: 'CONTEXT OF THE SHOP',
  mostQuestions: 2,
};
const question = { text: 'From which total?', options: ['$50', '$75'], default: '$50' };

test('says what it is about, and all there is to know', () => {
  const prompt = interviewerPrompt(input);
  expect(prompt.messages[0]?.content).toMatch(/^You are Slipway's interviewer\.\n/);
  const user = userOf(prompt);
  expect(user).toMatch(/^Round 1\.\nFences of this message carry the marker 7f3a9c\.\n/);
  for (const part of [
    'request, from the requester Raj>>\nFree shipping over $50',
    'types: npx tsc --noEmit',
    '- package.json',
    'high risk: src/payments/**',
    'vitest@5.1.1',
    'CONTEXT OF THE SHOP',
    'Ask at most 2 questions.',
  ]) {
    expect(user).toContain(part);
  }
});

test('numbers the questions', () => {
  const prompt = interviewerPrompt(input);
  expect(problems(prompt, { questions: [] })).toEqual([]);
  expect(prompt.read({ questions: [question, question] }).map(({ id }) => id)).toEqual(['Q-1', 'Q-2']);
});

test.each([
  { name: 'too many', questions: [question, question, question], says: /There are 3 questions; at most 2/ },
  {
    name: 'a default of its own',
    questions: [{ ...question, default: '$60' }],
    says: /default "\$60" is not one/,
  },
  { name: 'no text', questions: [{ ...question, text: '' }], says: /Q-1 text: / },
  { name: 'no options', questions: [{ ...question, options: [] }], says: /Q-1 options: / },
  {
    name: 'a long option',
    questions: [{ ...question, options: ['$50', 'x'.repeat(76)] }],
    says: /Q-1 options\.1: /,
  },
  {
    name: 'an option twice',
    questions: [{ ...question, options: ['$50', '$50'] }],
    says: /"\$50" is there twice/,
  },
])('refuses $name', ({ questions, says }) => {
  expect(problems(interviewerPrompt(input), { questions }).join('\n')).toMatch(says);
});

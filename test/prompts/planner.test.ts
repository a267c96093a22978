import { expect, test } from 'vitest';
import { type PlannerInput, plannerPrompt } from '../../src/prompts/planner.ts';
import { marker, plan, problems, repository, said, spec, userOf } from './inputs.ts';

const input: PlannerInput = { marker, version: 2, said, spec, repository, context: 'CONTEXT' };
const task = { title: 'Do it', files: ['src/a.ts'], signatures: [], criteria: ['AC-1', 'AC-2'] };

test('says which spec it plans', () => {
  const user = userOf(plannerPrompt(input));
  expect(user).toMatch(/^Plan for spec version 2\.\n/);
  expect(user).toContain('spec version 2, approved>>\n{\n "title": "Free shipping over $50"');
});

test('numbers the tasks in their order', () => {
  const prompt = plannerPrompt(input);
  const answer = { summary: plan.summary, tasks: plan.tasks.map(({ id: _, ...rest }) => rest) };
  expect(problems(prompt, answer)).toEqual([]);
  expect(prompt.read(answer)).toEqual(plan);
});

test.each([
  { name: 'no tasks', tasks: [], says: /tasks: / },
  { name: 'thirteen tasks', tasks: Array.from({ length: 13 }, () => task), says: /tasks: / },
  {
    name: 'a criterion nobody serves',
    tasks: [{ ...task, criteria: ['AC-1'] }],
    says: /No task serves AC-2\./,
  },
  {
    name: 'an unknown criterion',
    tasks: [task, { ...task, criteria: ['AC-9'] }],
    says: /no criterion AC-9\./,
  },
  { name: 'a task for nothing', tasks: [task, { ...task, criteria: [] }], says: /tasks\.1\.criteria/ },
  { name: 'a task without files', tasks: [{ ...task, files: [] }], says: /tasks\.0\.files/ },
  { name: 'a path outside', tasks: [{ ...task, files: ['../a'] }], says: /T-1: The path "\.\.\/a"/ },
  {
    name: 'a protected file',
    tasks: [{ ...task, files: ['.github/ci.yml'] }],
    says: /T-1: \.github\/ci\.yml is protected/,
  },
])('refuses $name', ({ tasks, says }) => {
  expect(problems(plannerPrompt(input), { summary: 'So.', tasks }).join('\n')).toMatch(says);
});

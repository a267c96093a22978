import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readCassette } from '../../../playground/model/cassette.ts';
import { type PlaygroundModel, startModel } from '../../../playground/model/model.ts';
import { createModel } from '../../../src/adapters/openai/model.ts';
import type { ChangedFile, Edit } from '../../../src/domain/change.ts';
import { applyEdits } from '../../../src/domain/edits.ts';
import type { Spec } from '../../../src/domain/feature/spec.ts';
import type { Note } from '../../../src/domain/feature/state.ts';
import { workflow } from '../../../src/domain/workflow.ts';
import type { Role } from '../../../src/ports.ts';
import { coderPrompt, repairPrompt } from '../../../src/prompts/coder.ts';
import { interviewerPrompt } from '../../../src/prompts/interviewer.ts';
import type { Repository, Said } from '../../../src/prompts/material.ts';
import { plannerPrompt } from '../../../src/prompts/planner.ts';
import type { Prompt } from '../../../src/prompts/prompt.ts';
import { specifierPrompt } from '../../../src/prompts/specifier.ts';
import { testerPrompt } from '../../../src/prompts/tester.ts';
import { checkTypesOfShop, readShop, testShop } from './shop-copy.ts';

const cassette = join(import.meta.dirname, '../../../playground/model/cassettes/first-feature.yml');
const raj = { id: 'U0RAJ', name: 'raj' };
const ana = { id: 'U0ANA', name: 'ana' };
let model: PlaygroundModel;
let read: (path: string) => string | undefined;
beforeAll(async () => {
  model = await startModel({ cassettes: [cassette], pace: 'instant' });
  read = await readShop();
});
afterAll(() => model.close());

async function ask<Wire, Result>(prompt: Prompt<Role, Wire, Result>): Promise<Result> {
  const door = createModel({
    endpoints: [{ name: 'playground', baseUrl: model.url, apiKey: 'none', keyVariable: 'OPENAI_API_KEY' }],
    route: () => ({ model: 'recorded', endpoint: 'playground', price: { input: 2, output: 8 } }),
    now: () => new Date(),
  });
  const request = { risk: 'medium', user: 'F-1', signal: new AbortController().signal } as const;
  return prompt.read((await door.ask<Wire>({ ...prompt, ...request })).answer);
}

function onTop(read: (path: string) => string | undefined, change: readonly ChangedFile[]) {
  return (path: string) => {
    const file = change.find((each) => each.path === path);
    return file ? (file.content ?? undefined) : read(path);
  };
}

/** The shop has no symbolic links. */
const isLink = () => false;

/** Plays the story through the real prompts and the real door; asked again, because answers were refused, fails it. */
async function play(options: { readonly suggested: boolean }) {
  const rules = workflow.parse(parse(read('.slipway.yml') ?? ''));
  const repository: Repository = {
    name: 'acme/shop',
    workflow: rules,
    dependencies: [],
    isProtected: (path) => rules.protected.includes(path),
  };
  const { request: words, suggestion = '' } = await readCassette(cassette);
  const note: Note = { ts: '2.0', by: ana, text: suggestion, standing: 'counts', read: false };
  const asked: Said = {
    request: { by: raj, words, channel: 'C1', at: '2026-11-21T10:00:00Z' },
    rounds: [],
    notes: [],
  };
  const common = { marker: 'm1', repository, context: '' };
  const before = model.journal().length;

  const questions = await ask(interviewerPrompt({ ...common, said: asked, round: 1, mostQuestions: 3 }));
  const answered: Said = { ...asked, rounds: [{ questions, answers: [], byDefault: true }] };
  const specs: Spec[] = [];
  const said = options.suggested ? { ...answered, notes: [note] } : answered;
  for (const heard of options.suggested ? [answered, said] : [said]) {
    const input = { ...common, said: heard, version: specs.length + 1, earlier: specs, keepWhole: false };
    const specified = await ask(specifierPrompt(input));
    if (specified.kind === 'spec') specs.push(specified.spec);
  }
  const spec = specs.at(-1);
  if (!spec) return expect.fail('There is no spec.');
  const version = specs.length;
  const plan = await ask(plannerPrompt({ ...common, said, version, spec }));
  const tests = await ask(testerPrompt({ ...common, said, version, attempt: 1, spec, plan, read, isLink }));
  const testChange = changeOf(read, tests.edits);

  const coder = { ...common, said, spec, plan, tests: tests.tests, testFiles: [], files: [], isLink };
  let change: readonly ChangedFile[] = [];
  for (const task of plan.tasks) {
    const { edits } = await ask(coderPrompt({ ...coder, attempt: 1, task, read: onTop(read, change) }));
    change = [...change, ...changeOf(onTop(read, change), edits)];
  }
  const repair = await ask(repairPrompt({ ...coder, attempt: 2, failures: [], read: onTop(read, change) }));
  const mended = [...change, ...changeOf(onTop(read, change), repair.edits)];
  return {
    questions,
    specs,
    plan,
    tests: tests.tests,
    paths: change.map(({ path }) => path),
    base: testChange,
    attempts: [change, mended].map((files) => [...testChange, ...files]),
    played: model.journal().slice(before),
  };
}

function changeOf(
  read: (path: string) => string | undefined,
  edits: readonly Edit[],
): readonly ChangedFile[] {
  const applied = applyEdits(read, edits);
  return 'files' in applied ? applied.files : expect.fail(JSON.stringify(applied.problems));
}

function failed(ends: ReadonlyMap<string, string>): readonly string[] {
  return [...ends].filter(([, status]) => status !== 'passed').map(([name]) => name);
}

describe.each([
  { name: 'with what ana suggested', suggested: true, criteria: ['AC-1', 'AC-2', 'AC-3', 'AC-4'], asked: 9 },
  { name: 'as it was first proposed', suggested: false, criteria: ['AC-1', 'AC-2', 'AC-3'], asked: 8 },
])('free delivery, $name', ({ suggested, criteria, asked }) => {
  let story: Awaited<ReturnType<typeof play>>;
  beforeAll(async () => {
    story = await play({ suggested });
  });

  test('asks two questions, plans three tasks, and no answer is refused', () => {
    expect(story.questions).toHaveLength(2);
    expect(story.plan.tasks.map(({ id }) => id)).toEqual(['T-1', 'T-2', 'T-3']);
    expect(story.specs.at(-1)?.criteria.map(({ id }) => id)).toEqual(criteria);
    expect(story.played).toHaveLength(asked);
    expect(new Set(story.played.map((each) => each.with))).toEqual(new Set(['answer']));
  });

  test('keeps every criterion that was there before', () => {
    expect(story.specs.at(-1)?.criteria).toEqual(expect.arrayContaining(story.specs[0]?.criteria ?? []));
    expect(story.paths).toEqual([
      'src/free-delivery.ts',
      'src/delivery.ts',
      'src/pricing.ts',
      'docs/architecture.md',
    ]);
  });

  test('the tests are red on base, one criterion fails at first, and everything passes after the repair', async () => {
    const names = story.tests.map((each) => each.name);
    const [base, first, second] = await Promise.all([story.base, ...story.attempts].map(testShop));
    if (!base || !first || !second) return expect.fail('Not everything was run.');
    expect(failed(base)).toEqual(names);
    expect(failed(first)).toEqual(['free delivery > AC-2: goods of exactly €50.00 are delivered free']);
    expect(failed(second)).toEqual([]);
    expect(second.size).toBe(base.size);
    expect(base.size).toBeGreaterThan(names.length + 40);
  }, 60_000);

  test('the types hold in both attempts', async () => {
    expect(await Promise.all(story.attempts.map(checkTypesOfShop))).toEqual(['', '']);
  }, 60_000);
});

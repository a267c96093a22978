import { describe, expect, test } from 'vitest';
import type { Question, Spec } from '../../../src/domain/feature/spec.ts';
import type { AttemptProof, FeatureState, Person } from '../../../src/domain/feature/state.ts';
import { works } from '../../../src/domain/feature/state.ts';
import { workflow } from '../../../src/domain/workflow.ts';
import {
  askModal,
  budgetModal,
  editSpecModal,
  homeOf,
  noteModal,
  oneLineOf,
  ownWordsModal,
  rejectModal,
  retryModal,
} from '../../../src/slack/views/index.ts';
import { expectAccepted, expectWellMade, screenOf } from './screen.ts';

/** What people, models and repositories might write to break a message. */
const hostile = {
  mentions: '<!channel> <!here> <!subteam^S01> <@U0EVE> <#C01> @here @channel ',
  markup: '```` ``` ` *b* _i_ ~s~ > quote\n> quote\n```js\n',
  entities: '&&&&<<<<>>>>&amp;&lt;',
  json: '"\\"\\\\\u0000\u0001\u2028\u202e\u{e0041}',
  wide: '👩‍👩‍👧‍👦é漢\ud800',
  link: '<https://evil.test|your bank> https://evil.test/?q=1&x=2 ',
  long: 'word '.repeat(10),
  one: 'x'.repeat(97),
} as const;
const bits = Object.values(hostile);

/** Text of about a length, made of all of it; `seed` turns what comes first. */
function text(length: number, seed: number): string {
  const turned = [...bits.slice(seed % bits.length), ...bits.slice(0, seed % bits.length)].join(' ');
  return turned.repeat(Math.ceil(length / turned.length)).slice(0, length);
}

const id = 'f-'.padEnd(40, '9');
const hash = 'a'.repeat(64);

function largeSpec(seed: number): Spec {
  const list = (length: number) => Array.from({ length: 30 }, (_, index) => text(length, seed + index));
  return {
    title: text(120, seed),
    goal: text(4_000, seed + 1),
    inputs: list(500),
    outputs: list(500),
    criteria: Array.from({ length: 20 }, (_, index) => ({
      id: `AC-${index + seed}`,
      text: text(2_000, seed + index),
    })),
    constraints: list(800),
    outOfScope: list(20),
    patterns: list(300),
    risk: { level: 'high', because: text(2_000, seed) },
    flag: 'f'.repeat(200),
    files: list(300),
    validation: list(300),
    estimate: { dollars: 123456.789, minutes: 99_999.5 },
  };
}

function largeProof(seed: number): AttemptProof {
  return {
    verdict: seed % 2 === 0 ? 'fail' : 'unknown',
    because: text(3_000, seed),
    report: hash,
    checks: Array.from({ length: 12 }, (_, index) => ({
      name: text(200, seed + index),
      verdict: 'tampered',
      because: text(900, index),
      head: { passed: 1, failed: 2 },
    })),
    criteria: Array.from({ length: 40 }, (_, index) => ({
      id: `AC-${index}`,
      test: text(600, seed + index),
      base: 'absent',
      head: index % 2 === 0 ? 'absent' : 'red',
    })),
    findings: Array.from({ length: 60 }, (_, index) => ({
      gate: text(100, index),
      severity: index % 3 === 0 ? 'block' : 'review',
      path: text(300, seed + index),
      line: index,
      because: text(1_000, seed + index),
    })),
    failing: Array.from({ length: 80 }, (_, index) => text(400, seed + index)),
    failures: Array.from({ length: 50 }, (_, index) => ({
      test: text(500, seed + index),
      message: text(5_000, seed + index),
    })),
    milliseconds: 7_261_000,
  };
}

/** A feature in which everything is as large and as hostile as it can be. */
function largeState(seed: number, over: Partial<FeatureState> = {}): FeatureState {
  const eve: Person = { id: seed % 2 === 0 ? 'U0EVE' : '!channel', name: text(200, seed) };
  const at = '2026-11-21T10:12:00.000Z';
  const questions: readonly Question[] = Array.from({ length: 5 }, (_, index) => ({
    id: `Q-${index + 1}`,
    text: text(3_000, seed + index),
    options: [text(75, seed), text(75, seed + 1), text(75, seed + 2), text(75, seed + 3)],
    default: text(200, seed + index),
  }));
  const part = { title: text(400, seed), words: text(4_000, seed + 1) };
  const specs = [1, 2, 3].map((version) => ({ version, spec: largeSpec(seed + version), hash, from: eve }));
  return {
    id,
    phase: { kind: 'reviewing-spec' },
    step: 7,
    request: { by: eve, words: text(8_000, seed), channel: 'C0SHOP', message: '1.000', at },
    repository: {
      name: text(140, seed),
      branch: text(200, seed),
      commit: hash,
      workflow: workflow.parse({ version: 1, owner: '@m', checks: [{ name: 'test', run: 'npm test' }] }),
    },
    rounds: [
      { questions, answers: questions.map((each) => ({ question: each.id, answer: text(4_000, seed) })) },
    ],
    notes: [{ ts: '2.000', by: eve, text: text(9_000, seed), standing: 'suggested', read: false }],
    specs,
    split: { parts: Array.from({ length: 30 }, () => part) },
    plan: {
      hash,
      context: hash,
      plan: {
        summary: text(3_000, seed),
        tasks: Array.from({ length: 12 }, (_, index) => ({
          id: `T-${index}`,
          title: text(500, seed + index),
          files: Array.from({ length: 30 }, () => text(200, seed)),
          signatures: [],
          criteria: Array.from({ length: 20 }, (_, other) => `AC-${other}`),
        })),
      },
    },
    tests: {
      tests: Array.from({ length: 60 }, (_, index) => ({
        criterion: `AC-${index}`,
        file: text(300, seed + index),
        name: text(400, seed + index),
      })),
      change: hash,
      paths: [],
    },
    attempts: [1, 2].map((number) => ({
      number,
      scope: 'all',
      built: 12,
      contexts: [],
      models: [],
      proof: largeProof(seed + number),
    })),
    attemptsAllowed: 3,
    pullRequest: {
      number: 1_234_567,
      url: `https://forge.test/${'a'.repeat(300)}?x=1&y=2`,
      draft: true,
      headSha: hash,
      branch: text(300, seed),
      files: Array.from({ length: 300 }, (_, index) => text(300, seed + index)),
    },
    spent: { dollars: 1234.5, inputTokens: 1, outputTokens: 1 },
    budget: 0.001,
    messages: [
      { key: 'root', about: { kind: 'root' }, version: 1, drawn: 0 },
      { key: 'card', about: { kind: 'card' }, version: 1, drawn: 0 },
      { key: 'repository-picker', about: { kind: 'repository-picker' }, version: 1, drawn: 0 },
      { key: 'questions/1', about: { kind: 'questions', round: 1 }, version: 1, drawn: 0 },
      { key: 'split/7', about: { kind: 'split' }, version: 1, drawn: 0 },
      ...[1, 2, 3].map((version) => ({
        key: `spec/${version}`,
        about: { kind: 'spec' as const, version },
        version: 1,
        drawn: 0,
      })),
      { key: 'suggestion/2.000', about: { kind: 'suggestion', ts: '2.000' }, version: 1, drawn: 0 },
      { key: 'plan/7', about: { kind: 'plan', hash }, version: 1, drawn: 0 },
      { key: 'proof/1', about: { kind: 'proof', attempt: 1 }, version: 1, drawn: 0 },
      { key: 'proof/2', about: { kind: 'proof', attempt: 2 }, version: 1, drawn: 0 },
      {
        key: 'blocked/7',
        about: { kind: 'blocked', because: text(9_000, seed), step: 7 },
        version: 1,
        drawn: 0,
      },
      { key: 'budget/7', about: { kind: 'budget', spent: 9, cap: 8, step: 7 }, version: 1, drawn: 0 },
      { key: 'pull-request', about: { kind: 'pull-request' }, version: 1, drawn: 0 },
      { key: 'ended', about: { kind: 'ended' }, version: 1, drawn: 0 },
      { key: 'proof/9', about: { kind: 'proof', attempt: 9 }, version: 1, drawn: 0 },
      { key: 'spec/9', about: { kind: 'spec', version: 9 }, version: 1, drawn: 0 },
    ],
    marks: {},
    updatedAt: at,
    ...over,
  };
}

function phases(seed: number): readonly FeatureState['phase'][] {
  const by: Person = { id: 'U0EVE', name: text(200, seed) };
  const because = text(3_000, seed);
  const long = Array.from({ length: 20 }, () => text(200, seed));
  return [
    { kind: 'new' },
    {
      kind: 'choosing-repository',
      choices: ['a/b', `${'o'.repeat(39)}/${'r'.repeat(100)}`, text(140, seed)],
    },
    {
      kind: 'choosing-repository',
      choices: Array.from({ length: 150 }, (_, index) => `${'o'.repeat(39)}/${'r'.repeat(96)}${index}`),
    },
    ...works.map((on) => ({ kind: 'working' as const, on, step: 7 })),
    { kind: 'answering', round: 1, questions: largeState(seed).rounds[0]?.questions ?? [] },
    { kind: 'splitting', parts: [] },
    { kind: 'reviewing-spec' },
    { kind: 'reviewing-plan' },
    { kind: 'deciding', because },
    { kind: 'blocked', on: 'prove', because, suggestion: because },
    { kind: 'over-budget', next: 'build' },
    { kind: 'proposed' },
    { kind: 'split' },
    { kind: 'rejected', by, because },
    { kind: 'taken-over', by },
    { kind: 'stopped', by, done: long, inProgress: because, remains: long },
  ];
}

const options = {
  webUrl: `https://slipway.test/${'p'.repeat(200)}`,
  approvers: Array.from({ length: 50 }, (_, index) => `U0${index}`),
};

describe('whatever the state holds, Slack takes every message, and nothing in it mentions or breaks out', () => {
  test.each([0, 1, 4, 7])('turned by %i', (seed) => {
    const large = largeState(seed);
    for (const phase of phases(seed)) {
      const state = { ...large, phase };
      for (const { key, about } of state.messages) {
        const screen = screenOf(state, key, options);
        expectWellMade(screen, about.kind);
      }
    }
  });
});

describe('limits that are not those of the whole message', () => {
  const state = largeState(3);

  test('a spec keeps every criterion of twenty, shortened, and its buttons', () => {
    const screen = screenOf(state, 'spec/3', options);
    for (const { id: criterion } of state.specs[2]?.spec.criteria ?? []) {
      expect(screen.text).toContain(`*${criterion}* `);
    }
    expect(screen.buttons.map(({ label }) => label)).toEqual([
      'Approve spec v3',
      'Edit spec v3…',
      'Reject spec v3…',
    ]);
  });

  test('what is left out is counted', () => {
    expect(screenOf(state, 'proof/2', options).text).toMatch(/… \(\d+ more\)/);
    expect(screenOf(state, 'pull-request', options).text).toMatch(/… \(\d+ more\)/);
  });
});

test('dialogs and the home are taken by Slack too', () => {
  for (const seed of [0, 1, 2, 3, 4, 5, 6, 7]) {
    const state = largeState(seed);
    expectAccepted(askModal({ channel: 'C0SHOP', words: text(9_000, seed), message: '1.000' }), 'modal');
    expectAccepted(editSpecModal(state, 3), 'modal');
    expectAccepted(editSpecModal(state, 9), 'modal');
    expectAccepted(rejectModal({ id, version: 123 }), 'modal');
    expectAccepted(retryModal({ id, attempt: 12 }), 'modal');
    expectAccepted(budgetModal(state, 7), 'modal');
    expectAccepted(ownWordsModal(state, 1), 'modal');
    expectAccepted(noteModal({ id }), 'modal');
    const many = Array.from({ length: 300 }, () => ({ ...state, phase: { kind: 'proposed' as const } }));
    expectAccepted(
      {
        type: 'home',
        blocks: homeOf({ mine: [...many, state], waiting: many, rollouts: { mine: [], waiting: [] } }),
      },
      'home',
    );
  }
});

test('a line about a feature is one line, and calls nobody', () => {
  const large = largeState(5);
  for (const phase of phases(5)) {
    const line = oneLineOf({ ...large, phase });
    expect(line).not.toMatch(/\n|<|@here/);
    expect(line.length).toBeLessThan(500);
  }
});

import type { FeatureCommand, PersonCommand } from '../../../src/domain/feature/commands.ts';
import type { FeatureEvent, Thinking } from '../../../src/domain/feature/events.ts';
import { feature } from '../../../src/domain/feature/feature.ts';
import { workKey } from '../../../src/domain/feature/pending.ts';
import type { Spec } from '../../../src/domain/feature/spec.ts';
import type { AttemptProof, FeatureState } from '../../../src/domain/feature/state.ts';
import type { Actor, Right } from '../../../src/domain/process.ts';
import { workflow } from '../../../src/domain/workflow.ts';

const allRights: readonly Right[] = ['request', 'steer', 'approve', 'stop', 'administer'];
export const raj: Actor = { kind: 'person', id: 'U0RAJ', name: 'raj', rights: ['request'] };
export const ana: Actor = { kind: 'person', id: 'U0ANA', name: 'ana', rights: ['request'] };
export const mei: Actor = { kind: 'person', id: 'U0MEI', name: 'mei', rights: allRights };
const job: Actor = { kind: 'job', name: 'test' };

export const thinking = (dollars = 0.1): Thinking => ({
  cost: { model: 'standard-1', inputTokens: 1000, outputTokens: 200, dollars },
  prompt: 'a'.repeat(64),
  answer: 'b'.repeat(64),
});

export const specOf = (overrides: Partial<Spec> = {}): Spec => ({
  title: 'Free shipping',
  goal: 'Orders over €50 ship free.',
  inputs: ['the order total'],
  outputs: ['the shipping price'],
  criteria: [
    { id: 'AC-1', text: 'An order of €50.00 ships free.' },
    { id: 'AC-2', text: 'An order of €49.99 pays €4.90.' },
  ],
  constraints: [],
  outOfScope: [],
  patterns: [],
  risk: { level: 'low', because: 'one pure function' },
  flag: 'free-shipping',
  files: ['src/shipping.ts'],
  validation: ['npx vitest run'],
  estimate: { dollars: 0.5, minutes: 5 },
  ...overrides,
});

/** Any metric; a rollout needs one. */
const counters = { type: 'events', total: 'requests_total', bad: 'errors_total' };

const plan = {
  summary: 'Add a threshold.',
  tasks: [
    { id: 'T-1', title: 'Threshold', files: ['src/shipping.ts'], signatures: [], criteria: ['AC-1'] },
    { id: 'T-2', title: 'Use it', files: ['src/cart.ts'], signatures: [], criteria: ['AC-2'] },
  ],
};

export const proofOf = (
  verdict: 'pass' | 'fail' | 'unknown',
  failing: readonly string[] = [],
): AttemptProof => ({
  verdict,
  because: verdict === 'pass' ? 'All 2 criteria are proved.' : `${failing.length} tests fail.`,
  report: 'c'.repeat(64),
  checks: [],
  criteria: [{ id: 'AC-1', test: 'ships free', base: 'red', head: verdict === 'pass' ? 'green' : 'red' }],
  findings: [],
  failing,
  failures: failing.map((test) => ({ test, message: 'expected 0, received 490' })),
  milliseconds: 1000,
});

/** A feature driven by commands, as the engine would, without the engine. */
export function startStory(
  options: { readonly budget?: number; readonly attempts?: number; readonly rollout?: boolean } = {},
) {
  let state: FeatureState = feature.initial;
  const events: FeatureEvent[] = [];
  const now = new Date('2026-11-21T10:00:00Z');

  const send = (command: FeatureCommand, by: Actor): string | undefined => {
    const decision = feature.decide(state, command, by, now);
    if ('refuse' in decision) return decision.refuse;
    for (const event of decision.accept) {
      events.push(event);
      state = feature.evolve(state, event, now.toISOString());
    }
    return undefined;
  };
  const key = () => workKey(state) ?? 'none';
  const answer = (command: FeatureCommand) => send(command, job);

  const story = {
    state: () => state,
    phase: () => state.phase.kind,
    work: () => (state.phase.kind === 'working' ? state.phase.on : undefined),
    events: () => events.map((event) => event.type),
    because: () => events.at(-1)?.because,
    send,
    answer,
    key,
    ask: (overrides: Partial<Extract<PersonCommand, { type: 'ask' }>> = {}, by: Actor = raj) =>
      send(
        {
          type: 'ask',
          id: 'f-test',
          words: 'Orders over €50 ship free.',
          channel: 'C0SHOP',
          message: '1.000',
          repositories: ['acme/shop'],
          ...overrides,
        },
        by,
      ),
    read: () =>
      answer({
        type: 'repository-read',
        key: key(),
        branch: 'main',
        commit: 'd'.repeat(40),
        workflow: workflow.parse({
          version: 1,
          owner: '@maria',
          checks: [{ name: 'test', run: 'npx vitest run' }],
          budget: { perFeature: options.budget ?? 4 },
          thresholds: { attempts: options.attempts ?? 3 },
          ...(options.rollout && { rollout: { metrics: [{ name: 'errors', source: counters }] } }),
        }),
        workflowHash: 'e'.repeat(64),
      }),
    interview: (count = 1) =>
      answer({
        type: 'interviewed',
        key: key(),
        questions: Array.from({ length: count }, (_, index) => ({
          id: `Q-${index + 1}`,
          text: 'Does exactly €50 ship free?',
          options: ['Yes', 'No'],
          default: 'Yes',
        })),
        thinking: thinking(),
        notes: [],
      }),
    specify: (overrides: Partial<Spec> = {}, notes: readonly string[] = []) =>
      answer({
        type: 'specified',
        key: key(),
        spec: specOf(overrides),
        hash: `hash-${state.specs.length + 1}`,
        thinking: thinking(),
        notes,
      }),
    approve: (by: Actor = mei) => {
      const version = state.specs.length;
      return send({ type: 'approve-spec', version, hash: `hash-${version}` }, by);
    },
    plan: () =>
      answer({
        type: 'planned',
        key: key(),
        plan,
        hash: 'plan-1',
        context: 'f'.repeat(64),
        thinking: thinking(),
        notes: [],
      }),
    writeTests: () =>
      answer({
        type: 'tests-written',
        key: key(),
        tests: [{ criterion: 'AC-1', file: 'test/shipping.test.ts', name: 'ships free' }],
        change: 'change-tests',
        paths: ['test/shipping.test.ts'],
        thinking: thinking(),
        notes: [],
      }),
    build: (task: string, notes: readonly string[] = []) =>
      answer({
        type: 'built',
        key: key(),
        task,
        change: `change-${task}`,
        context: 'f'.repeat(64),
        thinking: thinking(),
        notes,
      }),
    prove: (verdict: 'pass' | 'fail' | 'unknown', failing: readonly string[] = []) =>
      answer({ type: 'proved', key: key(), proof: proofOf(verdict, failing) }),
    propose: () =>
      answer({
        type: 'pull-request-opened',
        key: key(),
        number: 7,
        url: 'http://forge.test/acme/shop/pull/7',
        draft: true,
        headSha: '9'.repeat(40),
        branch: 'slipway/f-test-free-shipping',
        files: ['src/shipping.ts'],
      }),
    /** Up to the point where attempt 1 is about to be proved. */
    untilProof: (overrides: Partial<Spec> = {}) => {
      story.ask();
      story.read();
      story.interview(0);
      story.specify(overrides);
      story.approve();
      story.plan();
      story.writeTests();
      story.build('T-1');
      story.build('T-2');
      return story;
    },
  };
  return story;
}

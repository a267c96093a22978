import { describe, expect, test } from 'vitest';
import { beginEvidence } from '../../../src/domain/rollout/evidence/evidence.ts';
import type { MetricSettings } from '../../../src/domain/rollout/settings.ts';
import { rolloutSettings } from '../../../src/domain/rollout/settings.ts';
import {
  type HoldReason,
  initial,
  type Phase,
  type RolloutState,
} from '../../../src/domain/rollout/state.ts';
import {
  homeOf,
  overrideModal,
  rolloutCardView,
  rolloutLineOf,
  rolloutPlanView,
  rolloutViewOf,
  rolloutWhyView,
} from '../../../src/slack/views/index.ts';
import { planFrom } from '../../domain/rollout/story.ts';
import { expectAccepted, expectWellMade, screenOfView } from './screen.ts';

/** What people, settings and services might write to break a message. */
const hostile =
  '<!channel> @here <@U0EVE> <https://evil.test|bank> ``` *b* _i_ &amp;&lt; "\\"\u0000\u202e 👩‍👩‍👧 > quote\n> quote ';
const text = (length: number, seed = 0) =>
  (hostile.slice(seed) + hostile).repeat(Math.ceil(length / hostile.length)).slice(0, length);

const at = '2026-11-21T10:00:00.000Z';
const person = { id: 'U0RAJ', name: text(200) };
const kinds = ['guardrail', 'tripwire', 'signal', 'success'] as const;

/** As many and as long as the settings allow. */
const metrics: readonly MetricSettings[] = Array.from({ length: 20 }, (_, index) => {
  const kind = kinds[index % 4] ?? 'guardrail';
  return {
    name: `${index} ${text(57, index)}`,
    kind,
    source:
      index % 3 === 0
        ? { type: 'latency', provider: 'prometheus', buckets: text(900, index), boundaries: [0.1, 0.5, 2.5] }
        : { type: 'events', provider: 'prometheus', total: text(900, index), bad: text(900, index) },
    onHarm: 'off',
    weight: 1,
    compareWith: index % 5 === 0 ? 'history' : 'cohort',
    ...(kind === 'tripwire' && { limit: 0.0123456789 }),
  };
});
const plan = {
  ...planFrom(),
  environments: Array.from({ length: 8 }, (_, index) => `${index}${text(200, index)}`),
  stages: [1, 2, 4, 8, 16, 30, 50, 75, 90, 99].map((percent) => ({
    percent,
    minSoakMinutes: 12345.678,
    maxSoakMinutes: 99999.99,
    tolerance: 0.123456,
  })),
  metrics,
};
const bounds = { alpha: 0.008, beta: 0.05, rho0: 1.05, hours: 24, stages: 10, restarts: true };
const evidence = Object.fromEntries(
  metrics.map(({ name, source }, index) => {
    const strata = source.type === 'latency' ? 3 : 1;
    const begun = beginEvidence({ strata, bounds, tolerance: 0.123456 });
    const stage = begun.stage.map(() => ({
      exposed: { n: 123_456_789, bad: 12_345_678 },
      control: { n: 9_876_543_210, bad: 123_456_789 },
    }));
    const last = (['counted', 'no-data', 'provider-down', 'none'] as const)[index % 4] ?? 'none';
    return [
      name,
      {
        ...begun,
        stage,
        last,
        lastBecause: text(2000, index),
        harm: { ...begun.harm, logE: index * 3 - 20 },
        safety: { ...begun.safety, logS: index - 8 },
      },
    ];
  }),
);

const reasons: readonly HoldReason[] = [
  'person',
  'max-soak',
  'drift',
  'sample-ratio',
  'harm',
  'signal',
  'no-data',
  'provider-down',
  'flag-service',
  'freeze',
  'dependency',
  'other-rollout',
];
const because = text(5000);
const phases: readonly Phase[] = [
  { kind: 'new' },
  { kind: 'planned' },
  { kind: 'planned', waitsFor: { reason: 'plan-problem', because } },
  { kind: 'planned', waitsFor: { reason: 'unprovable', because }, checkAt: at },
  { kind: 'rehearsing', since: '2026-11-21T10:00:00.000Z' },
  { kind: 'ramping' },
  ...reasons.map((reason): Phase => ({ kind: 'holding', reason, because, since: at })),
  { kind: 'halted', because, at, metrics: metrics.map(({ name }) => name) },
  { kind: 'halted', because, at, metrics: [], by: person },
  { kind: 'rolled-back', because, at, by: person },
  { kind: 'finished', at },
];

const large: RolloutState = {
  ...initial,
  id: 'r-'.padEnd(40, '9'),
  flag: text(200),
  title: text(500),
  origin: { kind: 'feature', feature: text(90), repository: text(200) },
  owner: person,
  channel: 'C0SHOP',
  thread: '1.0001',
  startedAt: '2026-11-01T10:00:00.000Z',
  updatedAt: at,
  phase: { kind: 'new' },
  plan,
  environment: 7,
  stage: 5,
  wanted: { percent: 30 },
  soakFrom: at,
  lastTickAt: '2026-11-21T11:00:00.000Z',
  evidence,
  verdict: { name: 'undecided', because, at },
  sampleRatio: { before: 3, exposed: 123_456, control: 999_999_999, percent: 30, logE: 12 },
  override: { by: person, reason: text(3000), at, environment: plan.environments[7] ?? '', stage: 5 },
  issue: { key: text(90), url: 'https://jira.example/browse/SHOP-1' },
  issueProblem: text(900),
  off: {
    wantedAt: at,
    doneAt: at,
    clientsOffAt: '2026-11-21T10:00:09.000Z',
    route: 'zero',
    problem: text(900),
  },
  rehearsal: {
    at,
    offSeconds: 2,
    checks: Array.from({ length: 12 }, (_, index) => ({
      name: text(90),
      ok: index % 2 === 0,
      detail: text(900),
    })),
  },
  forecast: {
    traffic: Object.fromEntries(metrics.map(({ name }) => [name, { perMinute: 12_345.6, badShare: 0.0123 }])),
    stages: plan.stages.map(({ percent, tolerance }, index) => ({
      percent,
      tolerance,
      minutesToSafe: index % 2 === 0 ? null : 12_345,
      expectedEvents: index % 3 === 0 ? null : 1_234_567,
      because: text(900),
    })),
  },
  stages: Array.from({ length: 60 }, (_, index) => ({
    environment: plan.environments[index % 8] ?? '',
    percent: 30,
    from: at,
    to: '2026-11-21T12:34:56.000Z',
    left: index % 7 === 0 ? 'halted' : 'overridden',
    because,
  })),
  messages: [
    { key: 'root', about: { kind: 'rollout-root' }, version: 1, drawn: 0 },
    { key: 'card', about: { kind: 'rollout-card' }, version: 1, drawn: 0 },
    { key: 'plan', about: { kind: 'rollout-plan' }, version: 1, drawn: 0 },
    ...reasons.flatMap((reason) =>
      [at, '2026-11-21T09:00:00.000Z'].map((since) => ({
        key: `hold/${reason}/${since}`,
        about: { kind: 'rollout-hold', reason, because, at: since } as const,
        version: 1,
        drawn: 0,
      })),
    ),
    { key: 'override/x', about: { kind: 'rollout-override', at }, version: 1, drawn: 0 },
    { key: 'override/old', about: { kind: 'rollout-override', at: '2020' }, version: 1, drawn: 0 },
    { key: 'halt/1', about: { kind: 'rollout-halt' }, version: 1, drawn: 0 },
    { key: 'halt/2', about: { kind: 'rollout-halt' }, version: 1, drawn: 0 },
    { key: 'rolled-back', about: { kind: 'rollout-rolled-back' }, version: 1, drawn: 0 },
    {
      key: 'promoted/7',
      about: { kind: 'rollout-promoted', environment: plan.environments[7] ?? '' },
      version: 1,
      drawn: 0,
    },
    { key: 'finished', about: { kind: 'rollout-finished' }, version: 1, drawn: 0 },
  ],
};

const options = { onCall: ['U0ANA', 'U0KIM', 'U0A', 'U0B', 'U0C', 'U0D'], webUrl: 'https://slipway.example' };

describe('whatever the state holds, Slack takes every message, and nothing in it mentions or breaks out', () => {
  test('the settings above are ones that a file may have', () => {
    const wide = { ...metrics[0], name: 'x'.repeat(60) };
    expect(rolloutSettings.safeParse({ metrics: [wide] }).error).toBeUndefined();
  });

  test.each(
    phases.map((phase) => [phase.kind === 'holding' ? `holding: ${phase.reason}` : phase.kind, phase]),
  )('%s', (_name, phase) => {
    for (const sized of [
      large,
      { ...large, stage: -1 },
      { ...initial, id: 'r-1', flag: 'wishlist', messages: large.messages },
    ]) {
      const state: RolloutState = { ...sized, phase };
      for (const { key } of state.messages) {
        for (const chart of [{ file: 'F0CHART' }, { problem: text(900) }]) {
          const drawn = screenOfView(rolloutViewOf(state, key, { ...options, chart }));
          // The card and the root name people without telling them: they are edited, not posted.
          const kind = ['root', 'card'].includes(key) ? key : key.startsWith('halt') ? 'halt' : key;
          expectWellMade(drawn, kind);
        }
      }
      for (const view of [rolloutCardView(state, {}), rolloutPlanView(state, {}), rolloutWhyView(state)])
        expectWellMade(screenOfView(view), 'card');
      expect(rolloutLineOf(state)).not.toMatch(/<(?!!date)/);
    }
  });

  test('the dialog and the home', () => {
    expectAccepted(overrideModal({ id: large.id, environment: 3, stage: 4 }), 'modal');
    const many = Array.from({ length: 20 }, () => ({ ...large, phase: phases[8] ?? large.phase }));
    const over: RolloutState = { ...large, phase: { kind: 'finished', at } };
    expectAccepted(
      {
        type: 'home',
        blocks: homeOf({ mine: [], waiting: [], rollouts: { mine: [...many, over], waiting: many } }),
      },
      'home',
    );
  });
});

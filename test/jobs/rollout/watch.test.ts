import { expect, test } from 'vitest';
import { GiveUp, NotYet, TryAgain } from '../../../src/errors.ts';
import { watch } from '../../../src/jobs/rollout/watch.ts';
import { fleetOf, thrownBy } from '../bench.ts';
import { counts, flagsOf, metricsOf, now, plan, rolloutOf, runJob, sight } from './doors.ts';

const before = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();

const writtenBefore = (seconds: number) => ({
  change: 1,
  percent: 1,
  strategy: 's1',
  stickiness: 'userId',
  at: before(600),
  countFrom: before(seconds),
});

test.each([
  ['a tick begins where the last one ended', { lastTickAt: before(65) }, before(65)],
  [
    'nothing from before the clients followed is counted',
    { lastTickAt: before(300), written: writtenBefore(70) },
    before(70),
  ],
  ['after a pause no more than five ticks are counted', { lastTickAt: before(3600) }, before(180)],
])('%s', async (_what, state, from) => {
  const { metrics, windows } = metricsOf(() => counts(10, 990));
  await runJob(watch, { state: rolloutOf(state), tools: { metrics } });
  expect(windows).toEqual([{ from, to: before(plan.lagSeconds) }]);
});

test('while clients follow a change it is not yet time', async () => {
  const state = rolloutOf({ lastTickAt: before(300), written: writtenBefore(40) });
  const thrown = await thrownBy(runJob(watch, { state }));
  expect(thrown).toBeInstanceOf(NotYet);
  expect(thrown).toMatchObject({ afterMs: 20_000 });
});

test.each([
  ['a provider that does not answer', new TryAgain('Prometheus does not answer.'), 'provider-down'],
  ['a question that cannot be answered', new GiveUp('There is no label cohort.'), 'no-data'],
])('%s is what the tick says, not a failed job', async (_what, error, kind) => {
  const { metrics } = metricsOf(() => Promise.reject(error));
  const command = await runJob(watch, { state: rolloutOf({ lastTickAt: before(65) }), tools: { metrics } });
  expect(command).toMatchObject({
    type: 'ticked',
    tick: { readings: { 'orders that fail': { kind, because: error.message } }, flag: sight },
  });
});

test('a flag service that does not answer leaves the counts alone', async () => {
  const { flags } = flagsOf({}, { look: () => Promise.reject(new TryAgain('Unleash is down.')) });
  const command = await runJob(watch, { state: rolloutOf({ lastTickAt: before(65) }), tools: { flags } });
  expect(command).toMatchObject({ type: 'ticked', tick: { flagProblem: 'Unleash is down.' } });
  expect(command).not.toHaveProperty('tick.flag');
});

test('a flag that cannot be ramped any more is said to be so', async () => {
  const { flags } = flagsOf({});
  const command = await runJob(watch, { state: rolloutOf({ lastTickAt: before(65) }), tools: { flags } });
  expect(command).toMatchObject({
    tick: { flagUnfit: true, flagProblem: 'There is no flag free-shipping in production.' },
  });
});

const early = '2026-11-21T09:00:00.000Z';
const late = '2026-11-21T10:30:00.000Z';
const planned = { kind: 'planned' } as const;
const ramping = { kind: 'ramping' } as const;
const other = { id: 'r-other', flag: 'gift-wrap' };

test.each([
  ['another that began before', { phase: ramping, startedAt: early }, ramping, true],
  ['another that began later', { phase: ramping, startedAt: late }, ramping, false],
  ['another that has not begun', { phase: planned, startedAt: early }, ramping, false],
  ['one under way, for one that has not begun', { phase: ramping, startedAt: late }, planned, true],
  ['one asked for before, for one that has not begun', { phase: planned, startedAt: early }, planned, true],
  ['one asked for later, for one that has not begun', { phase: planned, startedAt: late }, planned, false],
  [
    'one that waits for a person to begin',
    { phase: { kind: 'planned', waitsFor: { reason: 'unprovable', because: '' } }, startedAt: early },
    planned,
    false,
  ],
  [
    'one that begins by itself when a freeze ends',
    {
      phase: { kind: 'planned', waitsFor: { reason: 'freeze', because: '' }, checkAt: late },
      startedAt: early,
    },
    planned,
    true,
  ],
  ['one whose plan is not read', { phase: planned, startedAt: early, plan: undefined }, planned, false],
  [
    'one that is halted',
    { phase: { kind: 'halted', because: '', at: early, metrics: [] }, startedAt: early },
    ramping,
    false,
  ],
  [
    'one of another environment',
    { phase: ramping, startedAt: early, plan: { ...plan, environments: ['staging'] } },
    ramping,
    false,
  ],
  [
    'one that watches something else',
    {
      phase: ramping,
      startedAt: early,
      plan: {
        ...plan,
        metrics: plan.metrics.map((metric) => ({
          ...metric,
          source: { ...metric.source, bad: 'other_total' },
        })),
      },
    },
    ramping,
    false,
  ],
] as const)('of two that share a guardrail one moves: %s', async (_what, rival, phase, waits) => {
  const { plan: rivalPlan = plan, ...rest } = { plan, ...rival };
  const competitor = rolloutOf({ ...other, ...rest });
  const open =
    rival && 'plan' in rival && rival.plan === undefined
      ? withoutPlan(competitor)
      : { ...competitor, plan: rivalPlan };
  const state = rolloutOf({ phase, lastTickAt: before(65) });
  const command = await runJob(watch, { state, tools: { fleet: fleetOf([open, state]).fleet } });
  const obstacle = 'obstacle' in command ? command.obstacle : undefined;
  expect(obstacle?.reason).toBe(waits ? 'other-rollout' : undefined);
  if (waits) expect(obstacle?.because).toContain('The rollout of gift-wrap');
});

function withoutPlan<State extends { plan?: unknown }>({ plan: _plan, ...state }: State) {
  return state;
}

test.each([
  ['off', { ...sight, enabled: false }, 'which is off in production'],
  ['on for some', { ...sight, percent: 25 }, 'which is at 25 % in production'],
  ['on for everybody', { ...sight, percent: 100 }, undefined],
])('a flag it depends on that is %s', async (_what, parent, sentence) => {
  const { flags } = flagsOf({ 'free-shipping': sight, checkout: parent });
  const state = rolloutOf({ lastTickAt: before(65), plan: { ...plan, dependsOn: ['checkout'] } });
  const command = await runJob(watch, { state, tools: { flags } });
  const because = 'obstacle' in command ? command.obstacle?.because : undefined;
  if (sentence === undefined) expect(because).toBeUndefined();
  else expect(because).toContain(sentence);
});

import { describe, expect, test } from 'vitest';
import { cannotBeProved, forecast } from '../../../src/domain/rollout/planner.ts';

const bounds = { beta: 0.05 };
const traffic = { errors: { perMinute: 6000, badShare: 0.005 } };
const stage = (
  percent: number,
  tolerance: number,
  more: { readonly min?: number; readonly max?: number } = {},
) => ({
  percent,
  tolerance,
  minSoakMinutes: more.min ?? 0,
  maxSoakMinutes: more.max ?? 1440,
});

describe('minutes until a harmless change is proved safe, at 100 requests a second and 0.5 % errors', () => {
  test.each([
    [1, 1, 55],
    [1, 0.5, 168],
    [5, 1, 12],
    [5, 0.5, 42],
    [5, 0.2, 220],
    [25, 1, 4],
    [25, 0.5, 13],
    [25, 0.2, 67],
    [50, 1, 3],
    [50, 0.5, 10],
    [50, 0.2, 55],
  ])('at %d %% a rise of %d: %d, as simulated', (percent, tolerance, simulated) => {
    const [found] = forecast({ stages: [stage(percent, tolerance)], traffic, bounds, swing: 0.5 }).stages;
    // The simulation counts from the first minute, the forecast from its beginning.
    expect(Math.abs((found?.minutesToSafe ?? 0) - simulated - 0.5) / (simulated + 0.5)).toBeLessThan(0.12);
  });
});

test('steady traffic needs the bad events that the rule of thumb says', () => {
  const { stages } = forecast({
    stages: [stage(1, 1), stage(1, 0.5), stage(1, 0.2, { max: 4000 })],
    traffic,
    bounds,
  });
  const events = stages.map(({ expectedEvents }) => expectedEvents ?? 0);
  expect(events[0]).toBeGreaterThan(8);
  expect(events[0]).toBeLessThan(10);
  expect(events[1]).toBeGreaterThan(26);
  expect(events[1]).toBeLessThan(34);
  expect(events[2]).toBeGreaterThan(110);
  expect(events[2]).toBeLessThan(200);
});

test('what can be proved is said with its time, what cannot with its limit', () => {
  const found = forecast({
    stages: [
      stage(1, 1, { min: 10 }),
      stage(1, 0.2, { max: 720 }),
      stage(25, 1, { min: 10 }),
      stage(100, 0.05),
    ],
    traffic,
    bounds,
    swing: 0.5,
  });
  expect(found.traffic).toBe(traffic);
  expect(found.stages.map(({ minutesToSafe }) => minutesToSafe)).toEqual([55.9, 665.6, 10, null]);
  expect(found.stages.map(({ because }) => because)).toEqual([
    'at 1 % this needs 56 min',
    'at 1 % this needs 11.1 h',
    'at 25 % this needs 10 min, its shortest soak (the proof needs 4 min)',
    'at 100 % nothing can be proved: nobody is left to compare with',
  ]);
  expect(cannotBeProved(found)).toEqual([
    'at 1 % a rise of 10 % cannot be ruled out within 24 h at this traffic',
    'at 1 % a rise of 10 % cannot be ruled out within 12 h at this traffic',
    'at 100 % nothing can be proved: nobody is left to compare with',
  ]);
});

test('a stage whose proof is impossible is said to be before it begins', () => {
  const [found] = forecast({ stages: [stage(1, 0.2, { max: 600 })], traffic, bounds, swing: 0.5 }).stages;
  expect(found).toEqual({
    percent: 1,
    tolerance: 0.2,
    minutesToSafe: null,
    expectedEvents: null,
    because: 'at 1 % a rise of 20 % cannot be ruled out within 10 h at this traffic',
  });
});

test('the slowest guardrail decides', () => {
  const both = { errors: { perMinute: 6000, badShare: 0.005 }, payments: { perMinute: 60, badShare: 0.1 } };
  const [found] = forecast({ stages: [stage(5, 1)], traffic: both, bounds }).stages;
  expect(found?.because).toBe(`at 5 % this needs ${Math.round(found?.minutesToSafe ?? 0)} min for payments`);
});

test('events that cluster take as many times longer as they are over-dispersed', () => {
  const minutes = (phi: number) =>
    forecast({ stages: [stage(5, 0.5)], traffic, bounds, phi }).stages[0]?.minutesToSafe ?? 0;
  expect(minutes(3) / minutes(1)).toBeGreaterThan(2.8);
  expect(minutes(3) / minutes(1)).toBeLessThan(3.2);
});

test.each([
  ['no guardrail', {}, 'there is no guardrail'],
  ['no data', { errors: undefined }, 'errors has no traffic'],
  ['no traffic', { errors: { perMinute: 0, badShare: 0.1 } }, 'errors has no traffic'],
  [
    'nothing bad ever',
    { errors: { perMinute: 9, badShare: 0 } },
    'errors had no bad events that a rise could be seen in',
  ],
])('%s: nothing can be proved', (_, given, why) => {
  const [found] = forecast({ stages: [stage(5, 0.5)], traffic: given, bounds }).stages;
  expect(found).toMatchObject({ minutesToSafe: null, because: `at 5 % nothing can be proved: ${why}` });
});

test.each([1e-3, 1, 1e3, 1e6, 1e9])('traffic of %d bad events a minute is answered for', (perMinute) => {
  const { stages } = forecast({
    stages: [1, 50, 99].map((percent) => stage(percent, 0.05, { min: 10 })),
    traffic: { errors: { perMinute: perMinute * 10, badShare: 0.1 } },
    bounds,
  });
  for (const { minutesToSafe } of stages) {
    if (perMinute >= 1e6) expect(minutesToSafe).toBe(10);
    else if (perMinute <= 1) expect(minutesToSafe).toBeNull();
  }
});

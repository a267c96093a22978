import { describe, expect, test } from 'vitest';
import { pointsOf, unitOf } from '../../src/chart/points.ts';
import type { Reading, Tick } from '../../src/domain/rollout/reading.ts';

const start = Date.parse('2026-11-21T12:00:00Z');
const at = (minute: number) => new Date(start + minute * 60_000).toISOString();
const counted = (exposed: [number, number], control: [number, number]): Reading => ({
  kind: 'counts',
  strata: [{ exposed: { n: exposed[0], bad: exposed[1] }, control: { n: control[0], bad: control[1] } }],
});
const tick = (minute: number, errors: Reading): Tick => ({
  at: at(minute),
  from: at(minute - 1),
  readings: { errors },
});

test('few exposed events are no point of their own, up to where nothing is known', () => {
  const ticks = [
    tick(1, counted([10, 5], [1000, 10])),
    tick(2, counted([10, 0], [1000, 10])),
    tick(3, counted([10, 1], [1000, 10])),
    tick(4, counted([40, 4], [1000, 10])),
    tick(5, counted([5, 1], [1000, 10])),
    tick(6, { kind: 'no-data', because: 'nothing' }),
    tick(7, counted([5, 0], [1000, 20])),
  ];
  expect(pointsOf(ticks, 'errors')).toEqual([
    { at: at(3), exposed: 0.2, control: 0.01 },
    { at: at(4), exposed: 0.1, control: 0.01 },
    { at: at(5), exposed: 0.2, control: 0.01 },
    { at: at(6), exposed: null, control: null },
    { at: at(7), exposed: 0, control: 0.02 },
  ]);
});

describe('a tick becomes a point', () => {
  test.each<[string, Reading, number | null, number | null]>([
    ['a share of each cohort', counted([100, 2], [1000, 10]), 0.02, 0.01],
    ['nobody exposed', counted([0, 0], [1000, 10]), null, 0.01],
    ['no data', { kind: 'no-data', because: 'nothing' }, null, null],
    ['the provider is down', { kind: 'provider-down', because: 'refused' }, null, null],
    ['a gauge as it is', { kind: 'gauge', exposed: 12.5, control: 11 }, 12.5, 11],
    [
      'past weeks instead of a control',
      {
        kind: 'historic',
        now: { n: 100, bad: 5 },
        past: [
          { n: 100, bad: 1 },
          { n: 300, bad: 3 },
        ],
      },
      0.05,
      0.01,
    ],
    [
      'of a latency the slowest boundary',
      {
        kind: 'counts',
        strata: [
          { exposed: { n: 10, bad: 5 }, control: { n: 10, bad: 5 } },
          { exposed: { n: 10, bad: 1 }, control: { n: 10, bad: 0 } },
        ],
      },
      0.1,
      0,
    ],
  ])('%s', (_name, reading, exposed, control) => {
    expect(pointsOf([tick(1, reading)], 'errors')).toEqual([{ at: at(1), exposed, control }]);
  });

  test('another metric has none', () => {
    expect(pointsOf([tick(1, counted([1, 1], [1, 1]))], 'latency')).toEqual([
      { at: at(1), exposed: null, control: null },
    ]);
  });
});

test('a day of ticks is summed to what a chart can show, and no event is lost', () => {
  const ticks = Array.from({ length: 1440 }, (_, minute) =>
    tick(minute, counted([10, minute % 2], [100, 1])),
  );
  const points = pointsOf(ticks, 'errors');
  expect(points.length).toBe(120);
  expect(points.every((point) => point.exposed === 0.05 && point.control === 0.01)).toBe(true);
  expect(points.at(-1)?.at).toBe(at(1439));
});

test('no ticks, no points', () => expect(pointsOf([], 'errors')).toEqual([]));

test('only a gauge is a value', () => {
  expect(unitOf([tick(1, counted([1, 1], [1, 1]))], 'errors')).toBe('share');
  expect(unitOf([tick(1, { kind: 'gauge', exposed: 1, control: 1 })], 'errors')).toBe('value');
});

import { expect, test } from 'vitest';
import {
  beginEvidence,
  detectionFloor,
  dispersionOf,
  observe,
  toleranceFor,
} from '../../../../src/domain/rollout/evidence/evidence.ts';
import type { Stratum } from '../../../../src/domain/rollout/reading.ts';
import { draws } from './reference/draw.ts';

/** Minutes in which both halves get the same; bad events come in clusters of that mean. */
function minutes(seed: number, count: number, cluster: number): readonly Stratum[] {
  const { poisson, geometric } = draws(seed);
  const bad = (mean: number) => {
    const clusters = poisson(mean / cluster);
    return Array.from({ length: clusters }, () => (cluster === 1 ? 1 : geometric(cluster))).reduce(
      (a, b) => a + b,
      0,
    );
  };
  return Array.from({ length: count }, () => ({
    exposed: { n: 3000, bad: bad(15) },
    control: { n: 3000, bad: bad(15) },
  }));
}

const seeds = Array.from({ length: 31 }, (_, seed) => seed + 1);
const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

test('independent events are found to be nearly so', () => {
  const found = median(seeds.map((seed) => dispersionOf(minutes(seed, 240, 1)).phi));
  expect(found).toBeGreaterThanOrEqual(1);
  expect(found).toBeLessThan(1.6);
});

test('clusters of a mean of three make it at least five, as they should', () => {
  const found = median(seeds.map((seed) => dispersionOf(minutes(seed, 240, 3)).phi));
  expect(found).toBeGreaterThan(5);
  expect(found).toBeLessThan(8);
});

test('evidence that is divided by it keeps its promise, and evidence that is not does not', () => {
  const bounds = { alpha: 0.01, beta: 0.05, rho0: 1, hours: 6, stages: 0, restarts: false };
  const alarms = (phi: number) =>
    Array.from({ length: 100 }, (_, seed) => minutes(seed + 1, 360, 3)).filter((ticks) => {
      let evidence = beginEvidence({ strata: 1, bounds, tolerance: 1, phi: { phi, because: 'given' } });
      for (const each of ticks)
        evidence = observe(evidence, { kind: 'counts', strata: [each] }, { bounds, kind: 'guardrail' });
      return evidence.harm.highest >= Math.log(100);
    }).length;
  expect(alarms(1)).toBeGreaterThan(15);
  expect(alarms(5)).toBeLessThanOrEqual(3);
});

test('too few events to say are said to be', () => {
  expect(dispersionOf(minutes(1, 4, 1))).toMatchObject({
    phi: 3,
    because:
      '105 bad events before the start are too few to measure how they cluster (200 are needed), so 3 is assumed',
  });
  expect(dispersionOf([])).toMatchObject({ phi: 3 });
});

test('swings that last minutes are seen in longer parts of the record', () => {
  const swinging = minutes(1, 240, 1).map(({ exposed, control }, minute) => {
    const more = Math.floor(minute / 5) % 2 === 0 ? 8 : -8;
    return { exposed: { n: exposed.n, bad: Math.max(0, exposed.bad + more) }, control };
  });
  const found = dispersionOf(swinging);
  expect(found.phi).toBeGreaterThan(5);
  expect(found.because).toContain('largest over 5 min');
});

test.each([
  [1, 1],
  [2, 1],
  [5, 0.5],
  [10, 0.5],
  [25, 0.2],
  [49, 0.2],
  [50, 0.1],
  [98, 0.1],
  [99, 0.05],
  [100, 0.05],
  [0.5, 1],
])('at %d %% a rise of %d is to be ruled out', (percent, tolerance) => {
  expect(toleranceFor(percent)).toBe(tolerance);
});

test('the detection floor follows how much past weeks differ', () => {
  const weeks = (...bad: readonly number[]) => bad.map((each) => ({ n: 1e6, bad: each }));
  // Half an event is added to each week, so half is taken off here: logarithms 0, 1, 2 and 1 times that of 1.1.
  const deviation = Math.log(1.1) * Math.sqrt(2 / 3);
  const studentsT = 5.8409;
  const floor = detectionFloor(weeks(1e5 - 0.5, 1.1e5 - 0.5, 1.21e5 - 0.5, 1.1e5 - 0.5), 0.01);
  expect(floor).toBeCloseTo(Math.exp(studentsT * deviation * Math.sqrt(1.25)), 3);
  expect(detectionFloor(weeks(1e5), 0.01)).toBeUndefined();
  expect(detectionFloor(weeks(1000, 1000, 1000), 0.01)).toBe(1);
});

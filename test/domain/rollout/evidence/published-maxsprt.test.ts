import { describe, expect, test } from 'vitest';
import { binomialFactor, knownRateFactor } from '../../../../src/domain/rollout/evidence/factor.ts';
import { stoppedWalk } from './reference/binomial-walk.ts';
import { stoppedPoisson } from './reference/poisson-walk.ts';

/*
 * The maximised sequential probability ratio test (Kulldorff and others 2011) is our factor at the alternative that
 * fits best. Published figures: manual pages and tables of the package Sequential 4.5.1 on CRAN.
 */

/** Log likelihood ratio of `bad` events where `expected` were. */
function poissonRatio(bad: number, expected: number): number {
  return bad > expected ? knownRateFactor({ bad, expected }, 1, bad / expected) : 0;
}

/** For each number of events, the expected number up to which it is a signal. */
function limitsOf(critical: number, until: number): readonly number[] {
  const limits: number[] = [];
  while ((limits.at(-1) ?? 0) < until) {
    const bad = limits.length + 1;
    limits.push(root((expected) => critical - poissonRatio(bad, expected), 1e-12, bad));
  }
  return limits;
}

/** Where a rising function is zero. */
function root(rising: (x: number) => number, from: number, to: number): number {
  let [below, above] = [from, to];
  for (let step = 0; step < 42; step++) {
    const middle = (below + above) / 2;
    if (rising(middle) < 0) below = middle;
    else above = middle;
  }
  return (below + above) / 2;
}

/** Log likelihood ratio of `bad` among `events`, where each case has `z` controls. */
function binomialRatio(bad: number, events: number, z: number): number {
  const best = (bad * z) / (events - bad || 1e-9);
  if (best <= 1) return 0;
  return binomialFactor({ exposed: { n: 1, bad }, control: { n: z, bad: events - bad } }, 1, best);
}

describe('critical values of the Poisson test, alpha 0.05', () => {
  test.each([
    [1, 2.853937],
    [2, 3.046977],
    [5, 3.297183],
    [10, 3.467952],
    [25, 3.67632],
    [50, 3.819903],
    [100, 3.952321],
  ])('up to %d expected events: %d', (until, published) => {
    const found = root(
      (critical) => 0.05 - stoppedPoisson({ limits: limitsOf(critical, until), until, rate: 1 }).chance,
      2,
      5,
    );
    expect(found).toBeCloseTo(published, 6);
  });
});

test('power and times of the Poisson test at a doubled rate', () => {
  const found = stoppedPoisson({ limits: limitsOf(3.467952, 10), until: 10, rate: 2 });
  expect(found.chance).toBeCloseTo(0.6850634, 6);
  expect(found.whenStopped).toBeCloseTo(4.130985, 5);
  expect(found.time).toBeCloseTo(5.979353, 5);
});

test.each([
  { events: 30, critical: 2, group: 1, chance: 0.658732, whenStopped: 10.7893, mean: 17.3453 },
  { events: 40, critical: 2.5, group: 2, chance: 0.6594118, whenStopped: 17.18626, mean: 24.95635 },
])('power and times of the binomial test at a doubled rate, $events events', (published) => {
  const found = stoppedWalk({
    events: published.events,
    share: 2 / 3,
    group: published.group,
    stops: (bad, events) => binomialRatio(bad, events, 1) >= published.critical,
  });
  expect(found.chance).toBeCloseTo(published.chance, 6);
  expect(found.whenStopped).toBeCloseTo(published.whenStopped, 4);
  expect(found.events).toBeCloseTo(published.mean, 4);
});

test('false signals of the binomial test with 3.5 controls for each case, in five groups', () => {
  const found = stoppedWalk({
    events: 25,
    share: 1 / 4.5,
    group: 5,
    stops: (bad, events) => binomialRatio(bad, events, 3.5) >= 1.9852,
  });
  expect(found.chance).toBeCloseTo(0.04775995, 8);
});

import { describe, expect, test } from 'vitest';
import {
  beginSampleRatio,
  observeUnits,
  sampleRatioBroken,
} from '../../../../src/domain/rollout/evidence/evidence.ts';
import { logDirichletFactor } from '../../../../src/domain/rollout/evidence/sample-ratio.ts';
import { draws } from './reference/draw.ts';

test('equals the published sequential test of three groups', () => {
  const rows = [
    [20, 17, 9],
    [18, 21, 8],
    [4, 6, 4],
    [18, 19, 11],
  ];
  const shares = [0.4, 0.4, 0.2];
  const logFactorial = (n: number) =>
    Array.from({ length: n }, (_, k) => Math.log(k + 1)).reduce((a, b) => a + b, 0);
  const logChance = (row: readonly number[]) =>
    row.reduce(
      (sum, count, group) => sum - logFactorial(count) + count * Math.log(shares[group] ?? 0),
      logFactorial(row.reduce((a, b) => a + b, 0)),
    );
  const underShares = rows.reduce((sum, row) => sum + logChance(row), 0);
  expect(underShares).toBeCloseTo(-15.781031, 6);
  const totals = [0, 1, 2].map((group) => rows.reduce((sum, row) => sum + (row[group] ?? 0), 0));
  expect(underShares + logDirichletFactor(totals, shares, [1, 1, 1])).toBeCloseTo(-19.964845, 6);
});

describe('distinct users', () => {
  /** Users a tick until it is broken, or undefined within `most`. */
  function brokenAfter(seed: number, percent: number, real: number, most: number): number | undefined {
    const { poisson } = draws(seed);
    let ratio = beginSampleRatio(percent);
    for (let units = 0; units < most; units += 500) {
      ratio = observeUnits(
        ratio,
        { exposed: poisson(500 * real), control: poisson(500 * (1 - real)) },
        percent,
      );
      if (sampleRatioBroken(ratio)) return units;
    }
    return undefined;
  }

  test.each([
    [50, 0.51, 47_500],
    [5, 0.045, 35_000],
    [1, 0.008, 45_000],
  ])('%d %% that are really %d are seen after about %d', (percent, real, published) => {
    const found = Array.from(
      { length: 41 },
      (_, seed) => brokenAfter(seed + 1, percent, real, 400_000) ?? Infinity,
    );
    const median = found.toSorted((a, b) => a - b)[20] ?? Infinity;
    expect(median / published).toBeGreaterThan(0.6);
    expect(median / published).toBeLessThan(1.5);
  });

  test('in the right numbers are never called wrong', () => {
    const alarms = Array.from({ length: 40 }, (_, seed) => brokenAfter(seed + 1, 5, 0.05, 200_000));
    expect(alarms.filter((each) => each !== undefined)).toEqual([]);
  });

  test('are counted anew at another percentage, and the evidence is kept', () => {
    const first = observeUnits(beginSampleRatio(5), { exposed: 400, control: 5000 }, 5);
    const second = observeUnits(first, { exposed: 1000, control: 3000 }, 25);
    expect(second).toMatchObject({ before: first.logE, exposed: 1000, control: 3000, percent: 25 });
    const alone = observeUnits(beginSampleRatio(25), { exposed: 1000, control: 3000 }, 25);
    expect(second.logE).toBeCloseTo(first.logE + alone.logE, 9);
  });

  test('say nothing where everybody is exposed', () => {
    expect(observeUnits(beginSampleRatio(100), { exposed: 400, control: 3 }, 100).logE).toBe(0);
  });
});

import { describe, expect, test } from 'vitest';
import {
  binomialFactor,
  binomialShare,
  harmGrid,
  logMean,
  safetyGrid,
} from '../../../../src/domain/rollout/evidence/factor.ts';
import { logMeanAbove, mixtureWidth } from '../../../../src/domain/rollout/evidence/gauge.ts';
import { stoppedWalk } from './reference/binomial-walk.ts';
import { chanceOfLeaving } from './reference/looks.ts';

const looks = (count: number, bound: (look: number) => number) =>
  Array.from({ length: count }, (_, index) => ({ low: -bound(index + 1), high: bound(index + 1) }));

describe('what looking again and again does to a test at 5 %, as published by Armitage, McPherson and Rowe', () => {
  test.each([
    [1, 0.05],
    [2, 0.083],
    [3, 0.107],
    [4, 0.126],
    [5, 0.142],
    [10, 0.193],
    [20, 0.248],
    [50, 0.32],
    [100, 0.374],
    [200, 0.424],
  ])('%d looks: a false alarm in %d of them', (count, published) => {
    const found = chanceOfLeaving(looks(count, (look) => 1.959964 * Math.sqrt(look)));
    expect(Math.abs(found - published)).toBeLessThan(0.0015);
  });
});

describe('bounds that keep 5 % over a known number of looks', () => {
  test.each([
    [2, 2.178, 1.977],
    [5, 2.413, 2.04],
    [10, 2.555, 2.087],
    [20, 2.672, 2.126],
  ])('%d looks: Pocock %d, O’Brien and Fleming %d', (count, pocock, obrienFleming) => {
    const flat = chanceOfLeaving(looks(count, (look) => pocock * Math.sqrt(look)));
    const falling = chanceOfLeaving(looks(count, () => obrienFleming * Math.sqrt(count)));
    expect(Math.abs(flat - 0.05)).toBeLessThan(0.0006);
    expect(Math.abs(falling - 0.05)).toBeLessThan(0.0006);
  });
});

describe('the evidence of a gauge', () => {
  const alpha = 0.05;
  const rho = mixtureWidth(2 * alpha, 100);
  /** The smallest sum with which harm is proved at a look. */
  const boundAt = (n: number) => {
    let [below, above] = [0, 1000];
    while (above - below > 1e-9) {
      const middle = (below + above) / 2;
      if (logMeanAbove(middle, n, rho) < Math.log(1 / alpha)) below = middle;
      else above = middle;
    }
    return below;
  };

  test('keeps its chance over 200 looks without knowing their number', () => {
    const bounds = Array.from({ length: 200 }, (_, index) => ({
      low: -9 * Math.sqrt(index + 1),
      high: boundAt(index + 1),
    }));
    const found = chanceOfLeaving(bounds);
    expect(found).toBeLessThan(alpha);
    expect(found).toBeGreaterThan(alpha / 4);
  });

  test('has the published widths', () => {
    expect(mixtureWidth(0.05, 5000)).toBeCloseTo(0.03984, 6);
    expect(mixtureWidth(0.1, 5000)).toBeCloseTo(0.035578, 6);
    expect(1 / mixtureWidth(0.05, 100) ** 2).toBeCloseTo(12.6007, 3);
    const halfWidth = oneSidedHalfWidth(1000, 0.05, mixtureWidth(0.1, 5000));
    expect(halfWidth).toBeCloseTo(0.099688, 6);
    expect(twoSidedHalfWidth(1000, 0.05, mixtureWidth(0.05, 5000))).toBeCloseTo(0.106375, 6);
    expect(mixtureBound(100, 0.05)).toBeCloseTo(30.35209, 4);
  });

  /** Where the mean of `n` differences of standard deviation one is just proved to be above zero. */
  function oneSidedHalfWidth(n: number, level: number, width: number): number {
    let [below, above] = [0, n];
    while (above - below > 1e-9) {
      const middle = (below + above) / 2;
      if (logMeanAbove(middle, n, width) < Math.log(1 / level)) below = middle;
      else above = middle;
    }
    return below / n;
  }

  function twoSidedHalfWidth(n: number, level: number, width: number): number {
    const spread = n * width ** 2 + 1;
    return Math.sqrt(((2 * spread) / (n * width) ** 2) * Math.log(Math.sqrt(spread) / level));
  }

  /** `normal_mixture_bound` of the package confseq, two-sided, tightest at `v`. */
  function mixtureBound(v: number, level: number): number {
    const r = 1 / mixtureWidth(level, v) ** 2;
    return Math.sqrt((v + r) * Math.log((v + r) / (r * level ** 2)));
  }
});

describe('exact chances of our evidence, looked at after every event', () => {
  const grid =
    (rho: number, alternatives: readonly number[], share: number) => (bad: number, events: number) => {
      const stratum = { exposed: { n: share, bad }, control: { n: 1 - share, bad: events - bad } };
      return logMean(alternatives.map((to) => binomialFactor(stratum, rho, to)));
    };
  const shareOfBad = (share: number, rho: number) =>
    binomialShare({ exposed: { n: share * rho, bad: 0 }, control: { n: 1 - share, bad: 0 } });

  test.each([
    [0.05, 1],
    [0.25, 1],
    [0.5, 1.05],
  ])('a share of %d at rho0 %d is falsely called harmful in less than 1 % of walks', (share, rho0) => {
    const logE = grid(
      rho0,
      harmGrid.map((multiple) => rho0 * multiple),
      share,
    );
    const found = stoppedWalk({
      events: 1500,
      share: shareOfBad(share, rho0),
      stops: (bad, events) => logE(bad, events) >= Math.log(100),
    });
    expect(found.chance).toBeLessThan(0.01);
    expect(found.chance).toBeGreaterThan(0.001);
  });

  test.each([
    [0.01, 1],
    [0.05, 0.5],
    [0.25, 0.2],
    [0.5, 0.1],
  ])(
    'a share of %d with a harm of exactly %d is falsely called safe in less than 5 % of walks',
    (share, tolerance) => {
      const rho1 = 1 + tolerance;
      const logS = grid(rho1, safetyGrid(rho1), share);
      const found = stoppedWalk({
        events: 1500,
        share: shareOfBad(share, rho1),
        stops: (bad, events) => logS(bad, events) >= Math.log(20),
      });
      expect(found.chance).toBeLessThan(0.05);
    },
  );
});

import { describe, expect, test } from 'vitest';
import {
  type Bounds,
  beginEvidence,
  detectionFloor,
  enterStage,
  type MetricEvidence,
  observe,
  restartHour,
} from '../../../../src/domain/rollout/evidence/evidence.ts';
import type { Reading, Stratum } from '../../../../src/domain/rollout/reading.ts';
import { draws } from './reference/draw.ts';

const bounds: Bounds = { alpha: 0.01, beta: 0.05, rho0: 1.05, hours: 24, stages: 4, restarts: true };
const plain: Bounds = { ...bounds, restarts: false };
const guardrail = { bounds: plain, kind: 'guardrail' } as const;

const stratum = (n: number, bad: number, controlN: number, controlBad: number): Stratum => ({
  exposed: { n, bad },
  control: { n: controlN, bad: controlBad },
});
const counts = (...strata: readonly Stratum[]): Reading => ({ kind: 'counts', strata });
const begun = (options: { readonly bounds?: Bounds; readonly strata?: number; readonly phi?: number } = {}) =>
  beginEvidence({
    strata: options.strata ?? 1,
    bounds: options.bounds ?? plain,
    tolerance: 0.5,
    ...(options.phi === undefined ? {} : { phi: { phi: options.phi, because: 'measured' } }),
  });

/** The formula as it is written in the paper, without logarithms, for few events. */
function byHand(ticks: readonly Stratum[], from: number, alternatives: readonly number[], phi = 1): number {
  const each = alternatives.map((to) =>
    ticks.reduce((product, { exposed, control }) => {
      const events = exposed.bad + control.bad;
      const ratio = (from * exposed.n + control.n) / (to * exposed.n + control.n);
      return product * ((to / from) ** exposed.bad * ratio ** events) ** (1 / phi);
    }, 1),
  );
  return each.reduce((sum, value) => sum + value, 0) / each.length;
}

const ticks = [
  stratum(60, 1, 5940, 30),
  stratum(55, 0, 5800, 27),
  stratum(300, 4, 5700, 31),
  stratum(0, 0, 6000, 12),
];
const grid = [1.05, 1.1, 1.2, 1.35, 1.5, 2, 3, 5, 10, 30];
const harmAlternatives = grid.map((multiple) => multiple * 1.05);
const safeAlternatives = [0.5, 0.75, 1, Math.sqrt(1.5)];

test.each([1, 3])('evidence is the mean of the likelihood ratios, over-dispersion %d taken out', (phi) => {
  const after = ticks.reduce((evidence, each) => observe(evidence, counts(each), guardrail), begun({ phi }));
  expect(Math.exp(after.harm.logE)).toBeCloseTo(byHand(ticks, 1.05, harmAlternatives, phi), 12);
  expect(Math.exp(after.safety.logS)).toBeCloseTo(byHand(ticks, 1.5, safeAlternatives, phi), 12);
  expect(after.stage).toEqual([stratum(415, 5, 23440, 100)]);
  expect(after.last).toBe('counted');
});

test('a tick without requests changes no evidence and says so', () => {
  const before = observe(begun(), counts(stratum(60, 1, 5940, 30)), guardrail);
  const after = observe(before, counts(stratum(0, 0, 0, 0)), guardrail);
  expect(after).toEqual({
    ...before,
    last: 'no-data',
    lastBecause: 'no requests were counted in either cohort',
  });
  const down = observe(before, { kind: 'provider-down', because: 'it refused' }, guardrail);
  expect(down).toEqual({ ...before, last: 'provider-down', lastBecause: 'it refused' });
});

test.each([
  ['nobody exposed', stratum(0, 0, 5000, 20)],
  ['no control', stratum(5000, 20, 0, 0)],
  ['requests and nothing bad', stratum(60, 0, 5000, 0)],
])('%s is no evidence of anything', (_, each) => {
  const after = observe(begun(), counts(each), guardrail);
  expect(after.harm.logE).toBeCloseTo(0, 12);
  expect(after.safety.logS).toBeCloseTo(0, 12);
});

test('more bad events than requests count as all requests', () => {
  const faulty = observe(begun(), counts(stratum(0, 9, 5000, 20)), guardrail);
  expect(faulty.harm.logE).toBeCloseTo(0, 12);
});

test('evidence is the same however a long record is written down', () => {
  const { poisson } = draws(3);
  let evidence = begun({ bounds });
  let copied: MetricEvidence = evidence;
  for (let tick = 0; tick < 3000; tick++) {
    const each = counts(stratum(60, poisson(0.3), 5940, poisson(30)));
    const context = { bounds, kind: 'guardrail' } as const;
    evidence = observe(tick % 120 === 0 ? restartHour(evidence) : evidence, each, context);
    copied = JSON.parse(
      JSON.stringify(observe(tick % 120 === 0 ? restartHour(copied) : copied, each, context)),
    );
  }
  expect(copied).toEqual(evidence);
  expect(JSON.stringify(evidence).length).toBeLessThan(2500);
});

describe('restarts', () => {
  /** Each restart kept as a process of its own. */
  function kept(record: readonly Stratum[], restarts: readonly number[], slots: number): number {
    const from = (start: number) => byHand(record.slice(start), 1.05, harmAlternatives);
    const used = restarts.reduce((sum, start) => sum + (0.5 / slots) * from(start), 0.5 * from(0));
    return used + 0.5 - (0.5 / slots) * restarts.length;
  }

  test('equal the processes they stand for, at a cost that does not grow with them', () => {
    const { poisson } = draws(5);
    const record = Array.from({ length: 40 }, () => stratum(600, poisson(4), 5400, poisson(27)));
    let evidence = begun({ bounds });
    for (const [index, each] of record.entries()) {
      if (index === 10 || index === 20) evidence = restartHour(evidence);
      if (index === 25) evidence = enterStage(evidence, { tolerance: 0.2 });
      evidence = observe(evidence, counts(each), { bounds, kind: 'guardrail' });
    }
    expect(evidence.harm.logE).toBeCloseTo(Math.log(kept(record, [10, 20, 25], 28)), 9);
  });

  test('are no more than they have weights for', () => {
    let evidence = begun({ bounds: { ...bounds, hours: 2, stages: 1 } });
    for (let hour = 0; hour < 10; hour++) evidence = restartHour(evidence);
    const total = Math.exp(evidence.harm.restarts[0]?.[0] ?? 0) + evidence.harm.weightLeft;
    expect(total).toBeCloseTo(1, 12);
    expect(evidence.harm.weightLeft).toBeCloseTo(0, 12);
  });

  test('find late harm sooner', () => {
    const minutesUntilFound = (chosen: Bounds) => {
      let evidence = begun({ bounds: chosen });
      for (let minute = 0; ; minute++) {
        if (minute % 60 === 0) evidence = restartHour(evidence);
        const harmful = minute >= 900;
        const each = stratum(1500, harmful ? 15 : 7 + (minute % 2), 4500, 22 + (minute % 2));
        evidence = observe(evidence, counts(each), { bounds: chosen, kind: 'guardrail' });
        if (evidence.harm.logE >= Math.log(100)) return minute - 900;
      }
    };
    expect(minutesUntilFound(bounds)).toBeLessThan(minutesUntilFound(plain));
  });
});

test('harm goes on through the stages while safety begins anew', () => {
  const before = observe(begun(), counts(stratum(60, 3, 5940, 30)), guardrail);
  const entered = enterStage(before, { tolerance: 0.2 });
  expect(entered.harm.logE).toBe(before.harm.logE);
  expect(entered.safety).toEqual({ tolerance: 0.2, logL: [[0, 0, 0, 0]], logS: 0 });
  expect(entered.stage).toEqual([stratum(0, 0, 0, 0)]);
  expect(entered.last).toBe('none');
});

test('a latency is harmful on the average of its boundaries and safe only by the weakest', () => {
  const fast = stratum(6000, 100, 6000, 100);
  const slow = stratum(6000, 160, 6000, 100);
  const both = observe(begun({ strata: 2 }), counts(fast, slow), guardrail);
  const one = (each: Stratum) => observe(begun(), counts(each), guardrail);
  const mean = (Math.exp(one(fast).harm.logE) + Math.exp(one(slow).harm.logE)) / 2;
  expect(Math.exp(both.harm.logE)).toBeCloseTo(mean, 6);
  expect(both.safety.logS).toBeCloseTo(one(slow).safety.logS, 12);
  expect(one(fast).safety.logS).toBeGreaterThan(one(slow).safety.logS);
});

describe('a tripwire', () => {
  const tripwire = { bounds: plain, kind: 'tripwire', limit: 0.02 } as const;
  const after = (minutes: number, bad: number, controlBad: number) => {
    let evidence = begun();
    for (let minute = 0; minute < minutes; minute++)
      evidence = observe(evidence, counts(stratum(1000, bad, 9000, controlBad)), tripwire);
    return evidence.harm.logE;
  };

  test('is tripped by the exposed beyond the limit, even when the control is as bad', () => {
    expect(after(10, 40, 360)).toBeGreaterThan(Math.log(1000));
  });

  test('is not by what stays below it, even when the control is much better', () => {
    expect(after(500, 18, 9)).toBeLessThan(0);
  });
});

test('a tripwire is held against its limit where past weeks are read, too', () => {
  const tripwire = { bounds: plain, kind: 'tripwire', limit: 0.02 } as const;
  const now = { n: 1000, bad: 60 };
  const historic = observe(begun(), { kind: 'historic', now, past: [now, now, now] }, tripwire);
  expect(historic.harm.logE).toBe(observe(begun(), counts(stratum(1000, 60, 0, 0)), tripwire).harm.logE);
  expect(historic.harm.logE).toBeGreaterThan(0);
});

describe('without a control cohort', () => {
  const week = (bad: number) => ({ n: 100_000, bad });
  const past = [week(500), week(560), week(450), week(520)];
  const after = (bad: number, minutes: number) => {
    let evidence = begun();
    for (let minute = 0; minute < minutes; minute++)
      evidence = observe(evidence, { kind: 'historic', now: { n: 6000, bad }, past }, guardrail);
    return evidence;
  };

  test('a rise far beyond the detection floor is proved, and the floor is said', () => {
    const evidence = after(90, 10);
    expect(evidence.floor).toBeCloseTo(1.8, 1);
    expect(evidence.harm.logE).toBeGreaterThan(Math.log(100));
    expect(evidence.stage[0]?.control.bad).toBeCloseTo(10 * 6000 * 0.005075, 6);
  });

  test('a rise below it is neither harm nor nothing', () => {
    const evidence = after(45, 600);
    expect(evidence.harm.logE).toBeLessThan(0);
  });

  test('a usual day rules out a rise beyond the floor', () => {
    expect(after(30, 60).safety.logS).toBeGreaterThan(Math.log(20));
  });

  test.each([
    ['weeks that differ', past],
    ['weeks that are all the same', [week(500), week(500), week(500)]],
  ])('%s: the known rate is tested beyond the floor, with half of alpha spent on it', (_, weeks) => {
    const now = { n: 6000, bad: 41 };
    const found = observe(begun(), { kind: 'historic', now, past: weeks }, guardrail);
    const expected = (6000 * weeks.reduce((sum, { bad }) => sum + bad, 0)) / (100_000 * weeks.length);
    const mean = (from: number, alternatives: readonly number[]) =>
      alternatives.reduce((sum, to) => sum + (to / from) ** now.bad * Math.exp(-(to - from) * expected), 0) /
      alternatives.length;
    const floor = found.floor ?? Number.NaN;
    const rho0 = Math.max(floor, 1.05);
    const rho1 = Math.max(floor, 1.5);
    expect(floor).toBe(detectionFloor(weeks, 0.01));
    expect(Math.exp(found.harm.logE)).toBeCloseTo(
      mean(
        rho0,
        grid.map((multiple) => multiple * rho0),
      ) / 2,
      12,
    );
    expect(Math.exp(found.safety.logS)).toBeCloseTo(mean(rho1, [0.5, 0.75, 1, Math.sqrt(rho1)]), 12);
  });

  test('one past week is no data', () => {
    const evidence = observe(
      begun(),
      { kind: 'historic', now: { n: 6000, bad: 9 }, past: [week(500)] },
      guardrail,
    );
    expect(evidence).toMatchObject({
      last: 'no-data',
      lastBecause: 'fewer than two past weeks have data for this hour',
    });
  });
});

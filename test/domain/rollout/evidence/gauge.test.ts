import { describe, expect, test } from 'vitest';
import {
  type Bounds,
  beginEvidence,
  enterStage,
  observe,
} from '../../../../src/domain/rollout/evidence/evidence.ts';
import { draws } from './reference/draw.ts';

const bounds: Bounds = { alpha: 0.01, beta: 0.05, rho0: 1, hours: 24, stages: 4, restarts: false };
const context = { bounds, kind: 'guardrail' } as const;

/** Ticks of a queue of about ten whose length keeps `r` of the one before, until `found` or the day ends. */
function firstTick(options: {
  readonly seed: number;
  readonly r: number;
  readonly shift: number;
  readonly known: boolean;
  readonly found: (evidence: {
    readonly harm: { readonly logE: number };
    readonly safety: { readonly logS: number };
  }) => boolean;
}): number {
  const { seed, r, shift, known, found } = options;
  const { normal } = draws(seed);
  const spread = { sigma: 1, tau: (1 + r) / (1 - r) };
  let evidence = beginEvidence({ strata: 1, bounds, tolerance: 0.1, ...(known ? { spread } : {}) });
  let wave = normal();
  for (let tick = 0; tick < 1440; tick++) {
    wave = r * wave + Math.sqrt(1 - r * r) * normal();
    evidence = observe(evidence, { kind: 'gauge', exposed: 10 + wave + shift, control: 10 }, context);
    if (found(evidence)) return tick;
  }
  return Infinity;
}

const seeds = Array.from({ length: 60 }, (_, seed) => seed + 1);
const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Infinity;
const isHarm = ({ harm }: { readonly harm: { readonly logE: number } }) => harm.logE >= Math.log(100);
const isSafe = ({ safety }: { readonly safety: { readonly logS: number } }) => safety.logS >= Math.log(20);

describe('a shift by one standard deviation is found as fast as published, however long a swing lasts', () => {
  test.each([
    [0, 14],
    [0.5, 44],
    [0.9, 286],
  ])('neighbours correlated by %d: within %d ticks', (r, published) => {
    const delays = seeds.map((seed) => firstTick({ seed, r, shift: 1, known: true, found: isHarm }));
    expect(median(delays)).toBeLessThanOrEqual(published);
    const alarms = seeds.filter(
      (seed) => firstTick({ seed, r, shift: 0, known: true, found: isHarm }) < Infinity,
    );
    expect(alarms.length).toBeLessThanOrEqual(2);
  });
});

test.each([0, 0.9])('the spread is learnt where no pre-flight knows it, correlation %d', (r) => {
  const alarms = seeds.filter(
    (seed) => firstTick({ seed, r, shift: 0, known: false, found: isHarm }) < Infinity,
  );
  expect(alarms.length).toBeLessThanOrEqual(2);
  const delays = seeds.map((seed) => firstTick({ seed, r, shift: 1, known: false, found: isHarm }));
  expect(median(delays)).toBeLessThan(700);
});

test('a gauge that is no higher is proved safe, and one that is higher by the tolerance is not', () => {
  const safe = seeds.map((seed) => firstTick({ seed, r: 0.5, shift: 0, known: true, found: isSafe }));
  const wrong = seeds.filter(
    (seed) => firstTick({ seed, r: 0.5, shift: 1, known: true, found: isSafe }) < Infinity,
  );
  expect(median(safe)).toBeLessThan(100);
  expect(wrong.length).toBeLessThanOrEqual(5);
});

test('a rise up to rho0 is no harm, and a rise beyond it is', () => {
  const halts = (rise: number) => {
    const wide = { ...bounds, rho0: 1.2 };
    let evidence = beginEvidence({ strata: 1, bounds: wide, tolerance: 0.5, spread: { sigma: 1, tau: 1 } });
    for (let tick = 0; tick < 500; tick++) {
      const reading = { kind: 'gauge', exposed: 10 * (1 + rise), control: 10 } as const;
      evidence = observe(evidence, reading, { bounds: wide, kind: 'guardrail' });
    }
    return isHarm(evidence);
  };
  expect([halts(0.19), halts(0.3)]).toEqual([false, true]);
});

test('a stage begins its proof anew and keeps what is known of the spread', () => {
  let evidence = beginEvidence({ strata: 1, bounds, tolerance: 0.1, spread: { sigma: 1, tau: 1 } });
  const tick = { kind: 'gauge', exposed: 10, control: 10 } as const;
  for (let count = 0; count < 200; count++) evidence = observe(evidence, tick, context);
  expect(isSafe(evidence)).toBe(true);
  evidence = observe(enterStage(evidence, { tolerance: 0.1 }), tick, context);
  expect(evidence.safety.logS).toBe(0);
  expect(evidence.gauge).toMatchObject({ n: 201, stageN: 1, spread: { sigma: 1, tau: 1 } });
});

test('a gauge without a number is no data', () => {
  const evidence = beginEvidence({ strata: 1, bounds, tolerance: 0.1 });
  const after = observe(evidence, { kind: 'gauge', exposed: Number.NaN, control: 3 }, context);
  expect(after).toMatchObject({
    last: 'no-data',
    lastBecause: 'the gauge had no number for one of the cohorts',
  });
});

test('two constant gauges are evidence of nothing, as how far they swing is unknown', () => {
  let evidence = beginEvidence({ strata: 1, bounds, tolerance: 0.1 });
  for (let count = 0; count < 500; count++)
    evidence = observe(evidence, { kind: 'gauge', exposed: 5, control: 5 }, context);
  expect([evidence.harm.logE, evidence.safety.logS]).toEqual([0, 0]);
});

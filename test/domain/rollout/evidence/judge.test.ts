import { describe, expect, test } from 'vitest';
import {
  type Bounds,
  beginEvidence,
  budget,
  type Judged,
  judge,
  type MetricEvidence,
} from '../../../../src/domain/rollout/evidence/evidence.ts';

const bounds: Bounds = {
  alpha: budget(0.01).guardrails,
  beta: 0.05,
  rho0: 1.05,
  hours: 24,
  stages: 4,
  restarts: true,
};
const fresh = beginEvidence({ strata: 1, bounds, tolerance: 0.2 });

function evidence(
  odds: { readonly harm?: number; readonly safe?: number },
  last: MetricEvidence['last'] = 'counted',
) {
  const { harm = 1, safe = 1 } = odds;
  return {
    ...fresh,
    harm: { ...fresh.harm, logE: Math.log(harm) },
    safety: { ...fresh.safety, logS: Math.log(safe) },
    last,
    ...(last === 'counted' ? {} : { lastBecause: 'the series is gone' }),
  };
}
const metric = (
  name: string,
  given: MetricEvidence,
  kind: Judged['kind'] = 'guardrail',
  weight = 1,
): Judged => ({
  name,
  kind,
  weight,
  evidence: given,
});

test.each<[string, readonly Judged[], string, string]>([
  [
    'every guardrail proved',
    [metric('errors', evidence({ safe: 25 })), metric('slow', evidence({ safe: 20.1 }))],
    'safe',
    'errors rules out a rise of 20 % (evidence 25); slow rules out a rise of 20 % (evidence 20); 20 is enough',
  ],
  [
    'one guardrail not proved',
    [metric('errors', evidence({ safe: 1000 })), metric('slow', evidence({ safe: 4 }))],
    'undecided',
    'slow: a rise of 20 % is not ruled out yet (evidence 4, 20 is needed)',
  ],
  [
    'harm enough for the average',
    [metric('errors', evidence({ harm: 300 })), metric('slow', evidence({ safe: 30 }))],
    'harm',
    'errors is worse (evidence 300, 125 is enough)',
  ],
  [
    'harm of one, not enough for the average',
    [metric('errors', evidence({ harm: 200, safe: 0.1 })), metric('slow', evidence({ safe: 30 }))],
    'undecided',
    'errors: a rise of 20 % is not ruled out yet (evidence 0.1, 20 is needed)',
  ],
  [
    'a tripwire has a budget of its own',
    [metric('errors', evidence({ safe: 30 })), metric('slo', evidence({ harm: 1001 }), 'tripwire')],
    'harm',
    'slo is worse (evidence 1001, 1000 is enough)',
  ],
  [
    'a tripwire below it',
    [metric('errors', evidence({ safe: 30 })), metric('slo', evidence({ harm: 900 }), 'tripwire')],
    'safe',
    'errors rules out a rise of 20 % (evidence 30); 20 is enough',
  ],
  [
    'proved, and nothing to count just now',
    [metric('errors', evidence({ safe: 30 }, 'no-data'))],
    'no-data',
    'errors: the series is gone',
  ],
  [
    'nobody answers',
    [metric('errors', evidence({}, 'no-data')), metric('slow', evidence({}, 'provider-down'))],
    'provider-down',
    'slow: the series is gone',
  ],
  [
    'harm stands though nobody answers now',
    [metric('errors', evidence({ harm: 2000 }, 'provider-down'))],
    'harm',
    'errors is worse (evidence 2000, 125 is enough)',
  ],
  [
    'nothing counted yet',
    [metric('errors', fresh)],
    'no-data',
    'errors: nothing has been counted in this stage yet',
  ],
  [
    'no guardrail',
    [metric('slo', evidence({}), 'tripwire')],
    'undecided',
    'there is no guardrail, so nothing can be proved safe',
  ],
])('%s', (_, metrics, verdict, because) => {
  expect(judge(metrics, bounds)).toMatchObject({ verdict, because });
});

describe('what carries the harm', () => {
  test('is named by its own evidence', () => {
    const judged = judge(
      [
        metric('errors', evidence({ harm: 1e9 })),
        metric('slow', evidence({ harm: 130 })),
        metric('fine', evidence({})),
      ],
      bounds,
    );
    expect(judged.harmful).toEqual(['errors', 'slow']);
    expect(judged.logE).toBeCloseTo(Math.log((1e9 + 131) / 3), 9);
  });

  test('weighs as much as the settings say', () => {
    const heavy = metric('errors', evidence({ harm: 130 }), 'guardrail', 20);
    expect(judge([heavy, metric('slow', evidence({}))], bounds).verdict).toBe('undecided');
    expect(judge([{ ...heavy, weight: 200 }, metric('slow', evidence({}))], bounds).verdict).toBe('harm');
  });

  test('is apart from signals, which hold and never halt', () => {
    const judged = judge(
      [metric('errors', evidence({ safe: 30 })), metric('cart', evidence({ harm: 500 }), 'signal')],
      bounds,
    );
    expect(judged).toMatchObject({ verdict: 'safe', harmful: [], signals: ['cart'] });
  });
});

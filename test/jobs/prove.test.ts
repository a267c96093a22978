import { afterEach, expect, test } from 'vitest';
import type { ProofReport } from '../../src/domain/proof.ts';
import { GiveUp } from '../../src/errors.ts';
import { proveChange, summaryOf } from '../../src/jobs/prove.ts';
import { startStory } from '../domain/feature/story.ts';
import { type Bench, noSandbox, setBench, thrownBy } from './bench.ts';

let bench: Bench | undefined;
afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

const report: ProofReport = {
  verdict: 'fail',
  because: '2 tests fail.',
  base: 'a'.repeat(40),
  head: 'f-test, attempt 1',
  checks: [
    {
      name: 'test',
      verdict: 'fail',
      because: '1 test that passed on base fails.',
      tests: {
        base: { passed: 3, failed: 0 },
        head: { passed: 2, failed: 1 },
        newlyFailing: ['b'],
        missing: [],
      },
    },
  ],
  criteria: [{ id: 'AC-1', test: 'a', base: 'red', head: 'red' }],
  findings: [],
  failures: [
    { gate: 'test', test: 'b', message: 'AssertionError: long words', expected: '0', received: '490' },
    { gate: 'types', message: 'src/cart.ts does not compile.' },
    { gate: 'test', test: 'b', message: 'again' },
  ],
  durationMs: 1200,
};

test('a report becomes lines in a stable order, and what was expected', () => {
  expect(summaryOf(report, 'blob')).toEqual({
    verdict: 'fail',
    because: '2 tests fail.',
    report: 'blob',
    checks: [
      {
        name: 'test',
        verdict: 'fail',
        because: '1 test that passed on base fails.',
        head: { passed: 2, failed: 1 },
      },
    ],
    criteria: report.criteria,
    findings: [],
    failing: ['test: b', 'types: src/cart.ts does not compile.'],
    failures: [
      { test: 'b', message: 'expected 0, received 490' },
      { test: 'types', message: 'src/cart.ts does not compile.' },
      { test: 'b', message: 'again' },
    ],
    milliseconds: 1200,
  });
});

test('the same failures in another order are the same list', () => {
  const turned = { ...report, failures: [...report.failures].reverse() };
  expect(summaryOf(turned, 'blob').failing).toEqual(summaryOf(report, 'blob').failing);
});

test('without a sandbox nothing runs, and the sentence says how to install it', async () => {
  bench = await setBench({ sandbox: noSandbox });
  const error = await thrownBy(bench.run(proveChange, startStory().untilProof().state()));
  expect(error).toBeInstanceOf(GiveUp);
  expect(String(error)).toContain('apt-get install bubblewrap');
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RolloutState } from '../../../src/domain/rollout/state.ts';
import { NotYet } from '../../../src/errors.ts';
import type { RolloutTools } from '../../../src/jobs/rollout/job.ts';
import { readPlan } from '../../../src/jobs/rollout/read-plan.ts';
import { forgeOf, thrownBy } from '../bench.ts';
import { counts, flagsOf, metricsOf, rolloutOf, runJob, settings, sight } from './doors.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-plan-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const start = 'version: 1\nowner: "@maria"\nchecks: [{ name: test, run: npm test }]\n';
const metrics =
  'metrics: [{ name: errors, source: { type: events, total: requests_total, bad: errors_total } }]';
const fromFeature = { kind: 'feature', feature: 'f-test', repository: 'acme/shop' } as const;

/** Reads the plan of a repository with this `.slipway.yml`. */
async function plan(
  file: string,
  options: { readonly state?: Partial<RolloutState>; readonly tools?: Partial<RolloutTools> } = {},
) {
  await writeFile(join(directory, '.slipway.yml'), file);
  const { plan: _plan, ...state } = rolloutOf({ origin: fromFeature, createFlag: true, ...options.state });
  const workspace: RolloutTools['workspace'] = {
    at: async () => ({ directory, history: [] }),
    withChange: () => Promise.reject(new Error('not asked')),
  };
  return runJob(readPlan, {
    state,
    tools: { forge: forgeOf(directory).forge, workspace, ...options.tools },
  });
}

test('the plan is the file of the repository, with a forecast at the traffic of the past hour', async () => {
  const command = await plan(`${start}rollout: { stages: [1, 5, 25, 50], ${metrics} }\n`);
  expect(command).toMatchObject({
    type: 'plan-read',
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    plan: {
      environments: ['production'],
      stages: [
        { percent: 1, tolerance: 1 },
        { percent: 5, tolerance: 0.5 },
        { percent: 25, tolerance: 0.2 },
        { percent: 50, tolerance: 0.1 },
        { percent: 99, tolerance: 0.05 },
      ],
      tracker: false,
    },
    forecast: { traffic: { errors: { perMinute: 600, badShare: 0.01 } } },
  });
});

test('without traffic it says so once and looks again', async () => {
  const { metrics: silent } = metricsOf(() => counts(0, 0));
  const quiet = { ...silent, preflight: async () => ({ halves: [], perMinute: 0, badShare: 0 }) };
  const file = `${start}rollout: { ${metrics} }\n`;
  const command = await plan(file, { tools: { metrics: quiet } });
  expect(command).toMatchObject({
    type: 'no-traffic',
    because: expect.stringContaining('label flag="free-shipping" for errors in production'),
    againAt: '2026-11-21T11:00:30.000Z',
  });
  const waitsFor = { reason: 'no-data', because: 'Nothing is counted yet.' } as const;
  const state = { phase: { kind: 'planned', waitsFor } } as const;
  const thrown = await thrownBy(plan(file, { state, tools: { metrics: quiet } }));
  expect(thrown).toBeInstanceOf(NotYet);
  expect(thrown).toMatchObject({ afterMs: 30_000 });
});

test('what was chosen with the command comes before the file', async () => {
  const command = await plan(`${start}rollout: { ${metrics} }\n`, {
    state: { chosen: { environments: ['development', 'production'], stages: [1, 4, 16, 60, 99] } },
  });
  expect(command).toMatchObject({
    plan: {
      environments: ['development', 'production'],
      stages: [{ percent: 1 }, { percent: 4 }, { percent: 16 }, { percent: 60 }, { percent: 99 }],
    },
  });
});

test('a repository that says nothing takes the usual settings of the deployment', async () => {
  const command = await plan(start, { tools: { usual: settings } });
  expect(command).toMatchObject({ plan: { metrics: [{ name: 'orders that fail' }] } });
});

test.each([
  ['nobody says which metrics', start, /Nothing says which metrics watch over free-shipping/],
  [
    'the file is broken',
    `${start}rollout: { stages: [5, 1], ${metrics} }\n`,
    /line 4: .*must be more than the stage before, 5 %/,
  ],
  [
    'a metric kind that does not exist',
    `${start}rollout: { metrics: [{ name: e, kind: wall }] }\n`,
    /cannot be read: line 4/,
  ],
  ['the stages jump', `${start}rollout: { stages: [1, 50], ${metrics} }\n`, /from 1 % to 50 %|1 % to 50 %/],
])('when %s it says what to do', async (_what, file, sentence) => {
  const thrown = await thrownBy(plan(file));
  expect(String(thrown)).toMatch(sentence);
});

test('a flag that does not exist is said before anything begins', async () => {
  const thrown = await thrownBy(
    plan(`${start}rollout: { ${metrics} }\n`, {
      state: { createFlag: false },
      tools: { flags: flagsOf({ other: sight }).flags },
    }),
  );
  expect(thrown).toMatchObject({ message: 'There is no flag free-shipping in production.' });
});

import { expect, test } from 'vitest';
import { GiveUp, NotYet, TryAgain } from '../../../src/errors.ts';
import { confirmOff } from '../../../src/jobs/rollout/confirm-off.ts';
import { rehearse } from '../../../src/jobs/rollout/rehearse.ts';
import { setExposure } from '../../../src/jobs/rollout/set-exposure.ts';
import { switchOff } from '../../../src/jobs/rollout/switch-off.ts';
import { thrownBy } from '../bench.ts';
import { counts, flagsOf, metricsOf, now, plan, rolloutOf, runJob, sight } from './doors.ts';

const written = {
  change: 2,
  percent: 5,
  strategy: 's1',
  stickiness: 'userId',
  at: '2026-11-21T10:00:10.000Z',
  countFrom: '2026-11-21T10:01:10.000Z',
};

test('the wanted percentage is written over the one last seen', async () => {
  const { flags, asked } = flagsOf({ 'free-shipping': { ...sight, percent: 1 } });
  const state = rolloutOf({ seen: { ...sight, percent: 1 }, wanted: { percent: 5 } });
  const command = await runJob(setExposure, { state, tools: { flags } });
  expect(command).toMatchObject({ type: 'exposure-set', flag: { percent: 5 } });
  expect(asked).toEqual(['free-shipping 1 to 5']);
});

test.each([
  ['another percentage', { ...sight, percent: 50 }, 'is at 50 %'],
  ['switched off', { ...sight, percent: 1, enabled: false }, 'is off'],
])('what somebody else did meanwhile is a conflict: %s', async (_what, found, sentence) => {
  const { flags } = flagsOf({ 'free-shipping': found });
  const state = rolloutOf({ seen: { ...sight, percent: 1 }, wanted: { percent: 5 } });
  const command = await runJob(setExposure, { state, tools: { flags } });
  expect(command).toMatchObject({ type: 'exposure-conflict' });
  expect('because' in command && command.because).toContain(sentence);
});

test('going back undoes a change of ours that was under way', async () => {
  const stages = [
    { environment: 'production', percent: 5, from: '2026-11-21T10:00:00.000Z' },
    { environment: 'production', percent: 25, from: '2026-11-21T10:30:00.000Z' },
    { environment: 'production', percent: 5, from: '2026-11-21T10:30:05.000Z' },
  ];
  const state = rolloutOf({
    seen: { ...sight, percent: 5 },
    written: { ...written, percent: 5 },
    wanted: { percent: 5 },
    stages,
  });
  const { flags, asked } = flagsOf({ 'free-shipping': { ...sight, percent: 25 } });
  const command = await runJob(setExposure, { state, tools: { flags } });
  expect(command).toMatchObject({ type: 'exposure-set', flag: { percent: 5 } });
  expect(asked).toEqual(['free-shipping 5 to 5', 'free-shipping 25 to 5']);
  const byHand = flagsOf({ 'free-shipping': { ...sight, percent: 50 } });
  expect(await runJob(setExposure, { state, tools: { flags: byHand.flags } })).toMatchObject({
    type: 'exposure-conflict',
    flag: { percent: 50 },
  });
});

test('clients that do not follow are waited for', async () => {
  const served = async () => ({ percent: 1, agrees: false, because: 'Clients still get 1 %.' });
  const { flags } = flagsOf({ 'free-shipping': sight }, { served });
  const state = rolloutOf({ seen: sight, wanted: { percent: 5 } });
  const thrown = await thrownBy(runJob(setExposure, { state, tools: { flags } }));
  expect(thrown).toBeInstanceOf(TryAgain);
  expect(thrown).toMatchObject({ message: 'Clients still get 1 %.' });
});

const rehearsing = { kind: 'rehearsing', since: '2026-11-21T10:00:00.000Z' } as const;

test('a flag that is off with an old percentage goes to 0 before it is enabled', async () => {
  const { flags, asked } = flagsOf({ 'free-shipping': { ...sight, percent: 25, enabled: false } });
  const state = rolloutOf({ phase: rehearsing });
  const command = await runJob(rehearse, { state, tools: { flags } });
  expect(asked).toEqual(['free-shipping 25 to 0', 'prepare free-shipping']);
  expect(command).toMatchObject({ type: 'rehearsed', flag: { percent: 0, enabled: true } });
});

test('a flag that is on for somebody already is left alone', async () => {
  const { flags, asked } = flagsOf({ 'free-shipping': { ...sight, percent: 10 } });
  const state = rolloutOf({ phase: rehearsing });
  const thrown = await thrownBy(runJob(rehearse, { state, tools: { flags } }));
  expect(thrown).toBeInstanceOf(GiveUp);
  expect(thrown).toMatchObject({ message: expect.stringContaining('on for 10 % of production already') });
  expect(asked).toEqual([]);
});

test('a flag that does not exist is made for a merged feature only', async () => {
  const made = flagsOf({});
  const state = rolloutOf({ phase: rehearsing, createFlag: true });
  expect(await runJob(rehearse, { state, tools: { flags: made.flags } })).toMatchObject({
    type: 'rehearsed',
  });
  const thrown = await thrownBy(
    runJob(rehearse, { state: { ...state, createFlag: false }, tools: { flags: flagsOf({}).flags } }),
  );
  expect(thrown).toMatchObject({ message: 'There is no flag free-shipping in production.' });
});

test('a way back that does not work keeps the rollout from beginning', async () => {
  const { flags } = flagsOf(
    { 'free-shipping': sight },
    {
      rehearse: async () => ({
        checks: [{ name: 'Switching off', ok: false, detail: 'A change request is asked for.' }],
        flag: sight,
      }),
    },
  );
  const command = await runJob(rehearse, { state: rolloutOf(), tools: { flags } });
  expect(command).toMatchObject({
    type: 'not-ready',
    because: 'Switching off: A change request is asked for.',
  });
});

test('too few events before the start are taken for noisy ones', async () => {
  const command = await runJob(rehearse, { state: rolloutOf() });
  expect(command).toMatchObject({ type: 'rehearsed', dispersion: { 'orders that fail': { phi: 3 } } });
});

test('few events shortly after the start are waited for, no longer than the shortest soak', async () => {
  const justBegun = { kind: 'rehearsing', since: '2026-11-21T10:58:00.000Z' } as const;
  const thrown = await thrownBy(runJob(rehearse, { state: rolloutOf({ phase: justBegun }) }));
  expect(thrown).toBeInstanceOf(NotYet);
});

test('switching off says by which route', async () => {
  const { flags, asked } = flagsOf({ 'free-shipping': { ...sight, percent: 25 } });
  const command = await runJob(switchOff, { state: rolloutOf(), tools: { flags } });
  expect(command).toMatchObject({ type: 'switched-off', route: 'off', at: now.toISOString() });
  expect(asked).toEqual(['off free-shipping']);
});

const off = { wantedAt: '2026-11-21T10:58:00.000Z', doneAt: '2026-11-21T10:58:01.000Z' };

test('clients have obeyed when no exposed event is counted any more', async () => {
  const { metrics } = metricsOf(({ from }) => counts(from < '2026-11-21T10:58:30.000Z' ? 4 : 0, 900));
  const command = await runJob(confirmOff, { state: rolloutOf({ off }), tools: { metrics } });
  expect(command).toMatchObject({ type: 'clients-obeyed', at: '2026-11-21T10:58:31.000Z' });
});

test('while exposed events are counted it is not yet so', async () => {
  const { metrics } = metricsOf(() => counts(4, 900));
  const thrown = await thrownBy(runJob(confirmOff, { state: rolloutOf({ off }), tools: { metrics } }));
  expect(thrown).toBeInstanceOf(NotYet);
});

test('without an answer of the metrics in ten minutes an SDK client is asked', async () => {
  const { metrics } = metricsOf(() => Promise.reject(new TryAgain('Prometheus is down.')));
  const long = { ...off, doneAt: '2026-11-21T10:40:00.000Z' };
  const command = await runJob(confirmOff, { state: rolloutOf({ off: long, plan }), tools: { metrics } });
  expect(command).toMatchObject({ type: 'clients-obeyed', because: expect.stringContaining('SDK client') });
});

const longOff = { wantedAt: '2026-11-21T10:40:00.000Z', doneAt: '2026-11-21T10:40:00.000Z' };

test.each([
  ['an instance that does not follow', true, /still counted.*does not follow/],
  ['a flag that somebody switched on again', false, /25 % of them get it/],
])('people who still get it are not said to be off: %s', async (_what, agrees, says) => {
  const { metrics } = metricsOf(() => counts(4, 900));
  const served = async () => ({ percent: 0, agrees, because: '25 % of them get it.' });
  const { flags } = flagsOf({ 'free-shipping': sight }, { served });
  const run = (off: Partial<typeof longOff> & { readonly problem?: string }) =>
    thrownBy(
      runJob(confirmOff, { state: rolloutOf({ off: { ...longOff, ...off } }), tools: { metrics, flags } }),
    );
  const thrown = await run({});
  expect(thrown).toBeInstanceOf(GiveUp);
  expect(thrown).toMatchObject({ message: expect.stringMatching(says) });
  expect(await run({ problem: 'It was said.' })).toBeInstanceOf(NotYet);
});

import { describe, expect, test } from 'vitest';
import type { Reading } from '../../../src/domain/rollout/reading.ts';
import { ana, kim, planFrom, startStory, type TickOptions, traffic } from './story.ts';

const noData: Reading = { kind: 'no-data', because: 'no series with cohort="on"' };
const down: Reading = { kind: 'provider-down', because: 'connection refused' };

describe('what ends by itself', () => {
  test.each([
    ['missing data', { reading: noData }, 'no-data', 2],
    ['metrics that do not answer', { reading: down }, 'provider-down', 2],
    ['a flag service that does not answer', { flagProblem: 'timeout after 5 s' }, 'flag-service', 3],
  ] satisfies [string, TickOptions, string, number][])(
    '%s holds, is watched, and goes on',
    (_, seen, reason, ticks) => {
      const story = startStory().untilExposed();
      for (let count = 1; count < ticks; count += 1) {
        story.tick(seen);
        expect(story.phase()).toBe('ramping');
      }
      story.tick(seen);
      expect(story.reason()).toBe(reason);
      expect(story.pending()).toContain('watch');
      for (let count = 0; count < 100; count += 1) story.tick(seen);
      expect(story.percent()).toBe(1);
      expect(story.state().messages.map(({ key }) => key)).toContain(`hold/${reason}/1`);
      story.tick();
      expect(story.phase()).toBe('ramping');
      expect(story.events().filter((type) => type === 'held')).toHaveLength(1);
    },
  );

  test('a hold of ten minutes without data is told once, a shorter one is not', () => {
    const story = startStory().untilExposed();
    for (let count = 0; count < 15; count += 1) story.tick({ reading: noData });
    expect(story.state().messages.filter(({ about }) => about.kind === 'rollout-hold')).toHaveLength(0);
    for (let count = 0; count < 30; count += 1) story.tick({ reading: noData });
    story.tick();
    for (let count = 0; count < 45; count += 1) story.tick({ reading: noData });
    expect(story.state().messages.filter(({ about }) => about.kind === 'rollout-hold')).toHaveLength(1);
  });

  test('data that come and go never advance on their own', () => {
    const story = startStory().untilExposed();
    for (let count = 0; count < 200; count += 1)
      story.tick({ reading: count % 2 === 0 ? noData : traffic(0) });
    expect(story.percent()).toBe(1);
  });

  test('a freeze holds only what was due, and ends at its end', () => {
    const plan = planFrom({
      freeze: [{ rule: 'DTSTART:20261121T100200Z\nRRULE:FREQ=DAILY;COUNT=1', minutes: 30, why: 'a fair' }],
    });
    const story = startStory({ plan }).untilExposed();
    story.tickUntil(() => story.reason() === 'freeze');
    expect(story.because()).toBe(
      'Nothing advances until 2026-11-21 10:32 UTC: a fair. Stopping works as always.',
    );
    expect(story.ask({ type: 'advance' })).toContain('a fair');
    story.tickUntil(() => story.percent() === 5);
    expect(story.now().toISOString() >= '2026-11-21T10:32:00.000Z').toBe(true);
  });

  test.each(['dependency', 'other-rollout'] as const)('%s holds what was due', (reason) => {
    const story = startStory().untilExposed();
    const obstacle = { reason, because: 'checkout-v2 shares a guardrail' };
    story.tickUntil(() => story.reason() === reason, { obstacle });
    expect(story.because()).toBe('checkout-v2 shares a guardrail.');
    expect(story.ask({ type: 'advance' })).toBe('checkout-v2 shares a guardrail.');
    story.tick();
    expect(story.percent()).toBe(5);
  });

  test('a flag service that refuses the change is asked again every minute', () => {
    const story = startStory().untilExposed();
    story.tickUntil(() => story.percent() === 5);
    const before = story.key('setExposure');
    story.giveUp('setExposure', 'The token has expired (401).');
    expect(story.reason()).toBe('flag-service');
    expect(story.because()).toContain('tried again every minute: The token has expired (401).');
    const again = story.jobs().find(({ name }) => name === 'set-exposure');
    expect(again?.key).not.toBe(before);
    expect(again?.notBefore).toBe(new Date(story.now().getTime() + 60_000).toISOString());
    story.tick();
    expect(story.reason()).toBe('flag-service');
    story.expose();
    expect(story.phase()).toBe('ramping');
    expect(story.state().written?.percent).toBe(5);
  });
});

describe('what a person ends', () => {
  test.each([
    ['another percentage', { percent: 50 }, 'at 50 %, and Slipway left it at 1 %'],
    ['another strategy', { strategy: 'S2' }, 'another strategy'],
    ['another stickiness', { stickiness: 'random' }, 'reshuffles'],
    [
      'somebody at work',
      { foreign: { by: 'zoe', what: 'feature-strategy-update', at: '2026-11-21T10:05:00Z' } },
      'zoe changed it (feature-strategy-update, 2026-11-21 10:05 UTC)',
    ],
  ])('drift: %s is never written over before somebody says so', (_, flag, words) => {
    const story = startStory().untilExposed();
    story.tick();
    story.tick({ flag });
    expect(story.reason()).toBe('drift');
    expect(story.because()).toContain(words);
    expect(story.pending()).not.toContain('set-exposure');
    for (let count = 0; count < 100; count += 1) story.tick({ flag });
    expect(story.percent()).toBe(1);
    expect(story.ask({ type: 'resume' }, kim)).toContain('Only raj');
    expect(story.ask({ type: 'resume' })).toBeUndefined();
    expect(story.pending()).toContain('set-exposure');
    story.expose();
    expect(story.state().verdict).toBeUndefined();
    story.tickUntil(() => story.percent() === 5);
  });

  test('a flag that can no longer be ramped is drift at once', () => {
    const story = startStory().untilExposed();
    story.tick();
    story.tick({ flagProblem: 'ann archived free-shipping.', flagUnfit: true });
    expect(story.reason()).toBe('drift');
    expect(story.because()).toContain('ann archived free-shipping.');
  });

  test('a flag that somebody switched off stays off; resumed, it begins one stage lower', () => {
    const story = startStory().untilAt(25);
    story.tick();
    const foreign = { by: 'zoe', what: 'feature-environment-disabled', at: '2026-11-21T11:05:00Z' };
    story.tick({ flag: { enabled: false, foreign } });
    expect(story.reason()).toBe('drift');
    expect(story.because()).toBe(
      'Somebody switched the flag off; it was at 25 %. zoe changed it (feature-environment-disabled, 2026-11-21 11:05 UTC).',
    );
    expect(story.ask({ type: 'resume' })).toBeUndefined();
    expect(story.pending().filter((name) => name !== 'tell')).toEqual(['check-start']);
    story.check();
    story.rehearse();
    expect(story.percent()).toBe(5);
    expect(story.state().stages.map(({ left }) => left)).toEqual([
      'advanced',
      'advanced',
      'stepped-back',
      undefined,
    ]);
    story.expose();
    story.tickUntil(() => story.percent() === 25);
  });

  test('a compare-and-swap that fails is drift, and is not repeated by itself', () => {
    const story = startStory().untilExposed();
    story.tickUntil(() => story.percent() === 5);
    const key = story.key('setExposure');
    story.answer({
      type: 'exposure-conflict',
      key,
      flag: { ...story.flag(), percent: 30 },
      because: 'expected 1 %, found 30 %',
    });
    expect(story.reason()).toBe('drift');
    expect(story.pending()).not.toContain('set-exposure');
    expect(story.state().seen?.percent).toBe(30);
    story.ask({ type: 'resume' });
    expect(story.key('setExposure')).not.toBe(key);
  });

  test('what a person sets while a change is tried again is never written over', () => {
    const story = startStory().untilExposed();
    story.tickUntil(() => story.percent() === 5);
    story.giveUp('setExposure');
    story.setFlag({ percent: 0 });
    story.tick();
    expect(story.state().seen).toMatchObject({ percent: 1 });
    story.answer({
      type: 'exposure-conflict',
      key: story.key('setExposure'),
      flag: story.flag(),
      because: 'It is at 0 %, where 1 % was left.',
    });
    expect(story.reason()).toBe('drift');
    story.setFlag({ percent: 3 });
    story.tick();
    story.ask({ type: 'resume' });
    expect(story.state().seen).toMatchObject({ percent: 3 });
  });

  test('what the flag service says it wrote must be what was asked', () => {
    const story = startStory();
    story.start();
    story.readPlan();
    story.check();
    story.rehearse();
    story.answer({
      type: 'exposure-set',
      key: story.key('setExposure'),
      at: story.now().toISOString(),
      flag: { ...story.flag(), percent: 100 },
    });
    expect(story.reason()).toBe('drift');
    expect(story.state().written).toBeUndefined();
  });

  test('cohorts of the wrong size hold, and are counted anew when resumed', () => {
    const story = startStory().untilExposed();
    story.tickUntil(() => story.reason() === 'sample-ratio', { units: { exposed: 40, control: 960 } });
    expect(story.because()).toContain('which 1 % cannot explain');
    story.ask({ type: 'resume' });
    story.tick({ units: { exposed: 10, control: 990 } });
    expect(story.phase()).toBe('ramping');
  });

  test('users are not counted for a percentage that is being changed', () => {
    const story = startStory().untilExposed();
    story.tickUntil(() => story.percent() === 5);
    const before = story.state().sampleRatio;
    for (let count = 0; count < 5; count += 1) story.tick({ units: { exposed: 50, control: 950 } });
    expect(story.state().sampleRatio).toEqual(before);
  });

  test('a hold of a person is watched on, and ends with a resume', () => {
    const story = startStory().untilExposed();
    expect(story.ask({ type: 'hold', reason: 'a demo' }, ana)).toContain('whoever is on call');
    expect(story.ask({ type: 'hold', reason: 'a demo' }, kim)).toBeUndefined();
    expect(story.because()).toBe('kim holds it: a demo.');
    for (let count = 0; count < 50; count += 1) story.tick();
    expect(story.percent()).toBe(1);
    expect(story.state().verdict?.name).toBe('safe');
    expect(story.ask({ type: 'hold' }, kim)).toContain('held already');
    expect(story.ask({ type: 'resume' }, kim)).toContain('Only raj');
    expect(story.ask({ type: 'advance' })).toBeUndefined();
    expect(story.percent()).toBe(5);
  });

  test('the longest stay without proof asks once, and proof that comes later goes on', () => {
    const story = startStory({ plan: planFrom({ maxSoakMinutes: 10 }) }).untilExposed();
    const quiet = { reading: traffic(1, { requests: 200 }) };
    story.tickUntil(() => story.reason() === 'max-soak', quiet);
    expect(story.because()).toContain('The longest stay at 1 %, 10 min, is over without proof.');
    for (let count = 0; count < 20; count += 1) story.tick(quiet);
    expect(story.state().messages.filter(({ about }) => about.kind === 'rollout-hold')).toHaveLength(1);
    story.tickUntil(() => story.percent() === 5);
  });
});

describe('after a gap', () => {
  test('a bot that was away verifies again first, and never catches up several stages', () => {
    const story = startStory().untilExposed();
    for (let count = 0; count < 3; count += 1) story.tick();
    story.wait(3600);
    story.tick({ reading: traffic(1, { requests: 1_000_000 }) });
    expect(story.percent()).toBe(1);
    expect(story.because()).toContain('nobody watched for');
    const away = story.state().lastTickAt ?? '';
    expect(story.state().soakFrom).toBe(away);
    story.tickUntil(() => story.percent() === 5);
    expect(Date.parse(story.state().lastTickAt ?? '') - Date.parse(away)).toBeGreaterThanOrEqual(120_000);
  });

  test('away before the first tick, too', () => {
    const story = startStory().untilExposed().wait(3600);
    story.tick({ reading: traffic(1, { requests: 1_000_000 }) });
    expect(story.percent()).toBe(1);
  });

  test('a tick that could not be read is one without data, and the watch goes on', () => {
    const story = startStory().untilExposed();
    story.tick();
    story.wait(30).giveUp('watch', 'Prometheus did not answer for 2 min.');
    expect(story.state().verdict?.name).toBe('provider-down');
    expect(story.pending()).toContain('watch');
    story.wait(30).giveUp('watch', 'Prometheus did not answer for 2 min.');
    expect(story.reason()).toBe('provider-down');
    story.tick();
    expect(story.phase()).toBe('ramping');
  });

  test('ticks of before the change, and ticks twice over, do not count', () => {
    const story = startStory().untilExposed();
    story.tick();
    const counted = story.state().evidence;
    const { lastTickAt = '' } = story.state();
    story.answer({
      type: 'ticked',
      key: story.key('watch'),
      tick: {
        at: new Date(Date.parse(lastTickAt) + 30_000).toISOString(),
        from: new Date(Date.parse(lastTickAt) - 30_000).toISOString(),
        readings: { 'Orders that fail': traffic(1, { ratio: 50 }) },
        flag: story.flag(),
      },
    });
    expect(story.state().evidence).toEqual(counted);
    expect(story.because()).toContain('in this one again');
    story.tickUntil(() => story.percent() === 5);
  });
});

test('cohorts of the wrong sizes soon after a change hint at clients that follow slowly', () => {
  const units = { exposed: 600, control: 400 };
  const soon = startStory().untilExposed();
  soon.tickUntil(() => soon.reason() === 'sample-ratio', { units });
  expect(soon.because()).toMatch(/clients may follow more slowly than `warmUpSeconds`/);
  const later = startStory().untilExposed();
  for (let count = 0; count < 4; count += 1) later.tick({ units: { exposed: 10, control: 990 } });
  later.wait(600);
  later.tickUntil(() => later.reason() === 'sample-ratio', { units });
  expect(later.because()).not.toContain('warmUpSeconds');
});

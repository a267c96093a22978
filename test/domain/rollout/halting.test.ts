import { describe, expect, test } from 'vitest';
import type { MetricSettings } from '../../../src/domain/rollout/settings.ts';
import { ana, kim, mei, planFrom, raj, startStory, traffic } from './story.ts';

const source = { type: 'events', total: 'a', bad: 'b' } as const;
const withAction = (onHarm: MetricSettings['onHarm'], more: Readonly<Record<string, unknown>> = {}) =>
  planFrom({ metrics: [{ name: 'Orders that fail', source, onHarm, ...more }] });

describe('harm halts', () => {
  test('the flag goes off by itself, with the numbers, and clients are waited for', () => {
    const story = startStory().untilAt(5);
    story.tickUntil(() => story.phase() === 'halted', { ratio: 4 });
    expect(story.because()).toMatch(
      /^Harm is proved at 5 % in production\. Orders that fail: [\d,]+ of [\d,]+ \([\d.]+ %\) exposed against [\d,]+ of [\d,]+ \([\d.]+ %\) not exposed; evidence of harm 1:[\d,]+, limit 1:125\.$/,
    );
    expect(story.state().phase).toMatchObject({ metrics: ['Orders that fail'] });
    expect(story.state().stages.at(-1)?.left).toBe('halted');
    expect(story.percent()).toBe(0);
    expect(story.jobs()[0]).toMatchObject({ name: 'switch-off', lane: 'halt' });
    expect(story.pending()).not.toContain('watch');
    expect(story.state().messages.some(({ about }) => about.kind === 'rollout-halt')).toBe(false);
    story.wait(1).switchOff();
    expect(story.because()).toBe('free-shipping is off in production, 1 s after it was asked for.');
    expect(story.state().messages.some(({ about }) => about.kind === 'rollout-halt')).toBe(true);
    expect(story.pending()).toContain('confirm-off');
    story.wait(12).obey();
    expect(story.because()).toContain('13 s after the halt');
    expect(story.pending().filter((name) => name !== 'tell')).toEqual([]);
    expect(story.ask({ type: 'resume' })).toContain('roll it back, and start a new rollout');
    expect(story.ask({ type: 'begin', step: story.state().step })).toContain('Roll it back first');
  });

  test('harm is noticed while it is held, and while proof waits for a freeze', () => {
    const story = startStory().untilExposed();
    story.ask({ type: 'hold' });
    story.tickUntil(() => story.phase() === 'halted', { ratio: 20 });
    const frozen = planFrom({
      freeze: [{ rule: 'DTSTART:20261121T100200Z\nRRULE:FREQ=DAILY;COUNT=1', minutes: 600, why: 'a fair' }],
    });
    const second = startStory({ plan: frozen }).untilExposed();
    second.tickUntil(() => second.reason() === 'freeze');
    second.tickUntil(() => second.phase() === 'halted', { ratio: 20 });
  });

  test('harm is noticed while the next percentage cannot be written', () => {
    const story = startStory().untilExposed();
    story.tickUntil(() => story.percent() === 5);
    story.giveUp('setExposure');
    for (let count = 0; count < 100 && story.phase() !== 'halted'; count += 1) story.tick({ ratio: 20 });
    expect(story.phase()).toBe('halted');
  });

  test('a late harm at 25 % is halted, though the hours before were well', () => {
    const story = startStory({ plan: planFrom({ minSoakMinutes: 60 }) }).untilAt(25);
    for (let count = 0; count < 60; count += 1) story.tick();
    story.tickUntil(() => story.phase() === 'halted', { ratio: 2 }, 60);
  });

  test('a metric that steps back goes one stage down and holds there, once', () => {
    const story = startStory({ plan: withAction('step-back') }).untilAt(25);
    story.tickUntil(() => story.reason() === 'harm', { ratio: 4 });
    expect(story.percent()).toBe(5);
    expect(story.pending()).toContain('set-exposure');
    story.expose();
    for (let count = 0; count < 20; count += 1) story.tick();
    expect(story.percent()).toBe(5);
    expect(story.ask({ type: 'ask-override', reason: 'we have looked at it' })).toContain('Harm is proved');
    expect(story.ask({ type: 'resume' })).toBeUndefined();
    expect(story.because()).toContain('the chance of a false halt is spent once more');
    story.tickUntil(() => story.percent() === 25);
  });

  test('below the first stage is only off', () => {
    const story = startStory({ plan: withAction('step-back') }).untilExposed();
    story.tickUntil(() => story.phase() === 'halted', { ratio: 20 });
  });

  test.each([
    ['a metric that only holds', { onHarm: 'hold' }],
    ['a metric without a control cohort, whatever its action', { onHarm: 'off', compareWith: 'history' }],
  ] as const)('%s holds and asks', (_, settings) => {
    const story = startStory({ plan: withAction('off', settings) }).untilExposed();
    const past = Array.from({ length: 8 }, (_each, week) => ({ n: 10_000, bad: 190 + week * 3 }));
    const reading =
      settings.onHarm === 'hold'
        ? traffic(1, { ratio: 20 })
        : ({ kind: 'historic', now: { n: 1000, bad: 400 }, past } as const);
    story.tickUntil(() => story.reason() === 'harm', { reading });
    expect(story.percent()).toBe(1);
    for (let count = 0; count < 5; count += 1) story.tick({ reading });
    expect(story.events().filter((type) => type === 'held')).toHaveLength(1);
    expect(story.state().messages.some(({ key }) => key.startsWith('hold/harm/'))).toBe(true);
  });

  test('the strongest action of what is harmful wins, and a tripwire halts on its limit', () => {
    const metrics = [
      { name: 'Orders that fail', source, onHarm: 'hold' },
      { name: 'Errors', kind: 'tripwire', limit: 0.05, source, onHarm: 'off' },
    ];
    const story = startStory({ plan: planFrom({ metrics }) }).untilExposed();
    story.tickUntil(() => story.phase() === 'halted', { ratio: 10 });
    expect(story.because()).toContain('5 % allowed');
  });

  test('a signal holds, and a success metric is only reported', () => {
    const metrics = [
      { name: 'Orders that fail', source },
      { name: 'Retries', kind: 'signal', source },
      { name: 'Refunds', kind: 'success', source },
    ];
    const story = startStory({ plan: planFrom({ metrics }) }).untilExposed();
    const bad = traffic(1, { ratio: 20 });
    story.tickUntil(() => story.reason() === 'signal', { readings: { Retries: bad, Refunds: bad } });
    expect(story.because()).toContain('Retries: ');
    expect(story.because()).not.toContain('Refunds');
    expect(story.ask({ type: 'resume' })).toBeUndefined();
    story.tick();
    expect(story.phase()).toBe('ramping');
  });
});

describe('switching off', () => {
  test('is tried for ever, and says loudly what to do by hand', () => {
    const story = startStory().untilAt(5);
    story.ask({ type: 'halt', reason: 'checkout is slow' }, kim);
    const keys = new Set<string>();
    for (let count = 0; count < 4; count += 1) {
      keys.add(story.key('switchOff'));
      expect(story.giveUp('switchOff', 'Unleash answered 503: maintenance mode.')).toBeUndefined();
      expect(story.because()).toContain('COULD NOT BE SWITCHED OFF in production');
      expect(story.because()).toContain('by hand');
      const again = story.jobs().find(({ name }) => name === 'switch-off');
      expect(again?.notBefore).toBe(new Date(story.now().getTime() + 5000).toISOString());
      story.wait(5);
    }
    expect(keys.size).toBe(4);
    expect(story.state().messages.filter(({ about }) => about.kind === 'rollout-halt')).toHaveLength(1);
    expect(story.state().off?.problem).toContain('maintenance mode');
    story.switchOff('zero');
    expect(story.state().off).toMatchObject({ route: 'zero' });
    expect(story.state().off?.problem).toBeUndefined();
    story.giveUp('confirmOff', 'web-3 still serves it.');
    expect(story.state().off?.problem).toContain('web-3 still serves it.');
    expect(story.pending()).toContain('confirm-off');
    story.wait(30).obey();
    expect(story.pending()).not.toContain('confirm-off');
  });

  test('halt and advance in the same second: halt wins in either order', () => {
    const first = startStory().untilExposed();
    first.ask({ type: 'hold' });
    while (first.state().verdict?.name !== 'safe' || first.state().ticks < 8) first.tick();
    expect(first.ask({ type: 'halt' }, kim)).toBeUndefined();
    expect(first.ask({ type: 'advance' })).toContain('It is halted: kim halted it at 1 %.');
    expect(first.phase()).toBe('halted');

    const second = startStory().untilExposed();
    second.ask({ type: 'hold' });
    while (second.state().verdict?.name !== 'safe' || second.state().ticks < 8) second.tick();
    expect(second.ask({ type: 'advance' })).toBeUndefined();
    const late = second.key('setExposure');
    expect(second.ask({ type: 'halt' }, kim)).toBeUndefined();
    expect(
      second.answer({
        type: 'exposure-set',
        key: late,
        at: second.now().toISOString(),
        flag: { ...second.flag(), percent: 5 },
      }),
    ).toContain('late');
    expect(second.pending()).toContain('switch-off');
    expect(second.pending()).not.toContain('set-exposure');
    expect(second.percent()).toBe(0);
  });

  test('a flag that somebody switched on again can be halted again', () => {
    const story = startStory().untilAt(5);
    story.ask({ type: 'halt' }, kim);
    expect(story.ask({ type: 'halt' }, kim)).toContain('halted already, and the flag is being switched off');
    story.switchOff();
    const before = story.state().changes;
    expect(story.ask({ type: 'halt' }, kim)).toBeUndefined();
    expect(story.key('switchOff')).toBe(`switch-off/${before + 1}`);
  });

  test.each(['planned', 'rehearsing', 'ramping', 'holding'])(
    'a rollout that is %s can be halted',
    (phase) => {
      const story = startStory();
      story.start();
      story.readPlan();
      if (phase !== 'planned') story.check();
      if (phase === 'ramping' || phase === 'holding') {
        story.rehearse();
        story.expose();
      }
      if (phase === 'holding') story.ask({ type: 'hold' });
      expect(story.phase()).toBe(phase);
      expect(story.ask({ type: 'halt' }, ana)).toContain('Only raj, whoever is on call');
      expect(story.ask({ type: 'halt' }, kim)).toBeUndefined();
      expect(story.phase()).toBe('halted');
      expect(story.pending().includes('switch-off')).toBe(phase !== 'planned');
    },
  );
});

describe('after a halt', () => {
  test('of a person it can go on: the way back is tried again, and it begins one stage lower', () => {
    const story = startStory().untilAt(25);
    const evidence = story.state().evidence['Orders that fail']?.harm.logL;
    story.ask({ type: 'halt' }, kim);
    expect(story.ask({ type: 'resume' })).toContain('still being switched off');
    story.switchOff();
    expect(story.ask({ type: 'resume' }, kim)).toContain('Only raj');
    expect(story.ask({ type: 'resume' })).toBeUndefined();
    expect(story.pending()).toContain('check-start');
    story.check();
    story.rehearse();
    expect(story.percent()).toBe(5);
    story.expose();
    expect(story.state().evidence['Orders that fail']?.harm.logL).toEqual(evidence);
    expect(story.state().evidence['Orders that fail']?.safety.logS).toBe(0);
    expect(story.state().stages.map(({ percent }) => percent)).toEqual([1, 5, 25, 5]);
    story.tickUntil(() => story.phase() === 'finished');
  });

  test('an issue is opened when a tracker is configured, and its absence holds nothing up', () => {
    const story = startStory({ plan: { ...planFrom(), tracker: true } }).untilAt(5);
    story.ask({ type: 'halt' }, kim);
    story.switchOff();
    expect(story.pending()).toContain('open-issue');
    const opened = startStory({ plan: { ...planFrom(), tracker: true } }).untilAt(5);
    opened.ask({ type: 'halt' }, kim);
    opened.answer({
      type: 'issue-opened',
      key: opened.key('openIssue'),
      issue: { key: 'SHOP-7', url: 'http://tracker.test/SHOP-7' },
    });
    expect(opened.state().issue?.key).toBe('SHOP-7');
    story.giveUp('openIssue', 'Jira refused the token (401).');
    expect(story.pending()).not.toContain('open-issue');
    expect(story.state().issueProblem).toContain('Jira refused');
  });
});

describe('rolling back', () => {
  test.each([
    ['planned', 0],
    ['ramping', 1],
    ['halted and off', 0],
    ['finished', 1],
  ])('from %s', (from, offs) => {
    const story = startStory();
    if (from === 'planned') {
      story.start();
      story.readPlan();
    } else {
      story.untilExposed();
    }
    if (from === 'finished') story.tickUntil(() => story.phase() === 'finished');
    if (from === 'halted and off') {
      story.ask({ type: 'halt' }, kim);
      story.switchOff();
      story.obey();
    }
    expect(story.ask({ type: 'roll-back' }, ana)).toContain('Only raj');
    expect(story.ask({ type: 'roll-back', reason: 'customers complain' }, kim)).toBeUndefined();
    expect(story.phase()).toBe('rolled-back');
    expect(story.pending().filter((name) => name === 'switch-off')).toHaveLength(offs);
    if (offs > 0) story.switchOff();
    expect(story.state().messages.some(({ key }) => key === 'rolled-back')).toBe(true);
    for (const type of ['resume', 'advance', 'halt', 'roll-back', 'hold', 'back'] as const)
      expect(story.ask({ type })).toContain('kim rolled this back');
  });
});

describe('going back', () => {
  test('one stage, held there; below the first is only a halt', () => {
    const story = startStory().untilAt(25);
    expect(story.ask({ type: 'back' }, ana)).toContain('Only raj');
    expect(story.ask({ type: 'back' }, kim)).toBeUndefined();
    expect(story.percent()).toBe(5);
    expect(story.reason()).toBe('person');
    story.expose();
    expect(story.ask({ type: 'back' }, mei)).toContain('Only raj');
    story.ask({ type: 'back' });
    story.expose();
    expect(story.ask({ type: 'back' })).toContain('Halt switches the flag off');
    for (let count = 0; count < 50; count += 1) story.tick();
    expect(story.percent()).toBe(1);
    story.ask({ type: 'resume' }, raj);
    story.tickUntil(() => story.percent() === 5);
  });
});

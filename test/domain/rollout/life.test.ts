import { describe, expect, test } from 'vitest';
import { rollout } from '../../../src/domain/rollout/rollout.ts';
import { kim, planFrom, startStory } from './story.ts';

const silence = {
  kind: 'counts',
  strata: [{ exposed: { n: 10, bad: 0 }, control: { n: 990, bad: 0 } }],
} as const;

describe('a rollout that goes well', () => {
  test('every stage is proved before the next, the holdback last', () => {
    const story = startStory();
    expect(story.start()).toBeUndefined();
    expect(story.pending()).toContain('read-plan');
    expect(story.readPlan()).toBeUndefined();
    expect(story.pending()).toContain('check-start');
    story.check();
    expect(story.phase()).toBe('rehearsing');
    expect(story.rehearse()).toBeUndefined();
    expect(story.percent()).toBe(1);
    expect(story.pending()).toContain('set-exposure');
    expect(story.pending()).not.toContain('watch');
    story.expose();
    story.tickUntil(() => story.phase() === 'finished');
    const runs = story.state().stages.map(({ percent, left }) => [percent, left]);
    expect(runs).toEqual([
      [1, 'advanced'],
      [5, 'advanced'],
      [25, 'advanced'],
      [50, 'advanced'],
      [99, 'advanced'],
      [100, 'finished'],
    ]);
    expect(story.pending().filter((name) => name !== 'tell')).toEqual([]);
    expect(story.because()).toBe(
      'Everybody in production has free-shipping, begun 2026-11-21 10:00 UTC. The flag can be removed from the code.',
    );
  });

  test('nothing is counted before the exposure is confirmed and the clients have followed', () => {
    const story = startStory();
    story.start();
    story.readPlan();
    story.check();
    story.rehearse();
    story.wait(600).expose();
    expect(story.state().soakFrom).toBe('2026-11-21T10:11:00.000Z');
    const watch = story.jobs().find(({ name }) => name === 'watch');
    expect(watch).toEqual({
      name: 'watch',
      key: 'watch/0',
      lane: 'watch',
      notBefore: '2026-11-21T10:12:00.000Z',
    });
    story.answer({
      type: 'ticked',
      key: 'watch/0',
      tick: {
        at: '2026-11-21T10:11:15.000Z',
        from: '2026-11-21T10:10:45.000Z',
        readings: { 'Orders that fail': { kind: 'no-data', because: '' } },
        flag: story.flag(),
      },
    });
    expect(story.state().verdict?.name).toBe('undecided');
    expect(story.because()).toContain('clients still follow the change');
    expect(story.state().evidence['Orders that fail']?.last).toBe('none');
  });

  test('one environment after the other, each from the beginning and with its part of the error bound', () => {
    const plan = planFrom({ environments: ['staging', 'production'] });
    const story = startStory({ plan }).untilExposed();
    story.tickUntil(() => story.phase() === 'planned');
    expect(story.because()).toContain('Everybody in staging has free-shipping; production comes next');
    expect(story.state()).toMatchObject({ environment: 1, stage: -1, wanted: { percent: 0 }, evidence: {} });
    expect(story.state().messages.at(-1)?.about).toEqual({
      kind: 'rollout-promoted',
      environment: 'production',
    });
    story.check();
    story.setFlag({ enabled: false, percent: 0 });
    story.rehearse();
    story.expose();
    story.tickUntil(() => story.phase() === 'finished');
    expect(story.state().stages.map(({ environment }) => environment)).toEqual([
      ...Array.from({ length: 6 }, () => 'staging'),
      ...Array.from({ length: 6 }, () => 'production'),
    ]);
    const halted = startStory({ plan }).untilExposed();
    halted.tickUntil(() => halted.phase() === 'halted', { ratio: 20 });
    expect(halted.because()).toContain('limit 1:250.');
  });
});

describe('what is told', () => {
  test('a root only without a thread, the card first, each message once and in order', () => {
    const inThread = startStory();
    inThread.start();
    expect(inThread.state().messages.map(({ key }) => key)).toEqual(['card']);
    const story = startStory();
    story.ask({
      type: 'start',
      id: 'r-1',
      flag: 'free-shipping',
      origin: { kind: 'asked' },
      owner: { id: 'U0RAJ', name: 'raj' },
      channel: 'C0SHOP',
      createFlag: true,
    });
    expect(story.jobs().filter(({ name }) => name === 'tell')).toEqual([
      { name: 'tell', key: 'tell/root/0', lane: 'tell' },
    ]);
    expect(rollout.placeOf(story.state())).toBeUndefined();
    story.tell();
    expect(rollout.placeOf(story.state())).toEqual({ channel: 'C0SHOP', thread: '9.0' });
    story.readPlan();
    story.tell();
    expect(story.state().messages.map(({ key }) => key)).toEqual(['root', 'card', 'plan']);
  });

  test.each([
    ['quick', 1, 30],
    ['usual', 30, 8],
  ])(
    '%s ticks redraw the card every 15 s or every fourth time, and at once when the verdict changes',
    (_, tickSeconds, ticks) => {
      const story = startStory({ plan: planFrom({ tickSeconds, warmUpSeconds: 1, lagSeconds: 0 }) });
      story.untilExposed();
      const cardVersion = () => story.state().messages.find(({ key }) => key === 'card')?.version ?? 0;
      story.tick();
      const before = cardVersion();
      for (let count = 0; count < ticks; count += 1) story.tick({ reading: silence });
      expect(cardVersion() - before).toBe(2);
      const reading = { kind: 'no-data', because: 'no series' } as const;
      story.tick({ reading });
      expect(cardVersion() - before).toBe(3);
    },
  );

  test('the halt is told after the flag is off, and redrawn with what follows', () => {
    const story = startStory().untilAt(5);
    story.tell();
    story.ask({ type: 'halt', reason: 'checkout is slow' }, kim);
    const halt = () => story.state().messages.find(({ about }) => about.kind === 'rollout-halt');
    expect(halt()).toBeUndefined();
    story.switchOff();
    expect(halt()?.version).toBe(1);
    story.obey();
    expect(halt()?.version).toBe(2);
    story.tell();
    story.ask({ type: 'resume' });
    expect(halt()).toMatchObject({ version: 3, drawn: 2 });
  });

  test('a question that is answered is drawn again, without its buttons', () => {
    const story = startStory().untilExposed();
    story.tick({ flag: { percent: 50 } });
    story.tick({ flag: { percent: 50 } });
    const hold = () => story.state().messages.find(({ about }) => about.kind === 'rollout-hold');
    expect(hold()).toMatchObject({ version: 1 });
    story.ask({ type: 'resume' });
    expect(hold()).toMatchObject({ version: 2 });
    story.expose();
    story.ask({ type: 'ask-override', reason: 'long enough a reason' });
    const override = () => story.state().messages.find(({ about }) => about.kind === 'rollout-override');
    expect(override()).toMatchObject({ version: 1 });
    story.ask({ type: 'halt' });
    expect(override()).toMatchObject({ version: 2 });
  });

  test('a message that cannot be shown holds nothing up', () => {
    const story = startStory();
    story.start();
    const tell = story.jobs().find(({ name }) => name === 'tell');
    story.answer({ type: 'gave-up', key: tell?.key ?? '', because: 'channel_not_found' });
    expect(story.pending()).not.toContain('tell');
    story.readPlan();
    expect(story.pending()).toContain('tell');
  });
});

test('the same events give the same state, in plain JSON whose size does not grow with the ticks', () => {
  const story = startStory({ plan: planFrom({ maxSoakMinutes: 1440 }) }).untilExposed();
  const quiet = { ratio: 1.9 };
  for (let count = 0; count < 50; count += 1) story.tick(quiet);
  const early = JSON.stringify(story.state()).length;
  for (let count = 0; count < 500; count += 1) story.tick(quiet);
  const late = JSON.stringify(story.state()).length;
  expect(late - early).toBeLessThan(200);
  const stored = story.log.map(({ event, at }) => ({ event: JSON.parse(JSON.stringify(event)), at }));
  const folded = stored.reduce((state, { event, at }) => rollout.evolve(state, event, at), rollout.initial);
  expect(folded).toEqual(story.state());
  expect(JSON.parse(JSON.stringify(folded))).toEqual(folded);
});

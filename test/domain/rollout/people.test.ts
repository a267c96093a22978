import { describe, expect, test } from 'vitest';
import type { Actor } from '../../../src/domain/process.ts';
import type { RolloutCommand } from '../../../src/domain/rollout/commands.ts';
import { ana, job, kim, mei, planFrom, raj, startStory, traffic } from './story.ts';

const boss: Actor = { kind: 'person', id: 'U0BOSS', name: 'boss', rights: ['administer'] };
const guard: Actor = { kind: 'person', id: 'U0STOP', name: 'guard', rights: ['stop'] };
const guest: Actor = { kind: 'person', id: 'U0GUEST', name: 'guest', rights: [] };

describe('who may what', () => {
  const stopping = ['hold', 'back', 'halt', 'roll-back'] as const;
  const going = ['advance', 'resume', 'ask-override'] as const;
  test.each([
    ['the owner', raj, true, true],
    ['somebody else', ana, false, false],
    ['whoever is on call', kim, true, false],
    ['someone who may approve', mei, false, false],
    ['someone who may stop', guard, true, false],
    ['an administrator', boss, true, true],
  ])('%s', (_, by, mayStop, mayGo) => {
    const refusal = (type: (typeof stopping)[number] | (typeof going)[number]) => {
      const story = startStory().untilAt(5);
      const asked = type === 'ask-override' ? ({ type, reason: 'long enough a reason' } as const) : { type };
      return story.ask(asked, by) ?? '';
    };
    for (const type of stopping) expect(refusal(type).includes('Only raj')).toBe(!mayStop);
    for (const type of going) expect(refusal(type).includes('Only raj')).toBe(!mayGo);
  });

  test('starting takes the right to ask; a merged feature starts its own', () => {
    expect(startStory().start({}, guest)).toContain('"request"');
    expect(startStory().start({}, job)).toContain('Only a person');
    const origin = { kind: 'feature', feature: 'f-1', repository: 'acme/shop' } as const;
    expect(startStory().start({ origin }, job)).toBeUndefined();
    expect(startStory().start({ flag: ' ' })).toContain('Which flag?');
    const story = startStory();
    story.start();
    expect(story.start()).toContain('started already');
    expect(startStory().ask({ type: 'halt' })).toContain('no such rollout');
  });

  test('people do not answer for jobs, and jobs do not ask for people', () => {
    const story = startStory().untilExposed();
    const answers: readonly RolloutCommand[] = [
      { type: 'gave-up', key: story.key('watch'), because: '' },
      { type: 'exposure-set', key: story.key('watch'), at: '', flag: story.flag() },
      { type: 'clients-obeyed', key: '', at: '', because: '' },
    ];
    for (const command of answers) expect(story.send(command, boss)).toContain('Only a job');
    const asked: readonly RolloutCommand[] = [
      { type: 'advance' },
      { type: 'resume' },
      { type: 'halt' },
      { type: 'confirm-override', at: '' },
    ];
    for (const command of asked) expect(story.send(command, job)).toContain('Only a person');
  });
});

describe('advancing', () => {
  test('takes proof, and the stage that was seen', () => {
    const story = startStory({ plan: planFrom({ minSoakMinutes: 10 }) }).untilExposed();
    expect(story.ask({ type: 'advance' })).toContain('1 % is not proved safe.');
    expect(story.ask({ type: 'advance' })).toContain('a written reason and a second person');
    story.ask({ type: 'hold' });
    story.tickUntil(() => story.state().verdict?.name === 'safe');
    expect(story.ask({ type: 'advance' })).toContain('The shortest stay at 1 % is 10 min');
    for (let count = 0; count < 20; count += 1) story.tick();
    expect(story.ask({ type: 'advance', seen: { environment: 0, stage: 3 } })).toContain('an earlier stage');
    story.wait(600);
    expect(story.ask({ type: 'advance' })).toContain('The newest proof is 11 min old');
    story.tick({ flagProblem: 'timeout' });
    expect(story.ask({ type: 'advance' })).toContain('not proved safe');
    for (let count = 0; count < 25; count += 1) story.tick();
    expect(story.ask({ type: 'advance', seen: { environment: 0, stage: 0 } })).toBeUndefined();
    expect(story.percent()).toBe(5);
    expect(story.ask({ type: 'advance' })).toContain('has not confirmed 5 % yet');
  });

  test('a hold takes back what was asked for without proof', () => {
    const story = startStory().untilExposed();
    story.ask({ type: 'ask-override', reason: 'Black Friday is tomorrow' });
    const asked = story.state().override?.at ?? '';
    story.ask({ type: 'hold', reason: 'I see errors' });
    expect(story.ask({ type: 'confirm-override', at: asked }, mei)).toContain('is past');
    expect(story.percent()).toBe(1);
  });

  test('a shortest stay of seconds is said in seconds', () => {
    const story = startStory({ plan: planFrom({ minSoakMinutes: 0.55, tickSeconds: 5 }) }).untilExposed();
    const settings = { ratio: 1, reading: traffic(1, { requests: 900_000 }) };
    story.ask({ type: 'hold' });
    story.tickUntil(() => story.state().verdict?.name === 'safe', settings, 4);
    expect(story.ask({ type: 'advance' })).toMatch(/^The shortest stay at 1 % is 33 s, [\d.]+ s are left\./);
  });

  test('without proof takes a written reason and another person, while what was asked still stands', () => {
    const story = startStory().untilExposed();
    expect(story.ask({ type: 'ask-override', reason: 'because ' })).toContain('at least 10 characters');
    expect(story.ask({ type: 'ask-override', reason: 'Black Friday is tomorrow' })).toBeUndefined();
    const asked = story.state().override?.at ?? '';
    expect(story.because()).toBe(
      'raj asks to go from 1 % to 5 % without proof: Black Friday is tomorrow. Another person must confirm it.',
    );
    expect(story.percent()).toBe(1);
    expect(story.ask({ type: 'confirm-override', at: asked })).toContain(
      'Only someone with the right "approve"',
    );
    const owner: Actor = { kind: 'person', id: 'U0RAJ', name: 'raj', rights: ['approve'] };
    expect(story.ask({ type: 'confirm-override', at: asked }, owner)).toContain(
      'You asked for this yourself',
    );
    expect(story.ask({ type: 'confirm-override', at: 'earlier' }, mei)).toContain('is past');
    expect(story.ask({ type: 'confirm-override', at: asked }, mei)).toBeUndefined();
    expect(story.percent()).toBe(5);
    expect(story.because()).toBe(
      'raj asked for it and mei confirmed: from 1 % to 5 % without proof: Black Friday is tomorrow.',
    );
    expect(story.state().stages.map(({ left }) => left)).toEqual(['overridden', undefined]);
    expect(story.ask({ type: 'confirm-override', at: asked }, mei)).toContain('is past');
  });

  test('a confirmation of what has passed meanwhile changes nothing', () => {
    const cases: readonly [string, (story: ReturnType<typeof startStory>) => unknown][] = [
      ['is past', (story) => story.tickUntil(() => story.state().written?.percent === 5)],
      ['is past', (story) => story.ask({ type: 'halt' })],
      ['another percentage', (story) => story.tick({ flag: { enabled: false } })],
    ];
    for (const [index, [words, happens]] of cases.entries()) {
      const story = startStory().untilExposed();
      story.ask({ type: 'ask-override', reason: 'long enough a reason' });
      const at = story.state().override?.at ?? '';
      happens(story);
      const before = story.percent();
      const refusal = story.ask({ type: 'confirm-override', at }, kim);
      expect(refusal).toContain(index === 2 ? 'switched the flag off' : words);
      expect(story.percent()).toBe(before);
    }
  });

  test('a freeze stands above two people', () => {
    const plan = planFrom({
      freeze: [{ rule: 'DTSTART:20261121T100100Z\nRRULE:FREQ=DAILY;COUNT=1', minutes: 60, why: 'a fair' }],
    });
    const story = startStory({ plan }).untilExposed().wait(90);
    story.ask({ type: 'ask-override', reason: 'long enough a reason' });
    const at = story.state().override?.at ?? '';
    expect(story.ask({ type: 'confirm-override', at }, mei)).toContain('a fair');
  });

  test('from the holdback to everybody it takes the same', () => {
    const story = startStory().untilAt(99);
    story.ask({ type: 'ask-override', reason: 'long enough a reason' });
    story.ask({ type: 'confirm-override', at: story.state().override?.at ?? '' }, kim);
    expect(story.percent()).toBe(100);
    story.expose();
    expect(story.phase()).toBe('finished');
  });
});

describe('beginning', () => {
  test('a stage that cannot be proved waits for the owner', () => {
    const story = startStory();
    story.start();
    story.readPlan(null);
    expect(story.state().phase).toMatchObject({ kind: 'planned', waitsFor: { reason: 'unprovable' } });
    expect(story.because()).toContain('cannot be ruled out within 1 h');
    expect(story.pending().filter((name) => name !== 'tell')).toEqual([]);
    expect(story.ask({ type: 'begin', step: story.state().step }, ana)).toContain('Only raj');
    expect(story.ask({ type: 'begin', step: 0 })).toContain('older than what it shows');
    expect(story.ask({ type: 'begin', step: story.state().step })).toBeUndefined();
    expect(story.pending()).toContain('check-start');
  });

  test('a plan with a problem is read again when somebody says so', () => {
    const story = startStory();
    story.start();
    story.answer({
      type: 'not-ready',
      key: story.key('readPlan'),
      because: 'acme/shop has no rollout: part',
    });
    expect(story.because()).toBe('acme/shop has no rollout: part.');
    expect(story.pending().filter((name) => name !== 'tell')).toEqual([]);
    story.ask({ type: 'begin', step: story.state().step });
    expect(story.key('readPlan')).toBe('read-plan/3');
    story.giveUp('readPlan', 'GitHub answered 404.');
    expect(story.state().phase).toMatchObject({ waitsFor: { reason: 'plan-problem' } });
  });

  test('a change that is not deployed yet is waited for, without asking anybody', () => {
    const story = startStory();
    story.start();
    const key = story.key('readPlan');
    const againAt = new Date(story.now().getTime() + 30_000).toISOString();
    const because = 'Nothing is counted yet with the label flag="free-shipping"';
    expect(story.answer({ type: 'no-traffic', key, because, againAt })).toBeUndefined();
    expect(story.because()).toBe(`${because}.`);
    const again = story.jobs().find(({ name }) => name === 'read-plan');
    expect(again).toEqual({ name: 'read-plan', key: 'read-plan/2', lane: 'call', notBefore: againAt });
    expect(story.ask({ type: 'begin', step: story.state().step })).toContain('begins by itself');
    expect(story.answer({ type: 'no-traffic', key, because, againAt })).toContain('late');
    story.readPlan();
    expect(story.pending()).toContain('check-start');
  });

  test('another rollout or flag in the way is looked at every half minute', () => {
    const story = startStory();
    story.start();
    story.readPlan();
    story.tell();
    const keys = new Set<string>();
    for (let count = 0; count < 5; count += 1) {
      keys.add(story.key('checkStart'));
      story.check({ reason: 'other-rollout', because: 'new-cart shares "Orders that fail"' });
      const again = story.jobs().find(({ name }) => name === 'check-start');
      expect(again?.notBefore).toBe(new Date(story.now().getTime() + 30_000).toISOString());
      story.wait(30);
    }
    expect(keys.size).toBe(5);
    expect(story.pending().filter((name) => name === 'tell')).toHaveLength(1);
    story.check();
    expect(story.phase()).toBe('rehearsing');
  });

  test('nobody is exposed in a freeze', () => {
    const plan = planFrom({
      freeze: [{ rule: 'DTSTART:20261121T090000Z\nRRULE:FREQ=DAILY;COUNT=1', minutes: 90, why: 'a fair' }],
    });
    const story = startStory({ plan });
    story.start();
    story.readPlan();
    story.check();
    expect(story.state().phase).toMatchObject({ kind: 'planned', checkAt: '2026-11-21T10:30:00.000Z' });
    story.wait(1800).check();
    expect(story.phase()).toBe('rehearsing');
  });

  test('a way back that does not work exposes nobody, and is tried again when somebody says so', () => {
    const failures: readonly ((story: ReturnType<typeof startStory>) => unknown)[] = [
      (story) => story.rehearse(false),
      (story) => story.giveUp('rehearse', 'The token may not switch it off (403).'),
      (story) =>
        story.answer({
          type: 'not-ready',
          key: story.key('rehearse'),
          because: 'the flag has two strategies',
        }),
    ];
    for (const fails of failures) {
      const story = startStory();
      story.start();
      story.readPlan();
      story.check();
      fails(story);
      expect(story.state().phase).toMatchObject({ kind: 'planned', waitsFor: { reason: 'flag-service' } });
      expect(story.state().written).toBeUndefined();
      expect(story.pending().filter((name) => name !== 'tell')).toEqual([]);
      expect(story.ask({ type: 'resume' })).toBeUndefined();
      expect(story.pending()).toContain('check-start');
    }
  });

  test('a flag that others have on is left alone when the rollout that could not begin is ended', () => {
    const story = startStory();
    story.start();
    story.readPlan();
    story.check();
    story.giveUp('rehearse', 'free-shipping is on for 100 % of production already.');
    expect(story.ask({ type: 'roll-back' })).toBeUndefined();
    expect(story.pending().filter((name) => name !== 'tell')).toEqual([]);
    expect(story.because()).toContain('The flag was not touched here');
  });

  test('a rollout that goes on after a halt is still switched off, though its rehearsal failed', () => {
    const story = startStory().untilExposed();
    story.ask({ type: 'halt' }, kim);
    story.switchOff();
    story.ask({ type: 'resume' });
    story.check();
    story.giveUp('rehearse');
    story.ask({ type: 'halt' }, kim);
    expect(story.pending()).toContain('switch-off');
  });

  test('it can be held before anybody is exposed', () => {
    const story = startStory();
    story.start();
    story.readPlan();
    story.check();
    const late = story.key('rehearse');
    expect(story.ask({ type: 'hold', reason: 'not today' }, kim)).toBeUndefined();
    expect(story.state().phase).toMatchObject({ kind: 'planned', waitsFor: { reason: 'person' } });
    expect(story.answer({ type: 'gave-up', key: late, because: '' })).toContain('late');
    expect(story.ask({ type: 'resume' })).toBeUndefined();
    expect(story.pending()).toContain('check-start');
  });
});

test('late answers change nothing', () => {
  const story = startStory().untilAt(5);
  const state = story.state();
  const flag = story.flag();
  const at = story.now().toISOString();
  const late: readonly RolloutCommand[] = [
    { type: 'exposure-set', key: 'set-exposure/1', at, flag: { ...flag, percent: 99 } },
    { type: 'exposure-conflict', key: 'set-exposure/1', because: '' },
    { type: 'ticked', key: 'watch/0', tick: { at, from: at, readings: { x: traffic(5) } } },
    { type: 'switched-off', key: 'switch-off/1', route: 'off', at },
    { type: 'clients-obeyed', key: 'confirm-off/1', at, because: '' },
    { type: 'issue-opened', key: 'open-issue/1', issue: { key: 'A', url: 'http://a.test' } },
    { type: 'gave-up', key: 'rehearse/2', because: '' },
    { type: 'not-ready', key: 'rehearse/2', because: '' },
    { type: 'told', key: 'tell/card/99', message: 'card', version: 99, ts: '1.2' },
  ];
  for (const command of late) expect(story.send(command, job)).toContain('late');
  expect(story.state()).toBe(state);
});

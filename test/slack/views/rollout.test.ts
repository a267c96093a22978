import { describe, expect, test } from 'vitest';
import type { Reading } from '../../../src/domain/rollout/reading.ts';
import type { RolloutViewOptions } from '../../../src/slack/views/index.ts';
import { rolloutLineOf, rolloutViewOf, rolloutWhyView } from '../../../src/slack/views/index.ts';
import { kim, mei, planFrom, startStory } from '../../domain/rollout/story.ts';
import { expectWellMade, labels, type Screen, screenOfView } from './screen.ts';

type Story = ReturnType<typeof startStory>;
const options: RolloutViewOptions = { onCall: ['U0KIM', 'U0RAJ'], chart: { file: 'F0CHART' } };

/** The newest message whose key begins like this. */
function screen(story: Story, start: string, more: RolloutViewOptions = options): Screen {
  const key = story.state().messages.findLast((message) => message.key.startsWith(start))?.key;
  if (key === undefined) throw new Error(`There is no message ${start}.`);
  const drawn = screenOfView(rolloutViewOf(story.state(), key, more));
  expectWellMade(drawn, key);
  return drawn;
}

function halted(ratio = 3): Story {
  const story = startStory().untilAt(5);
  return story.tickUntil(() => story.phase() === 'halted', { ratio });
}

describe('the card', () => {
  test('before anybody is exposed it says what comes, and can be ended', () => {
    const story = startStory();
    story.start({ title: 'Free delivery' });
    const card = screen(story, 'card');
    expect(card.fallback).toBe('Rollout of Free delivery: Planned.');
    expect(card.text).toMatch(/before anybody is exposed/);
    expect(labels(card)).toEqual(['Roll back for good']);
  });

  test('while it ramps: the ladder, the sample, each metric with its evidence, what comes when', () => {
    const story = startStory().untilAt(5);
    for (let count = 0; count < 5; count += 1) story.tick();
    const card = screen(story, 'card');
    expect(card.text).toContain('Ramping: 5 % in production');
    expect(card.text).toContain('▣ 1 % ▸ ◉ 5 % ▸ ○ 25 % ▸ ○ 50 % ▸ ○ 99 % ▸ ○ 100 %');
    expect(card.text).toMatch(/Measured: 1,000 events with the feature, 19,000 without/);
    expect(card.text).toMatch(/◌ \*Orders that fail\* 2 % vs 2 % · no evidence of harm \(1:125 halts\)/);
    expect(card.text).toMatch(/a rise of 50 % ruled out: 1:[\d.]+ of 1:20/);
    expect(card.text).toMatch(
      /Next: 25 % when every guardrail is proved, not before .*Without proof by .* a person is asked/,
    );
    expect(card.text).toMatch(/raj advances and resumes · anyone on call holds, halts and rolls back/);
    expect(labels(card)).toEqual(['Hold here', 'Halt: flag off']);
  });

  test('what a person holds although it is safe, the owner may advance', () => {
    const story = startStory({ plan: planFrom({ minSoakMinutes: 50 }) }).untilExposed();
    story.tickUntil(() => story.state().verdict?.name === 'safe');
    expect(screen(story, 'card').text).toMatch(/Next: 5 % at .* while all stays proved/);
    expect(labels(screen(story, 'card'))).toEqual(['Hold here', 'Halt: flag off']);
    story.ask({ type: 'hold' }, kim);
    expect(labels(screen(story, 'card'))).toEqual(['Resume', 'Halt: flag off']);
    for (let minute = 0; minute < 50; minute += 0.5) story.tick();
    const card = screen(story, 'card');
    expect(card.text).toMatch(/✔ \*Orders that fail\* .* a doubling is ruled out/);
    expect(labels(card)).toEqual(['Resume', 'Halt: flag off', 'Advance to 5 %']);
    expect(card.buttons[2]?.action?.value).toEqual({ id: 'r-test', environment: 0, stage: 0 });
  });

  test('what is more than half a day away has its date', () => {
    const story = startStory({ plan: planFrom({ maxSoakMinutes: 1440 }) }).untilExposed();
    story.tick();
    expect(screen(story, 'card').text).toMatch(
      /not before <!date\^\d+\^\{time\}.*Without proof by <!date\^\d+\^\{date_short_pretty\} at \{time\}\|2026-11-22 10:0\d UTC>/,
    );
  });

  test('without data it says so, and never that all is well', () => {
    const story = startStory().untilAt(5);
    for (let count = 0; count < 5; count += 1) {
      story.tick({ reading: { kind: 'no-data', because: 'no series matches orders_total' } });
    }
    const card = screen(story, 'card');
    expect(card.text).toMatch(/⚠ \*Orders that fail\* no series matches orders_total/);
    expect(card.text).not.toMatch(/✔/);
  });

  test('held by a person it waits for the owner', () => {
    const story = startStory().untilAt(5);
    story.ask({ type: 'hold', reason: 'the sale begins' }, kim);
    const card = screen(story, 'card');
    expect(card.text).toMatch(/◐ Holding at 5 % in production: a person holds it/);
    expect(card.text).toMatch(/the sale begins/);
    expect(labels(card)).toEqual(['Resume', 'Halt: flag off']);
  });

  test('several environments are shown as a way', () => {
    const story = startStory({ plan: planFrom({ environments: ['staging', 'production'] }) }).untilExposed();
    expect(screen(story, 'card').text).toContain('◉ staging ▸ ○ production');
  });

  test.each<[string, (story: Story) => unknown, RegExp]>([
    [
      'halted',
      (story) => story.tickUntil(() => story.phase() === 'halted', { ratio: 4 }),
      /✖ Halted.*being switched off/,
    ],
    ['rolled back', (story) => story.ask({ type: 'roll-back' }, kim), /✖ Rolled back/],
    [
      'finished',
      (story) => story.tickUntil(() => story.phase() === 'finished'),
      /✔ Finished: everybody has it/,
    ],
  ])('%s', (_name, then, says) => {
    const story = startStory().untilAt(5);
    then(story);
    expect(screen(story, 'card').text).toMatch(says);
  });
});

describe('the plan', () => {
  test('says how long each stage needs and what is watched', () => {
    const story = startStory();
    story.start();
    story.readPlan(20);
    const plan = screen(story, 'plan');
    expect(plan.text).toMatch(/\*1 %\* {2}about 20 min and 10 bad events to rule out a doubling/);
    expect(plan.text).toMatch(/\*25 %\* {2}about 20 min and 10 bad events to rule out a rise of 20 %/);
    expect(plan.text).toMatch(/Orders that fail: guardrail, switches off · no traffic seen/);
    expect(plan.text).toMatch(/chance of at most 1 %/);
    expect(plan.buttons).toEqual([]);
  });

  test('what cannot be proved is asked about before the start', () => {
    const story = startStory();
    story.start();
    story.readPlan(null);
    const plan = screen(story, 'plan');
    expect(plan.text).toMatch(/⚠ cannot be ruled out within 1 h/);
    expect(plan.text).toMatch(/Waiting for <@U0RAJ> to begin all the same, or to roll it back\./);
    expect(labels(plan)).toEqual(['Begin all the same', 'Roll back for good']);
    expect(plan.buttons[0]?.action?.value).toEqual({ id: 'r-test', step: story.state().step });
  });
});

describe('what waits for its owner before the start', () => {
  const problem = 'There is no flag free-shipping.';
  test.each<[string, (story: Story) => unknown, string, string]>([
    [
      'a hold',
      (story) => {
        story.readPlan();
        story.ask({ type: 'hold' }, kim);
      },
      'kim holds it.\nWaiting for <@U0RAJ> to begin, or to roll it back.',
      'Begin',
    ],
    [
      'a plan with a problem',
      (story) => story.giveUp('readPlan', problem),
      `${problem}\nWaiting for <@U0RAJ> to try again, or to roll it back.`,
      'Try again',
    ],
    [
      'a way back that fails',
      (story) => {
        story.readPlan();
        story.check();
        story.giveUp('rehearse', problem);
      },
      `so nobody is exposed: ${problem}\nWaiting for <@U0RAJ> to try again, or to roll it back.`,
      'Try again',
    ],
    [
      'what cannot be proved',
      (story) => story.readPlan(null),
      'Waiting for <@U0RAJ> to begin all the same, or to roll it back.',
      'Begin all the same',
    ],
  ])('%s is called the same in the card and in the plan', (_name, then, says, label) => {
    const story = startStory();
    story.start();
    then(story);
    for (const shown of [screen(story, 'card'), screen(story, 'plan')]) {
      expect(shown.text).toContain(says);
      expect(labels(shown)).toEqual([label, 'Roll back for good']);
    }
  });

  test.each<['halt' | 'roll-back', RegExp]>([
    ['halt', /`free-shipping` was halted before it had a plan\.\nkim halted it: not now\./],
    ['roll-back', /`free-shipping` was ended before it had a plan\.\nkim rolled it back: not now\./],
  ])('after a %s the plan says so', (type, says) => {
    const story = startStory();
    story.start();
    story.giveUp('readPlan', problem);
    story.ask({ type: 'begin', step: story.state().step });
    story.tell();
    story.ask({ type, reason: 'not now' }, kim);
    expect(story.state().messages.find(({ key }) => key === 'plan')?.drawn).toBeLessThan(
      story.state().messages.find(({ key }) => key === 'plan')?.version ?? 0,
    );
    const plan = screen(story, 'plan');
    expect(plan.text).toMatch(says);
    expect(plan.fallback).not.toMatch(/being read/);
    expect(plan.buttons).toEqual([]);
  });
});

describe('a hold', () => {
  test('asks one person once, and says when it is over', () => {
    const story = startStory().untilAt(5);
    for (let count = 0; count < 3; count += 1) story.tick();
    story.tick({
      flag: { percent: 40, foreign: { by: 'admin', what: 'strategy changed', at: '2026-11-21T10:20:00Z' } },
    });
    const hold = screen(story, 'hold');
    expect(hold.fallback).toBe('The rollout of free-shipping holds at 5 %: somebody else changed the flag.');
    expect(hold.text).toMatch(/40 %/);
    expect(hold.text.match(/<@U0RAJ>/g)).toHaveLength(1);
    expect(labels(hold)).toEqual(['Resume', 'Halt: flag off']);
    story.ask({ type: 'resume' });
    const after = screen(story, 'hold');
    expect(after.text).toMatch(/that is over/);
    expect(after.buttons).toEqual([]);
  });

  test('of a metric that only holds: go on, a stage back, or off', () => {
    const plan = planFrom({
      metrics: [
        {
          name: 'Orders that fail',
          onHarm: 'hold',
          source: { type: 'events', total: 'orders_total', bad: 'orders_failed_total' },
        },
      ],
    });
    const story = startStory({ plan }).untilAt(5);
    story.tickUntil(() => story.reason() === 'harm', { ratio: 3 });
    const hold = screen(story, 'hold');
    expect(labels(hold)).toEqual(['Resume', 'Halt: flag off', 'Back to 1 %']);
    expect(hold.buttons[2]?.action?.value).toEqual({ id: 'r-test', environment: 0, stage: 1 });
  });

  test('after the longest stay without proof the owner may wait, or ask for more', () => {
    const story = startStory({ plan: planFrom({ minSoakMinutes: 1, maxSoakMinutes: 3 }) }).untilExposed();
    const few: Reading = {
      kind: 'counts',
      strata: [{ exposed: { n: 10, bad: 0 }, control: { n: 100, bad: 1 } }],
    };
    story.tickUntil(() => story.reason() === 'max-soak', { reading: few });
    expect(labels(screen(story, 'hold'))).toEqual([
      'Keep waiting',
      'Advance without proof…',
      'Halt: flag off',
    ]);
  });
});

describe('an advance without proof', () => {
  test('shows the reason and what is missing, to somebody else', () => {
    const story = startStory().untilAt(5);
    story.tick();
    expect(story.ask({ type: 'ask-override', reason: 'Support <!here> sees nothing' })).toBeUndefined();
    const asked = screen(story, 'override');
    expect(asked.text).toMatch(/advance `free-shipping` to \*25 %\* without proof/);
    expect(asked.text).toMatch(/> Support &lt;!here&gt; sees nothing/);
    expect(asked.text).toMatch(/Another person than raj has to confirm/);
    expect(labels(asked)).toEqual(['Confirm: advance to 25 %', 'Hold here', 'Halt: flag off']);
    const at = story.state().override?.at ?? '';
    expect(asked.buttons[0]?.action?.value).toEqual({ id: 'r-test', at });
    expect(story.ask({ type: 'confirm-override', at }, mei)).toBeUndefined();
    expect(screen(story, 'override').buttons).toEqual([]);
  });
});

test('an advance without proof that was asked for is past once a person holds it', () => {
  const story = startStory().untilAt(5);
  story.tick();
  story.ask({ type: 'ask-override', reason: 'support sees nothing' });
  story.ask({ type: 'hold' }, kim);
  const asked = screen(story, 'override');
  expect(asked.text).toMatch(/that is decided or past/);
  expect(asked.buttons).toEqual([]);
});

describe('a halt', () => {
  test('of what never began says no more than it knows: others may have the flag on', () => {
    const story = startStory();
    story.start();
    const drawn = () => JSON.stringify(rolloutViewOf(story.state(), 'card', options));
    expect(drawn()).toContain('The flag is left as it is, and this rollout ends');
    story.ask({ type: 'halt' }, kim);
    expect(screen(story, 'halt').text).toContain('Nobody got the feature from this rollout');
    const exposed = startStory().untilExposed();
    exposed.ask({ type: 'halt' }, kim);
    exposed.switchOff();
    const card = JSON.stringify(rolloutViewOf(exposed.state(), 'card', options));
    expect(card).toContain('The flag goes off, or stays off, and this rollout ends');
  });

  test('what happened with its numbers, the picture, who is called, and the ways on', () => {
    const story = halted();
    story.wait(2).switchOff();
    const halt = screen(story, 'halt');
    expect(halt.fallback).toMatch(/^HALTED at 5 %: free-shipping\. Harm is proved at 5 % in production/);
    expect(halt.text).toMatch(/\d+ of [\d,]+ \(6 %\) exposed against \d+ of [\d,]+ \(2 %\) not exposed/);
    expect(halt.text).toMatch(
      /\*The flag is off\* since .*, 2 s after the halt\. Whether all clients obey is being measured/,
    );
    expect(halt.text).toMatch(/<@U0RAJ> owns it; on call: <@U0KIM>\./);
    expect(halt.text.match(/<@/g)).toHaveLength(2);
    expect(halt.blocks.find(({ type }) => type === 'image')).toMatchObject({ slack_file: { id: 'F0CHART' } });
    expect(labels(halt)).toEqual(['Open fix job', 'Roll back for good']);
  });

  test('by a person can be resumed, one stage lower', () => {
    const story = startStory().untilAt(5);
    story.ask({ type: 'halt', reason: 'support calls' }, kim);
    story.switchOff();
    const halt = screen(story, 'halt');
    expect(halt.text).toMatch(/by <@U0KIM>/);
    expect(labels(halt)).toEqual(['Open fix job', 'Roll back for good', 'Resume at 1 %']);
  });

  test('says afterwards when all clients had obeyed, and the issue', () => {
    const story = halted();
    story.switchOff();
    story.wait(6).obey();
    expect(screen(story, 'halt').text).toMatch(/All clients had obeyed 6 s after it/);
  });

  test('that could not be switched off is loud, not quiet', () => {
    const story = halted();
    story.giveUp('switchOff', 'The flag service answered 503.');
    const halt = screen(story, 'halt', { onCall: [], chart: { problem: 'Slack answered missing_scope.' } });
    expect(halt.text).toMatch(/⚠ .*COULD NOT BE SWITCHED OFF.*503/);
    expect(halt.text).toMatch(/chart is missing: Slack answered missing_scope/);
    expect(halt.text).not.toMatch(/The flag is off/);
  });

  test.each<[string, (story: Story) => unknown, string]>([
    ['a flag', (story) => story.giveUp('switchOff', 'It answered 503.'), '*⚠ quick-pay COULD NOT'],
    ['a person', (story) => story.switchOff(), 'raj halted it at 5 %: support calls.'],
  ])('keeps the name of %s as it is at the beginning of a sentence', (_name, then, says) => {
    const story = startStory();
    story.start({ flag: 'quick-pay' });
    story.readPlan();
    story.check();
    story.rehearse();
    story.wait(1).expose();
    story.tickUntil(() => story.state().written?.percent === 5);
    story.ask({ type: 'halt', reason: 'support calls' });
    then(story);
    expect(screen(story, 'halt').text).toContain(says);
  });

  test('loses its buttons when it is rolled back or goes on', () => {
    const story = halted();
    story.switchOff();
    story.ask({ type: 'roll-back', reason: 'we fix it first' });
    const halt = screen(story, 'halt');
    expect(halt.text).toMatch(/Rolled back by <@U0RAJ>/);
    expect(halt.buttons).toEqual([]);
    expect(labels(screen(story, 'rolled-back'))).toEqual(['Open fix job']);
  });
});

test('everybody has it: the time, the stages, and the removal of the flag', () => {
  const story = startStory({ plan: planFrom({ environments: ['staging', 'production'] }) }).untilExposed();
  story.tickUntil(() => story.state().environment === 1 || story.phase() === 'planned', {}, 5000);
  expect(screen(story, 'promoted').text).toMatch(/is proved in staging\*; production comes next/);
  for (let step = 0; step < 3 && story.phase() !== 'ramping'; step += 1) {
    story.check();
    story.rehearse();
  }
  if (story.pending().includes('set-exposure')) story.wait(1).expose();
  story.tickUntil(() => story.phase() === 'finished');
  const finished = screen(story, 'finished');
  expect(finished.fallback).toMatch(/^Everybody has free-shipping after /);
  expect(finished.text).toMatch(/staging 1 %.*\n[\s\S]*production 99 %/);
  expect(finished.text).toMatch(/every stage left on proof/);
  expect(labels(finished)).toEqual(["Ask for the flag's removal"]);
});

test('rolled back after a promotion: where everybody has it already, it stays', () => {
  const story = startStory({ plan: planFrom({ environments: ['staging', 'production'] }) }).untilExposed();
  story.tickUntil(() => story.state().environment === 1, {}, 5000);
  story.ask({ type: 'roll-back' }, kim);
  expect(screen(story, 'rolled-back').text).toContain('staging stays at 100 %.');
  const first = startStory().untilAt(5);
  first.ask({ type: 'roll-back' }, kim);
  first.switchOff();
  expect(screen(first, 'rolled-back').text).not.toContain('stays at 100 %');
});

test('why: verdict, numbers, evidence, limits, queries and what comes next', () => {
  const story = halted();
  const why = screenOfView(rolloutWhyView(story.state()));
  expectWellMade(why, 'card');
  expect(why.text).toMatch(/evidence of harm .* of 1:125/);
  expect(why.text).toMatch(/`orders_failed_total of orders_total`/);
  expect(why.text).toMatch(/What happens next/);
});

test('a line of a list names who is waited for', () => {
  expect(rolloutLineOf(halted().state())).toMatch(/free-shipping\* · ✖ Halted.* · waits for raj/);
});

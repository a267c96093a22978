import { afterAll, beforeAll, expect, test } from 'vitest';
import { buttonIn, textOf } from '../../playground/story/act.ts';
import { transcribe } from '../../playground/story/transcript.ts';
import type { RolloutState } from '../../src/domain/rollout/state.ts';
import { needs } from '../setup/needs.ts';
import {
  ana,
  mei,
  type RolloutStage,
  raj,
  type Started,
  setRolloutStage,
  shortestSoakMs,
  tom,
} from './rollout-stage.ts';

needs('prometheus')('flags that go to users on their own', () => {
  let play: RolloutStage;
  let ramped: Started;
  beforeAll(async () => {
    play = await setRolloutStage({ flags: ['thanks-card'] });
    if (process.env.SHOW) await transcribe(play.stage.world.slack, console.log);
    ramped = await play.start('thanks-card');
  }, 60_000);
  afterAll(() => play.close());

  const atFirstStage = ({ phase, written }: RolloutState) =>
    phase.kind === 'ramping' && written?.percent === 20;
  const hold = async () => {
    await play.until(ramped.id, 'the first stage', atFirstStage);
    await play.says(raj, '/rollout hold thanks-card to look at it first');
  };

  test('a command about a flag that nobody ramps names those that are alike, to the one who asked', async () => {
    await play.says(ana, '/rollout status thank-card');
    expect(await play.hears(ana, /thank-card/)).toMatch(
      /no rollout.*thank-card.*did you mean `thanks-card`/is,
    );
    await play.says(ana, '/rollout advance thanks-card');
    expect(await play.hears(ana, /raj/)).toMatch(/only raj.*"administer"/is);
    await play.says(ana, '/halt thanks-card');
    expect(await play.hears(ana, /can stop/)).toMatch(/only raj.*on call.*"stop"/is);
  });

  test('a flag that does not exist, or is archived, is not begun, and the thread says why', async () => {
    const { slack } = play.stage.world;
    await play.ann.create('old-card');
    await play.ann.archive('old-card');
    for (const [flag, why] of [
      ['no-such-card', /no flag no-such-card.*create it, or correct the name/is],
      ['old-card', /old-card.*archived/is],
    ] as const) {
      await play.says(raj, `/rollout start ${flag}`);
      const asked = await slack.waitFor(
        ({ messages }) =>
          messages.find(
            (message) => textOf(message).includes(flag) && buttonIn(message, /^(begin|try again)/i),
          ),
        { timeoutMs: 20_000, what: `why ${flag} does not begin` },
      );
      expect(textOf(asked)).toMatch(why);
    }
  });

  test('status, why, plan and list answer the one who asks', { timeout: 45_000 }, async () => {
    await hold();
    await play.until(ramped.id, 'counts', ({ lastTickAt }) => lastTickAt !== undefined);
    await play.says(ana, '/rollout status thanks-card');
    expect(await play.hears(ana, /Holding/)).toMatch(/20 % in production.*to look at it first/s);
    await play.says(ana, '/rollout why thanks-card');
    expect(await play.hears(ana, /evidence/i)).toMatch(/orders that fail/);
    await play.says(ana, '/rollout plan thanks-card');
    expect(await play.hears(ana, /the plan/i)).toMatch(/20 %.*90 %.*100 %/s);
    await play.says(ana, '/rollout list');
    expect(await play.hears(ana, /under way/i)).toMatch(/`thanks-card`: holding at 20 %/);
  });

  const mayAdvance = ({ phase, verdict, soakFrom = '', lastTickAt = '' }: RolloutState) =>
    phase.kind === 'holding' &&
    verdict?.name === 'safe' &&
    Date.parse(lastTickAt) - Date.parse(soakFrom) >= shortestSoakMs;

  test('a halt and an advance in the same second: it is halted, in whichever order they come', {
    timeout: 90_000,
  }, async () => {
    const { id, thread } = ramped;
    const halt = [tom, /^halt/i] as const;
    const advance = [raj, /^advance to 90 %/i] as const;
    for (const presses of [
      [halt, advance],
      [advance, halt],
    ]) {
      await play.until(id, 'proof', mayAdvance);
      await play.stage.world.slack.waitFor(
        ({ messages }) => messages.some((message) => buttonIn(message, advance[1])),
        { timeoutMs: 20_000, what: 'the button to advance' },
      );
      await Promise.all(presses.map(([user, label]) => play.act.press(user, thread, label)));
      const halted = await play.until(id, 'the end', ({ off }) => off?.doneAt !== undefined);
      expect(halted.phase.kind).toBe('halted');
      expect(await play.isOff('thanks-card')).toBe(true);
      await play.act.press(raj, thread, /^resume at 20 %/i);
      await hold();
    }
    const { stages } = await play.state(id);
    expect(stages.map(({ percent }) => percent)).not.toContain(100);
  });

  test('without proof it takes a reason and a second person', { timeout: 60_000 }, async () => {
    const { id, thread } = ramped;
    await play.says(raj, '/rollout advance thanks-card');
    expect(await play.hears(raj, /without proof/i)).toMatch(/written reason and a second person/);
    await play.says(
      raj,
      '/rollout advance thanks-card because the sale begins and all was tried in the shop',
    );
    await play.act.see(thread, /the sale begins and all was tried/i);
    await play.act.press(raj, thread, /^confirm/i);
    await play.hears(raj, /"approve".*can confirm this/);
    expect((await play.state(id)).wanted.percent).toBe(20);
    await play.act.press(mei, thread, /^confirm/i);
    const { stages } = await play.until(id, '90 %', ({ written }) => written?.percent === 90);
    expect(stages.findLast(({ percent }) => percent === 20)).toMatchObject({ left: 'overridden' });
    expect(stages.at(-2)?.because).toMatch(/raj asked for it and mei confirmed.*the sale begins/s);
  });

  test('/halt switches the flag off before anything is said, and says when clients had obeyed', {
    timeout: 60_000,
  }, async () => {
    const { id, thread } = ramped;
    await play.says(tom, '/halt thanks-card orders look odd');
    const told = await play.act.see(thread, /^\*✖ halted at 90 %.*tom halted it at 90 %: orders look odd/ims);
    const offAt = await play.switchedOffAt('thanks-card');
    expect(offAt).toBeLessThan(Number(told.ts) * 1000);
    await play.until(id, 'the measured end', ({ off }) => off?.clientsOffAt !== undefined);
    await play.act.see(thread, /the flag is off.*all clients had obeyed .*(second|\d s)/i);
  });

  test('/halt all halts what is under way', { timeout: 60_000 }, async () => {
    const { id, thread } = ramped;
    await play.act.press(raj, thread, /^resume at 20 %/i);
    await play.until(id, 'the first stage again', atFirstStage);
    await play.says(tom, '/halt all');
    expect(await play.hears(tom, /halted/i)).toMatch(/`thanks-card`/);
    expect((await play.state(id)).phase.kind).toBe('halted');
    expect(await play.isOff('thanks-card')).toBe(true);
  });

  test('it climbs on proof, keeps a few back until the last soak, ends, and offers its removal', {
    timeout: 90_000,
  }, async () => {
    const { slack } = play.stage.world;
    await play.act.press(raj, ramped.thread, /^resume at 20 %/i);
    const done = await play.until(ramped.id, 'the end', ({ phase }) => phase.kind === 'finished');
    expect(done.stages.slice(-3).map(({ percent, left }) => [percent, left])).toEqual([
      [20, 'advanced'],
      [90, 'advanced'],
      [100, 'finished'],
    ]);
    for (const { because } of done.stages.slice(-3, -1)) expect(because).toMatch(/is proved safe/);
    await play.act.press(raj, ramped.thread, /flag's removal/i);
    const request = await slack.waitFor(
      ({ messages }) =>
        messages.find((message) => message.byBot && /remove the flag thanks-card/i.test(textOf(message))),
      { timeoutMs: 20_000, what: 'the request to remove the flag' },
    );
    expect(request.threadTs ?? request.ts).not.toBe(ramped.thread);
  });
});

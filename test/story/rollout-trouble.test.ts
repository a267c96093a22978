import { afterAll, beforeAll, expect, test } from 'vitest';
import { textOf } from '../../playground/story/act.ts';
import { transcribe } from '../../playground/story/transcript.ts';
import type { RolloutState } from '../../src/domain/rollout/state.ts';
import { needs } from '../setup/needs.ts';
import { type RolloutStage, raj, type Started, setRolloutStage, tom } from './rollout-stage.ts';

needs('prometheus')('a rollout whose world breaks', () => {
  const flag = 'quick-pay';
  let play: RolloutStage;
  let ramped: Started;
  beforeAll(async () => {
    // The first stage cannot be proved at this traffic, so that nothing advances by itself.
    play = await setRolloutStage({
      flags: [flag],
      ramp: {
        stages: [
          { percent: 20, tolerance: 0.03, jump: 'A test has no time for more stages.' },
          { percent: 90, jump: 'A test has no time for more stages.' },
        ],
      },
    });
    if (process.env.SHOW) await transcribe(play.stage.world.slack, console.log);
    ramped = await play.start(flag);
    await play.until(ramped.id, 'the first stage', isCounting);
  }, 90_000);
  afterAll(() => play.close());

  const isCounting = ({ phase, verdict, written, changes }: RolloutState) =>
    phase.kind === 'ramping' && written?.change === changes && verdict?.name === 'undecided';
  const isHeld =
    (reason: string) =>
    ({ phase }: RolloutState) =>
      phase.kind === 'holding' && phase.reason === reason;

  test('somebody sets another percentage: it holds, names who, and resuming puts it right', {
    timeout: 60_000,
  }, async () => {
    const { id, thread } = ramped;
    await play.ann.setPercent(flag, 'production', 60);
    await play.until(id, 'a hold', isHeld('drift'));
    const told = await play.act.see(thread, /holds at 20 %: somebody else changed the flag/i);
    expect(textOf(told)).toMatch(/at 60 %, and Slipway left it at 20 %.*ann/s);
    await play.act.press(raj, thread, /^resume/i);
    await play.until(id, 'the stage', isCounting);
    const [strategy] = await play.ann.strategies(flag, 'production');
    expect(strategy?.parameters.rollout).toBe('20');
  });

  test('somebody adds a second strategy: it holds, and goes on when a person says so after that is gone', {
    timeout: 60_000,
  }, async () => {
    const { id, thread } = ramped;
    const added = await play.ann.addStrategy(flag, 'production');
    const { phase } = await play.until(id, 'a hold', isHeld('drift'));
    expect(phase).toMatchObject({ because: expect.stringMatching(/2 enabled strategies.*ann/s) });
    const path = `/api/admin/projects/default/features/${flag}/environments/production/strategies/${added}`;
    expect((await play.ann.ask('DELETE', path)).status).toBeLessThan(300);
    await play.act.press(raj, thread, /^resume/i);
    await play.until(id, 'the stage', isCounting);
  });

  test('Prometheus crashes: it holds, halts nothing, and goes on where it was', {
    timeout: 60_000,
  }, async () => {
    const { id } = ramped;
    await play.release.prometheus.crash();
    const held = await play.until(id, 'a hold', isHeld('provider-down'));
    expect(held.verdict?.name).toBe('provider-down');
    await play.release.prometheus.restart();
    const { stages, wanted } = await play.until(id, 'the stage', isCounting);
    expect(wanted.percent).toBe(20);
    expect(stages.filter(({ left }) => left !== undefined)).toEqual([]);
  });

  test('the bot is killed in a stage: the next one goes on watching there, and skips nothing', {
    timeout: 60_000,
  }, async () => {
    const { id } = ramped;
    const before = await play.state(id);
    await play.bot().kill();
    await play.anotherBot();
    const after = await play.until(
      id,
      'new counts',
      (state) => isCounting(state) && state.ticks >= before.ticks + 3,
    );
    expect(after.wanted.percent).toBe(20);
    expect(after.stages).toHaveLength(before.stages.length);
  });

  test('no more traffic: it holds without data', { timeout: 60_000 }, async () => {
    await play.release.open().stop();
    const { verdict, wanted } = await play.until(ramped.id, 'a hold', isHeld('no-data'));
    expect(verdict?.name).toBe('no-data');
    expect(wanted.percent).toBe(20);
  });

  test('Unleash is down when it is halted: that is said loudly, and it is switched off once it is back', {
    timeout: 90_000,
  }, async () => {
    const { id, thread } = ramped;
    await play.release.unleash.crash();
    await play.says(tom, `/halt ${flag} nobody can order`);
    const loud = await play.act.see(thread, /COULD NOT BE SWITCHED OFF/);
    expect(textOf(loud)).toMatch(/switch it off by hand.*tries again/is);
    await play.release.unleash.recover();
    await play.until(id, 'the flag to be off', ({ off }) => off?.doneAt !== undefined);
    expect(await play.isOff(flag)).toBe(true);
    await play.act.see(thread, /the flag is off\*? since/i);
  });
});

import { setTimeout as rest } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Bot } from '../../playground/bot.ts';
import type { Sight } from '../../playground/slack/control.ts';
import { actIn, textOf } from '../../playground/story/act.ts';
import { firstFeature } from '../../playground/story/scripts.ts';
import { needs } from '../setup/needs.ts';
import { alive, inSandboxesOf } from './processes.ts';
import { type SlowModel, startSlowModel } from './slow-model.ts';
import { type Stage, setStage } from './world.ts';

const { channel, words } = firstFeature;
const raj = 'U0RAJ';
const ana = 'U0ANA';
const mei = 'U0MEI';
const tom = 'U0TOM';

/** Section 4.9 of what was asked for: Stop takes effect within two seconds. */
const soonMs = 2000;

needs('bubblewrap')('a feature at work', () => {
  let stage: Stage;
  let model: SlowModel;
  let bot: Bot;
  beforeAll(async () => {
    stage = await setStage();
    model = await startSlowModel(stage.world.model.url);
    bot = await stage.bot({ OPENAI_BASE_URL: model.url });
  }, 60_000);
  afterAll(async () => {
    await stage.close();
    await model.close();
  });

  /** Asks for the feature and lets it be approved; answers its thread. */
  const begin = async (user: string): Promise<string> => {
    const { slack } = stage.world;
    const act = actIn(slack);
    const roots = ({ messages }: Sight) =>
      messages.filter(
        (each) => each.byBot && each.threadTs === undefined && textOf(each).includes(`<@${user}>`),
      );
    const before = roots(await slack.sight()).length;
    await act.command(user, channel, `/feature ${words}`);
    const root = await slack.waitFor((sight) => roots(sight)[before], { what: 'the thread' });
    await act.press(user, root.ts, /use defaults/i);
    await act.press(mei, root.ts, /approve spec v1/i);
    await act.press(mei, root.ts, /approve (the )?plan/i);
    return root.ts;
  };
  const reactionsOf = async (ts: string) =>
    (await stage.world.slack.sight()).messages
      .find((each) => each.ts === ts)
      ?.reactions.map(({ name }) => name);
  /** How long it takes from now until something holds. */
  const timeUntil = async (act: () => Promise<unknown>, holds: () => boolean): Promise<number> => {
    const start = performance.now();
    const acted = act();
    while (!holds() && performance.now() - start < 10 * soonMs) await rest(10);
    const took = performance.now() - start;
    await acted;
    return took;
  };

  let thread = '';
  test('hears what is said, and says when the model has read it', { timeout: 60_000 }, async () => {
    model.hold('coder');
    thread = await begin(raj);
    await expect.poll(() => model.held(), { timeout: 20_000 }).toEqual([expect.stringContaining('task T-1')]);
    const { ts } = await stage.world.slack.as(raj).post(channel, 'Please mind the weight.', thread);
    await expect.poll(() => reactionsOf(ts), { timeout: 10_000 }).toEqual(['eyes']);
    model.release();
    await expect.poll(() => model.held(), { timeout: 20_000 }).toEqual([expect.stringContaining('task T-2')]);
    expect(await reactionsOf(ts)).toEqual(['eyes']);
    model.release();
    await expect.poll(() => reactionsOf(ts), { timeout: 20_000 }).toEqual(['white_check_mark']);
  });

  test('is not stopped by somebody without the right, who reads so alone', { timeout: 30_000 }, async () => {
    const { slack } = stage.world;
    await expect.poll(() => model.held(), { timeout: 20_000 }).toEqual([expect.stringContaining('task T-3')]);
    await actIn(slack).press(ana, thread, /^stop/i);
    await expect
      .poll(async () => (await slack.ephemerals(ana)).map(textOf), { timeout: 10_000 })
      .toEqual([expect.stringMatching(/"stop"/)]);
    expect(model.held()).toHaveLength(1);
  });

  test('stops while the model writes: the call ends within two seconds, and it says where it stands', {
    timeout: 30_000,
  }, async () => {
    const act = actIn(stage.world.slack);
    const took = await timeUntil(
      () => act.press(raj, thread, /^stop/i),
      () => model.held().length === 0,
    );
    expect(took).toBeLessThan(soonMs);
    const told = textOf(await act.see(thread, /\*Remains\*/));
    expect(told).toMatch(/\*Done\* spec v1, spec approval, plan,? (and )?tests for the criteria/);
    expect(told).toMatch(/\*Was in progress\* writing code/);
    expect(told).toMatch(/\*Remains\* code, proof,? (and )?pull request/);
    expect(await stage.count("work where lane in ('think', 'build')")).toBe(0);
  });

  test.for([
    {
      who: 'its requester writes "stop"',
      stop: () => stage.world.slack.as(ana).post(channel, 'Stop.', thread),
    },
    {
      who: 'somebody with the right presses Stop',
      stop: () => actIn(stage.world.slack).press(tom, thread, /^stop/i),
    },
  ])('stops while the sandbox runs, when $who', { timeout: 90_000 }, async ({ stop }) => {
    model.hold(undefined);
    thread = await begin(ana);
    const running = () => inSandboxesOf(bot.process.pid ?? 0);
    const atWork = /npm|vitest|tsc/;
    await expect
      .poll(() => running().some(({ command }) => !command.startsWith('bwrap') && atWork.test(command)), {
        timeout: 40_000,
      })
      .toBe(true);
    const started = running().map(({ pid }) => pid);
    const took = await timeUntil(stop, () => alive(started).length === 0);
    expect(took).toBeLessThan(soonMs);
    expect(running()).toEqual([]);
    const told = textOf(await actIn(stage.world.slack).see(thread, /\*Remains\*/));
    expect(told).toMatch(/\*Was in progress\* proving the change/);
    expect(told).toMatch(/\*Remains\* proof,? (and )?pull request/);
  });
});

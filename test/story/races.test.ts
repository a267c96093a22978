import { afterAll, beforeAll, expect, test } from 'vitest';
import { actIn, buttonIn, textOf } from '../../playground/story/act.ts';
import { firstFeature } from '../../playground/story/scripts.ts';
import type { FeatureState } from '../../src/domain/feature/state.ts';
import { needs } from '../setup/needs.ts';
import { type Stage, setStage } from './world.ts';

const { channel, words, suggestion } = firstFeature;
const raj = 'U0RAJ';
const ana = 'U0ANA';
const mei = 'U0MEI';
const tom = 'U0TOM';

needs('bubblewrap')('two bots on one workspace and one database', () => {
  let stage: Stage;
  let bot: Awaited<ReturnType<Stage['bot']>>;
  beforeAll(async () => {
    stage = await setStage();
    bot = await stage.bot();
    await stage.bot();
  }, 60_000);
  afterAll(() => stage.close());

  /** The thread of the newest feature of a person. */
  const threadOf = async (user: string) => {
    const root = await stage.world.slack.waitFor(
      ({ messages }) =>
        messages.findLast(
          (message) =>
            message.byBot && textOf(message).includes(`<@${user}>`) && textOf(message).includes(words),
        ),
      { what: `the thread of ${user}`, timeoutMs: 30_000 },
    );
    return root.threadTs ?? root.ts;
  };
  const stateOf = async (thread: string): Promise<FeatureState> => {
    const [first] = await stage.world.slack.thread(thread);
    const id = String(first?.metadata?.event_payload.key).split('/')[0];
    const { state }: { state: FeatureState } = await (await fetch(`${bot.url}/features/${id}.json`)).json();
    return state;
  };
  /** What only this person was told. */
  const toldTo = async (user: string) => {
    const { ephemerals, messages, channels } = await stage.world.slack.sight();
    const direct = channels.find((each) => each.kind === 'im' && each.members.includes(user))?.id;
    return [
      ...ephemerals.filter((each) => each.user === user).map(textOf),
      ...messages.filter((each) => each.channel === direct && each.byBot).map(textOf),
    ];
  };
  /** Two people press the same button in the same moment. */
  const both = async (thread: string, label: RegExp, people: readonly [string, string]) => {
    const found = await stage.world.slack.waitFor(
      ({ messages }) =>
        messages
          .filter((each) => each.threadTs === thread)
          .map((each) => buttonIn(each, label))
          .findLast(Boolean),
      { what: `a button ${label}`, timeoutMs: 30_000 },
    );
    const outcomes = await Promise.all(
      people.map((person) =>
        stage.world.slack.as(person).click(found.ts, found.actionId, { blockId: found.blockId }),
      ),
    );
    expect(outcomes).toEqual([{ kind: 'done' }, { kind: 'done' }]);
  };

  test('a request that is typed again, because its answer was lost, is one feature', {
    timeout: 60_000,
  }, async () => {
    const { slack } = stage.world;
    await slack.dropAcks(1);
    expect(await slack.as(raj).command(channel, `/feature ${words}`)).toMatchObject({ kind: 'failed' });
    expect(await slack.as(raj).command(channel, `/feature ${words}`)).toEqual({ kind: 'done' });
    const heard = () =>
      stage.count('inbox where handled_at is not null and body @> \'{"command":"/feature"}\'');
    await expect.poll(heard, { timeout: 20_000 }).toBe(2);
    expect(await stage.count('processes')).toBe(1);
  });

  test('words whose delivery is repeated are heard once', { timeout: 60_000 }, async () => {
    const { slack } = stage.world;
    const act = actIn(slack);
    const thread = await threadOf(raj);
    await act.press(raj, thread, /use defaults/i);
    await act.see(thread, /spec v1/i);
    await slack.dropAcks(2);
    await act.say(ana, channel, thread, suggestion);
    await act.press(raj, thread, /accept/i);
    await act.see(thread, /approve spec v2/i);
    const state = await stateOf(thread);
    expect(state.notes).toMatchObject([{ text: suggestion, standing: 'counts' }]);
    expect(state.specs).toHaveLength(2);
  });

  test('two approve at once: one does, the other reads in private who did', { timeout: 60_000 }, async () => {
    const { slack } = stage.world;
    const thread = await threadOf(raj);
    await both(thread, /approve spec v2/i, [mei, tom]);
    await actIn(slack).see(thread, /approve (the )?plan/i);
    const { specApproval } = await stateOf(thread);
    const late = specApproval?.by.id === mei ? tom : mei;
    await expect
      .poll(() => toldTo(late), { timeout: 10_000 })
      .toEqual([expect.stringContaining(`Spec v2 was approved by ${specApproval?.by.name} already`)]);
    expect(await toldTo(specApproval?.by.id ?? '')).toEqual([]);
    expect((await slack.log()).duplicates).toBe(0);
    await actIn(slack).press(raj, thread, /^stop/i);
    await actIn(slack).see(thread, /stopped/i);
  });

  test('the same words are a new request once the first has ended', { timeout: 60_000 }, async () => {
    await actIn(stage.world.slack).command(raj, channel, `/feature ${words}`);
    await expect.poll(() => stage.count('processes'), { timeout: 10_000 }).toBe(2);
  });

  test('approved and edited at once: one counts, and the other person reads so', {
    timeout: 60_000,
  }, async () => {
    const { slack } = stage.world;
    const act = actIn(slack);
    await act.command(ana, channel, `/feature ${words}`);
    const thread = await threadOf(ana);
    await act.press(ana, thread, /use defaults/i);
    await act.see(thread, /approve spec v1/i);
    await act.press(ana, thread, /edit/i);
    const modal = await slack.waitFor(({ modals }) => modals[ana]?.at(-1), { what: 'the dialog' });
    const title = modal.blocks.find((block) => JSON.stringify(block).includes('Free delivery from'));
    await Promise.all([
      slack.as(ana).submit({ [title?.block_id ?? '']: 'Free delivery for large orders' }),
      act.press(mei, thread, /approve spec v1/i),
    ]);
    await expect
      .poll(async () => [...(await toldTo(ana)), ...(await toldTo(mei))], { timeout: 10_000 })
      .toContainEqual(expect.stringMatching(/approved by mei already|v2 is the newest/));
    const { specs, specApproval } = await stateOf(thread);
    expect(specs.length).toBe(specApproval ? 1 : 2);
  });
});

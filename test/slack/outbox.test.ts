import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SlackWorkspace, startSlack } from '../../playground/slack/start-slack.ts';
import type { FeatureState } from '../../src/domain/feature/state.ts';
import { GiveUp, TryAgain } from '../../src/errors.ts';
import type { Chat } from '../../src/ports.ts';
import { slackClients } from '../../src/slack/app.ts';
import { createOutbox } from '../../src/slack/outbox.ts';
import { startStory } from '../domain/feature/story.ts';
import { startStory as startRollout } from '../domain/rollout/story.ts';
import { keptLog } from '../engine/errand.ts';

let slack: SlackWorkspace;
let chat: Chat;
beforeAll(async () => {
  slack = await startSlack({ pace: { rateScale: Number.POSITIVE_INFINITY } });
  const { apiUrl, credentials } = slack;
  const log = { ...keptLog(), debug: () => undefined };
  const client = slackClients({ token: credentials.botToken, apiUrl, log, outboxMs: 500 }).outbox;
  chat = createOutbox({
    client,
    webUrl: undefined,
    secrets: ['hunter2-hunter2'],
    approvers: async () => [],
    onCall: async () => [],
    ticksOf: async () => [],
  });
});
afterAll(() => slack.stop());

const once = { again: false };
const about = (state: FeatureState) => ({ kind: 'feature', state }) as const;
let count = 0;
/** A feature that was asked for in a message of raj, each with a name of its own. */
async function asked(words = 'gift wrap'): Promise<FeatureState> {
  const { ts } = await slack.as('U0RAJ').post('#checkout', words);
  const story = startStory();
  count += 1;
  story.ask({ id: `f-outbox${count}`, words, channel: 'C0CHECKOUT', message: ts });
  const state = story.state();
  return { ...state, ...(state.request && { request: { ...state.request, at: new Date().toISOString() } }) };
}

const repliesTo = async (state: FeatureState) => (await slack.thread(state.request?.message ?? '')).slice(1);

describe('a message is posted once', () => {
  test.each(['server-error-after-commit', 'silence-after-commit'] as const)(
    'when Slack took it but did not say so: %s',
    async (kind) => {
      const state = await asked();
      await slack.fault({ method: 'chat.postMessage', fault: { kind } });
      await expect(chat.tell(about(state), 'card', once)).rejects.toMatchObject({ name: 'TryAgain' });
      const { ts } = await chat.tell(about(state), 'card', { again: true });
      expect((await repliesTo(state)).map((message) => message.ts)).toEqual([ts]);
    },
  );

  test('also in a thread with hundreds of messages before it', async () => {
    const state = await asked();
    for (let index = 0; index < 250; index += 1) {
      await slack.as('U0ANA').post('#checkout', `word ${index}`, state.request?.message);
    }
    const first = await chat.tell(about(state), 'card', once);
    expect(await chat.tell(about(state), 'card', { again: true })).toEqual(first);
  });

  test('and edited after that', async () => {
    const state = await asked();
    const { ts } = await chat.tell(about(state), 'card', once);
    const messages = state.messages.map((message) => (message.key === 'card' ? { ...message, ts } : message));
    await chat.tell(
      about({ ...state, messages, phase: { kind: 'taken-over', by: { id: 'U0MEI', name: 'mei' } } }),
      'card',
      once,
    );
    const [card] = await repliesTo(state);
    expect(JSON.stringify(card?.blocks)).toMatch(/taken over/i);
    expect(card?.metadata?.event_payload).toMatchObject({ key: `${state.id}/card` });
  });
});

test('a card that a person deleted is posted again, since it has the buttons', async () => {
  const state = await asked();
  const messages = state.messages.map((message) => ({ ...message, ts: '1.000100' }));
  const { ts } = await chat.tell(about({ ...state, messages }), 'card', once);
  expect((await repliesTo(state)).map((message) => message.ts)).toEqual([ts]);
});

describe('a halt is told', () => {
  async function haltOf(onCall: () => Promise<readonly string[]>) {
    const { ts } = await slack.as('U0RAJ').post('#checkout', 'roll it out');
    const story = startRollout();
    story.start({ channel: 'C0CHECKOUT', thread: ts });
    story.ask({ type: 'halt' });
    const { apiUrl, credentials } = slack;
    const log = { ...keptLog(), debug: () => undefined };
    const client = slackClients({ token: credentials.botToken, apiUrl, log }).outbox;
    const options = { client, webUrl: undefined, secrets: [], approvers: async () => [], onCall };
    const outbox = createOutbox({ ...options, ticksOf: async () => [] });
    const told = { kind: 'rollout', state: story.state() } as const;
    const key = told.state.messages.find(({ about: what }) => what.kind === 'rollout-halt')?.key ?? '';
    const tell = (again: boolean) => outbox.tell(told, key, { again });
    return { tell, posted: async () => (await slack.thread(ts)).slice(1).map(({ text }) => text) };
  }

  test('also when the group of those on call cannot be read', async () => {
    const halt = await haltOf(() => Promise.reject(new GiveUp('Slack answered missing_scope.')));
    await halt.tell(false);
    expect(await halt.posted()).toEqual([expect.stringMatching(/^HALTED/)]);
  });

  test('after a passing trouble they are asked for once more, then it goes out', async () => {
    const halt = await haltOf(() => Promise.reject(new TryAgain('Slack answered internal_error.')));
    await expect(halt.tell(false)).rejects.toMatchObject({ name: 'TryAgain' });
    expect(await halt.posted()).toEqual([]);
    await halt.tell(true);
    expect(await halt.posted()).toHaveLength(1);
  });
});

test('no secret leaves, whoever wrote it', async () => {
  const state = await asked('use hunter2-hunter2 and ghp_16C7e42F292c6912E7710c838347Ae178B4a');
  await chat.tell(about(state), 'card', once);
  const [card] = await repliesTo(state);
  expect(JSON.stringify(card)).not.toMatch(/hunter2|ghp_/);
});

describe('what Slack answers becomes', () => {
  test('try again, no sooner than it asks', async () => {
    const state = await asked();
    await slack.fault({ method: 'chat.postMessage', fault: { kind: 'rate-limited', seconds: 7 } });
    await expect(chat.tell(about(state), 'card', once)).rejects.toMatchObject({
      name: 'TryAgain',
      afterMs: 7000,
    });
  });

  test.each([
    ['internal_error', 'TryAgain', /internal_error/],
    ['not_in_channel', 'GiveUp', /invite/i],
    ['token_revoked', 'GiveUp', /SLACK_BOT_TOKEN/],
    ['invalid_blocks', 'GiveUp', /invalid_blocks/],
  ])('%s: %s with what to do', async (error, name, sentence) => {
    const state = await asked();
    await slack.fault({ method: 'chat.postMessage', fault: { kind: 'refused', error } });
    await expect(chat.tell(about(state), 'card', once)).rejects.toMatchObject({
      name,
      message: expect.stringMatching(sentence),
    });
  });
});

describe('marks', () => {
  test('exactly one is on a message, whatever a try that was cut short left behind', async () => {
    const { ts } = await slack.as('U0RAJ').post('#checkout', 'hello');
    const at = { channel: 'C0CHECKOUT', ts };
    const shown = async () =>
      (await slack.messages('#checkout'))
        .find((message) => message.ts === ts)
        ?.reactions.map((reaction) => reaction.name);
    await chat.mark(at, { from: undefined, to: 'received' });
    expect(await shown()).toEqual(['eyes']);
    await chat.mark(at, { from: undefined, to: 'received' });
    await chat.mark(at, { from: 'received', to: 'running' });
    expect(await shown()).toEqual(['hourglass_flowing_sand']);
    // That it runs was never recorded.
    await chat.mark(at, { from: 'received', to: 'done' });
    expect(await shown()).toEqual(['white_check_mark']);
    await chat.mark(at, { from: 'done', to: undefined });
    expect(await shown()).toEqual([]);
  });

  test('a message that is gone, or never was one, needs none', async () => {
    await chat.mark({ channel: 'C0CHECKOUT', ts: '1.000000' }, { from: undefined, to: 'received' });
    await chat.mark({ channel: 'C0CHECKOUT', ts: 'view-V1-h' }, { from: 'received', to: 'done' });
  });
});

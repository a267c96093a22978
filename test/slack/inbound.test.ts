import { describe, expect, test } from 'vitest';
import { idOf, plainText, readBody } from '../../src/slack/inbound.ts';

const bot = 'U0SLIPWAY';
const eventOf = (event: object) => ({ type: 'event_callback', event_id: 'Ev1', event });
const message = {
  type: 'message',
  user: 'U0RAJ',
  channel: 'C1',
  channel_type: 'channel',
  ts: '2.0',
  text: 'with ribbons',
};

describe('what is for us', () => {
  test.each<[string, object, object]>([
    [
      'words in a thread',
      { ...message, thread_ts: '1.0' },
      { text: 'with ribbons', thread: '1.0', mention: false },
    ],
    ['a file with words', { ...message, thread_ts: '1.0', subtype: 'file_share' }, { text: 'with ribbons' }],
    [
      'a mention',
      { ...message, type: 'app_mention', text: `hey <@${bot}> gift wrap` },
      { text: 'hey   gift wrap', mention: true },
    ],
    ['a direct message', { ...message, channel_type: 'im' }, { mention: true }],
  ])('%s', (_name, event, expected) => {
    expect(readBody(eventOf(event), bot)).toMatchObject({ kind: 'message', user: 'U0RAJ', ...expected });
  });

  test.each<[string, unknown]>([
    ['people talking outside of threads', eventOf(message)],
    ['the message beside a mention', eventOf({ ...message, thread_ts: '1.0', text: `<@${bot}> stop` })],
    ['another bot', eventOf({ ...message, thread_ts: '1.0', bot_id: 'B1' })],
    ['our own words', eventOf({ ...message, thread_ts: '1.0', user: bot })],
    ['an edit', eventOf({ ...message, thread_ts: '1.0', subtype: 'message_changed' })],
    ['somebody joining', eventOf({ ...message, subtype: 'channel_join' })],
    ['a body of no known kind', { type: 'event_callback' }],
    ['no body', undefined],
    ['text', 'payload'],
  ])('not %s', (_name, body) => {
    expect(readBody(body, bot)).toEqual({ kind: 'none' });
  });
});

test.each([
  ['&lt;b&gt; &amp; co', '<b> & co'],
  ['&amp;lt;', '&lt;'],
  ['ask <@U1|ana> in <#C1|general>', 'ask @ana in #general'],
  ['ask <@U1>', 'ask @U1'],
  [
    'see <https://a.example/x|a.example/x> or <https://b.example|the page>',
    'see https://a.example/x or the page (https://b.example)',
  ],
  ['<!here> <!subteam^S1|@leads>', '@here @leads'],
])('%s is read as %s', (typed, read) => {
  expect(plainText(typed)).toBe(read);
});

test('a name stays the same for every delivery of one thing, and is another for another', () => {
  const command = { command: '/feature', text: 'a', user_id: 'U1', channel_id: 'C1', trigger_id: '1.1' };
  const click = {
    type: 'block_actions',
    trigger_id: '1.2',
    user: { id: 'U1' },
    actions: [{ action_id: 'a' }],
  };
  const names = [eventOf(message), command, { ...command, trigger_id: '1.3' }, click, { a: 1 }, { a: 2 }].map(
    idOf,
  );
  expect(new Set(names).size).toBe(names.length);
  expect(idOf({ ...eventOf(message), retry: 2 })).toBe('Ev1');
  expect(idOf({ ...command })).toBe(idOf(command));
});

import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SlackWorkspace, startSlack } from '../../../playground/slack/start-slack.ts';

let slack: SlackWorkspace;
let client: WebClient;
const nothing = () => {};
/** These tests cause errors on purpose; the SDK would print each. */
const SILENT: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => LogLevel.ERROR,
  setName: nothing,
};

beforeAll(async () => {
  slack = await startSlack({
    pace: { rateScale: 100 },
    channels: [
      { id: 'C0CHECKOUT', name: 'checkout', members: ['U0RAJ', 'U0ANA', 'U0SLIPWAY'] },
      { id: 'C0PUBLIC', name: 'elsewhere', members: ['U0RAJ'] },
      { id: 'C0SECRET', name: 'secret', members: ['U0RAJ'], isPrivate: true },
      { id: 'C0OLD', name: 'old', members: ['U0SLIPWAY'], isArchived: true },
    ],
  });
  client = clientFor(slack.credentials.botToken);
});
afterAll(() => slack.stop());

function clientFor(token: string): WebClient {
  return new WebClient(token, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 }, logger: SILENT });
}

/** The answer's error code, or `ok`. */
async function codeOf(method: string, args: Record<string, unknown>, caller = client): Promise<string> {
  try {
    await caller.apiCall(method, args);
    return 'ok';
  } catch (error) {
    if (error instanceof Error && 'data' in error) return JSON.parse(JSON.stringify(error.data)).error;
    throw error;
  }
}

const C = 'C0CHECKOUT';
const text = 'x';
const option = (value: string) => ({ text: { type: 'plain_text', text: value }, value });

describe('errors', () => {
  test.each<[string, string, Record<string, unknown>, string]>([
    ['a method Slack does not know', 'chat.nothing', {}, 'unknown_method'],
    ['a channel that is not there', 'chat.postMessage', { channel: 'C0NONE', text }, 'channel_not_found'],
    ['a private channel of others', 'chat.postMessage', { channel: 'C0SECRET', text }, 'channel_not_found'],
    ['a public channel of others', 'chat.postMessage', { channel: 'C0PUBLIC', text }, 'not_in_channel'],
    ['an archived channel', 'chat.postMessage', { channel: 'C0OLD', text }, 'is_archived'],
    ['nothing to say', 'chat.postMessage', { channel: C }, 'no_text'],
    ['text of 40,000 characters', 'chat.postMessage', { channel: C, text: 'x'.repeat(40_000) }, 'ok'],
    ['text of 40,001', 'chat.postMessage', { channel: C, text: 'x'.repeat(40_001) }, 'msg_too_long'],
    [
      'blocks that are no JSON',
      'chat.postMessage',
      { channel: C, text, blocks: '[{' },
      'invalid_blocks_format',
    ],
    [
      'a thread that is not there',
      'chat.postMessage',
      { channel: C, text, thread_ts: '1.000001' },
      'thread_not_found',
    ],
    [
      'metadata without a type',
      'chat.postMessage',
      { channel: C, text, metadata: { a: 1 } },
      'invalid_metadata_format',
    ],
    ['an edit of nothing', 'chat.update', { channel: C, ts: '1.000001', text }, 'message_not_found'],
    ['a deletion of nothing', 'chat.delete', { channel: C, ts: '1.000001' }, 'message_not_found'],
    [
      'a private word to a stranger',
      'chat.postEphemeral',
      { channel: C, user: 'U0TOM', text },
      'user_not_in_channel',
    ],
    ['replies of nothing', 'conversations.replies', { channel: C, ts: '1.000001' }, 'thread_not_found'],
    ['history of others', 'conversations.history', { channel: 'C0PUBLIC' }, 'not_in_channel'],
    ['an unknown person', 'users.info', { user: 'U0NONE' }, 'user_not_found'],
    ['a direct message to nobody', 'conversations.open', { users: 'U0NONE' }, 'user_not_found'],
    ['an unknown group', 'usergroups.users.list', { usergroup: 'S0NONE' }, 'no_such_subteam'],
    [
      'a reaction on nothing',
      'reactions.add',
      { channel: C, timestamp: '1.000001', name: 'eyes' },
      'message_not_found',
    ],
    ['a cursor of no list', 'users.list', { cursor: 'nonsense' }, 'invalid_cursor'],
    [
      'a trigger Slack never made',
      'views.open',
      { trigger_id: '1.2.3', view: modal() },
      'invalid_trigger_id',
    ],
    ['an update of no view', 'views.update', { view_id: 'V0NONE', view: modal() }, 'not_found'],
  ])('%s', async (_case, method, args, expected) => {
    expect(await codeOf(method, args)).toBe(expected);
  });

  test('tokens: none, wrong, and of the wrong kind', async () => {
    const bare = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST' });
    expect([bare.status, await bare.json()]).toEqual([200, { ok: false, error: 'not_authed' }]);
    expect(await codeOf('auth.test', {}, clientFor('xoxb-other'))).toBe('invalid_auth');
    const { appToken } = slack.credentials;
    expect(await codeOf('auth.test', {}, clientFor(appToken))).toBe('not_allowed_token_type');
    expect(await codeOf('apps.connections.open', {})).toBe('not_allowed_token_type');
    expect(await codeOf('apps.connections.open', {}, clientFor(appToken))).toBe('ok');
  });

  test("people's messages cannot be edited or deleted, reactions are set once and taken once", async () => {
    const { ts } = await slack.as('U0RAJ').post('#checkout', 'mine');
    expect(await codeOf('chat.update', { channel: C, ts, text })).toBe('cant_update_message');
    expect(await codeOf('chat.delete', { channel: C, ts })).toBe('cant_delete_message');
    const reaction = { channel: C, timestamp: ts, name: 'eyes' };
    expect(await codeOf('reactions.remove', reaction)).toBe('no_reaction');
    expect(await codeOf('reactions.add', reaction)).toBe('ok');
    expect(await codeOf('reactions.add', reaction)).toBe('already_reacted');
    expect(await codeOf('reactions.remove', reaction)).toBe('ok');
  });

  test('a manifest without the scope refuses the method', async () => {
    const small = await startSlack({
      manifest: 'display_information: {name: Small}\noauth_config: {scopes: {bot: [chat:write]}}',
    });
    const caller = new WebClient(small.credentials.botToken, { slackApiUrl: small.apiUrl, logger: SILENT });
    expect(await codeOf('chat.postMessage', { channel: '#general', text }, caller)).toBe('ok');
    expect(await codeOf('users.list', {}, caller)).toBe('missing_scope');
    await small.stop();
  });
});

describe('limits of blocks', () => {
  const section = (length: number) => ({
    type: 'section',
    text: { type: 'mrkdwn', text: 'x'.repeat(length) },
  });
  const button = (id: string, fields: object = {}) => ({
    type: 'button',
    action_id: id,
    text: { type: 'plain_text', text: 'Go' },
    ...fields,
  });
  const actions = (...elements: object[]) => ({ type: 'actions', elements });
  const buttons = (count: number) =>
    actions(...Array.from({ length: count }, (_, index) => button(`b${index}`)));
  const header = (length: number) => ({
    type: 'header',
    text: { type: 'plain_text', text: 'x'.repeat(length) },
  });
  const context = (count: number) => ({
    type: 'context',
    elements: Array.from({ length: count }, () => ({ type: 'mrkdwn', text })),
  });
  const fields = (count: number) => ({
    type: 'section',
    fields: Array.from({ length: count }, () => ({ type: 'plain_text', text })),
  });
  const select = (count: number) =>
    actions({
      type: 'static_select',
      action_id: 's',
      options: Array.from({ length: count }, (_, index) => option(String(index))),
    });
  const divider = { type: 'divider' };

  test.each<[string, object[], object[], string]>([
    [
      '50 blocks',
      Array(50).fill(divider),
      Array(51).fill(divider),
      'no more than 50 items allowed [json-pointer:/blocks]',
    ],
    [
      'section text',
      [section(3_000)],
      [section(3_001)],
      'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
    ],
    [
      'section fields',
      [fields(10)],
      [fields(11)],
      'no more than 10 items allowed [json-pointer:/blocks/0/fields]',
    ],
    [
      'header text',
      [header(150)],
      [header(151)],
      'must be less than 151 characters [json-pointer:/blocks/0/text/text]',
    ],
    [
      'elements of actions',
      [buttons(25)],
      [buttons(26)],
      'no more than 25 items allowed [json-pointer:/blocks/0/elements]',
    ],
    [
      'elements of context',
      [context(10)],
      [context(11)],
      'no more than 10 items allowed [json-pointer:/blocks/0/elements]',
    ],
    [
      'options of a select',
      [select(100)],
      [select(101)],
      'no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]',
    ],
    [
      'button text',
      [actions(button('b', { text: { type: 'plain_text', text: 'x'.repeat(75) } }))],
      [actions(button('b', { text: { type: 'plain_text', text: 'x'.repeat(76) } }))],
      'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
    ],
    [
      'button value',
      [actions(button('b', { value: 'x'.repeat(2_000) }))],
      [actions(button('b', { value: 'x'.repeat(2_001) }))],
      'must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]',
    ],
    [
      'block ids',
      [{ ...divider, block_id: 'x'.repeat(255) }],
      [{ ...divider, block_id: 'x'.repeat(256) }],
      'must be less than 256 characters [json-pointer:/blocks/0/block_id]',
    ],
    [
      'block ids are unique',
      [
        { ...divider, block_id: 'a' },
        { ...divider, block_id: 'b' },
      ],
      [
        { ...divider, block_id: 'a' },
        { ...divider, block_id: 'a' },
      ],
      'block_id already exists: a [json-pointer:/blocks/1/block_id]',
    ],
    [
      'action ids are unique in a block',
      [actions(button('a')), actions(button('a'))],
      [actions(button('a'), button('a'))],
      'action_id already exists: a [json-pointer:/blocks/0/elements/1/action_id]',
    ],
    [
      'a section says something',
      [section(1)],
      [{ type: 'section' }],
      'missing required field: text [json-pointer:/blocks/0]',
    ],
    [
      'a header has text',
      [header(1)],
      [{ type: 'header' }],
      'missing required field: text [json-pointer:/blocks/0]',
    ],
    ['known types', [divider], [{ type: 'nothing' }], 'unsupported type: nothing [json-pointer:/blocks/0]'],
    [
      'known fields',
      [divider],
      [{ type: 'divider', text }],
      'invalid additional property: text [json-pointer:/blocks/0]',
    ],
    [
      'some text',
      [section(1)],
      [section(0)],
      'must be more than 0 characters [json-pointer:/blocks/0/text/text]',
    ],
    [
      'a markdown block',
      [{ type: 'markdown', text: 'x'.repeat(12_000) }],
      [{ type: 'markdown', text: 'x'.repeat(12_001) }],
      'must be less than 12001 characters [json-pointer:/blocks/0/text]',
    ],
  ])('%s', async (_case, fits, breaks, message) => {
    expect(await codeOf('chat.postMessage', { channel: C, text, blocks: fits })).toBe('ok');
    const refused = await client
      .apiCall('chat.postMessage', { channel: C, text, blocks: breaks })
      .catch((error) => error.data);
    expect(refused).toMatchObject({
      ok: false,
      error: 'invalid_blocks',
      response_metadata: { messages: [`[ERROR] ${message}`] },
    });
  });

  test('all blocks of a message together', async () => {
    const blocks = (count: number) => Array.from({ length: count }, () => section(2_500));
    expect(await codeOf('chat.postMessage', { channel: C, text, blocks: blocks(5) })).toBe('ok');
    expect(await codeOf('chat.postMessage', { channel: C, text, blocks: blocks(6) })).toBe(
      'msg_blocks_too_long',
    );
  });

  test.each<[string, object, string]>([
    [
      'title',
      { title: plain('x'.repeat(25)) },
      'must be less than 25 characters [json-pointer:/view/title/text]',
    ],
    [
      'private_metadata',
      { private_metadata: 'x'.repeat(3_001) },
      'must be less than 3001 characters [json-pointer:/view/private_metadata]',
    ],
    [
      'callback_id',
      { callback_id: 'x'.repeat(256) },
      'must be less than 256 characters [json-pointer:/view/callback_id]',
    ],
    [
      'blocks',
      { blocks: Array(101).fill(divider) },
      'no more than 100 items allowed [json-pointer:/view/blocks]',
    ],
    [
      'submit, when it asks something',
      { submit: undefined },
      'missing required field: submit [json-pointer:/view]',
    ],
  ])('a modal: %s', async (_case, fields, message) => {
    const refused = await client
      .apiCall('views.open', { trigger_id: 'any', view: { ...modal(), ...fields } })
      .catch((error) => error.data);
    expect(refused).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: [`[ERROR] ${message}`] },
    });
  });
});

function plain(words: string) {
  return { type: 'plain_text', text: words };
}
function modal(): Record<string, unknown> {
  return {
    type: 'modal',
    title: plain('Ask'),
    submit: plain('Send'),
    blocks: [
      {
        type: 'input',
        block_id: 'b',
        label: plain('What?'),
        element: { type: 'plain_text_input', action_id: 'a' },
      },
    ],
  };
}

describe('messages', () => {
  test('metadata is kept, and read back only when asked for', async () => {
    const metadata = { event_type: 'slipway_message', event_payload: { key: 'card-1' } };
    const parent = await client.chat.postMessage({ channel: C, text: 'parent' });
    const ts = parent.ts ?? '';
    const reply = await client.chat.postMessage({ channel: C, text: 'reply', thread_ts: ts, metadata });
    const replies = await client.conversations.replies({ channel: C, ts, include_all_metadata: true });
    expect(replies.messages?.map((each) => [each.ts, each.metadata])).toEqual([
      [ts, undefined],
      [reply.ts, metadata],
    ]);
    expect(replies.messages?.[0]).toMatchObject({ reply_count: 1, thread_ts: ts });
    const bare = await client.conversations.replies({ channel: C, ts });
    expect(bare.messages?.[1]?.metadata).toBeUndefined();
    await client.chat.update({ channel: C, ts: reply.ts ?? '', text: 'edited' });
    const after = await client.conversations.replies({ channel: C, ts, include_all_metadata: true });
    expect(after.messages?.[1]).toMatchObject({ text: 'edited', metadata, edited: { user: 'U0SLIPWAY' } });
  });

  test('history comes newest first, in pages, without replies', async () => {
    const { channel } = await client.conversations.open({ users: 'U0ANA' });
    const im = channel?.id ?? '';
    for (const words of ['one', 'two', 'three']) await client.chat.postMessage({ channel: im, text: words });
    const first = await client.conversations.history({ channel: im, limit: 2 });
    expect(first.messages?.map((each) => each.text)).toEqual(['three', 'two']);
    const cursor = first.response_metadata?.next_cursor ?? '';
    const rest = await client.conversations.history({ channel: im, limit: 2, cursor });
    expect([rest.messages?.map((each) => each.text), rest.has_more]).toEqual([['one'], false]);
    const parent = rest.messages?.[0]?.ts ?? '';
    await client.chat.postMessage({ channel: im, text: 'below', thread_ts: parent });
    await client.chat.postMessage({ channel: im, text: 'both', thread_ts: parent, reply_broadcast: true });
    const all = await client.conversations.history({ channel: im });
    expect(all.messages?.map((each) => each.text)).toEqual(['both', 'three', 'two', 'one']);
  });

  test('a permalink leads to the page, a deleted parent leaves its place', async () => {
    const { ts = '' } = await client.chat.postMessage({ channel: C, text: 'parent' });
    await client.chat.postMessage({ channel: C, text: 'reply', thread_ts: ts });
    const { permalink = '' } = await client.chat.getPermalink({ channel: C, message_ts: ts });
    expect(permalink).toBe(`${slack.url}/archives/${C}/p${ts.replace('.', '')}`);
    expect((await fetch(permalink)).headers.get('content-type')).toContain('text/html');
    await client.chat.delete({ channel: C, ts });
    const left = await slack.thread(ts);
    expect(left.map((each) => [each.tombstone, each.text])).toEqual([
      [true, 'This message was deleted.'],
      [false, 'reply'],
    ]);
  });

  test('a file goes up in three steps and is shown in the thread', async () => {
    const { ts = '' } = await client.chat.postMessage({ channel: C, text: 'see below' });
    const file = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');
    await client.filesUploadV2({
      channel_id: C,
      thread_ts: ts,
      file,
      filename: 'chart.svg',
      title: 'Chart',
      initial_comment: 'The chart',
    });
    const [, posted] = await slack.thread(ts);
    expect(posted).toMatchObject({
      text: 'The chart',
      files: [{ title: 'Chart', mimetype: 'image/svg+xml' }],
    });
    const stored = await fetch(slack.url + posted?.files[0]?.url);
    expect(await stored.text()).toBe(file.toString());
  });

  test('people, groups and channels are listed', async () => {
    const users = await client.users.list({});
    expect(users.members?.map((each) => each.name)).toEqual(['raj', 'ana', 'mei', 'tom', 'slipway']);
    const groups = await client.usergroups.list({ include_users: true });
    expect(groups.usergroups?.[0]).toMatchObject({ handle: 'oncall', users: ['U0MEI', 'U0TOM'] });
    const channels = await client.conversations.list({ types: 'public_channel,private_channel' });
    expect(channels.channels?.map((each) => each.name)).toEqual(['checkout', 'elsewhere', 'old']);
    const mine = await client.users.conversations({ user: 'U0SLIPWAY' });
    expect(mine.channels?.map((each) => each.name)).toEqual(['checkout', 'old']);
    expect(await client.auth.test()).toMatchObject({ user_id: 'U0SLIPWAY', bot_id: 'B0SLIPWAY' });
  });

  test('the log counts what was posted twice', async () => {
    const before = (await slack.log()).duplicates;
    const metadata = { event_type: 'slipway_message', event_payload: { key: 'only-once' } };
    await client.chat.postMessage({ channel: C, text: 'first wording', metadata });
    await client.chat.postMessage({ channel: C, text: 'second wording', metadata });
    const log = await slack.log();
    expect(log.duplicates - before).toBe(1);
    expect(log.posts.at(-1)?.duplicateOf).toBe(log.posts.at(-2)?.ts);
  });
});

describe('faults on demand', () => {
  const post = (words: string) => codeOf('chat.postMessage', { channel: C, text: words });
  const committed = async (words: string) =>
    (await slack.messages('#checkout')).filter((each) => each.text === words).length;

  test('429 with Retry-After, 500 before and after the commit, silence after the commit, a refusal', async () => {
    const plan = (fault: Parameters<typeof slack.fault>[0]['fault']) =>
      slack.fault({ method: 'chat.postMessage', fault });
    await plan({ kind: 'rate-limited', seconds: 7 });
    const limited = new WebClient(slack.credentials.botToken, {
      slackApiUrl: slack.apiUrl,
      rejectRateLimitedCalls: true,
      logger: SILENT,
    });
    await expect(limited.chat.postMessage({ channel: C, text })).rejects.toMatchObject({ retryAfter: 7 });

    await plan({ kind: 'server-error' });
    await expect(post('lost')).rejects.toThrow('500');
    expect(await committed('lost')).toBe(0);

    await plan({ kind: 'server-error-after-commit' });
    await expect(post('kept')).rejects.toThrow('500');
    expect(await committed('kept')).toBe(1);

    await plan({ kind: 'silence-after-commit' });
    const impatient = new WebClient(slack.credentials.botToken, {
      slackApiUrl: slack.apiUrl,
      timeout: 150,
      logger: SILENT,
      retryConfig: { retries: 0 },
    });
    await expect(impatient.chat.postMessage({ channel: C, text: 'unanswered' })).rejects.toThrow();
    expect(await committed('unanswered')).toBe(1);

    await plan({ kind: 'refused', error: 'restricted_action' });
    expect(await post('never')).toBe('restricted_action');
    expect(await post('again')).toBe('ok');
  });
});

describe('rates', () => {
  test('too many posts in one channel are met with 429 and the seconds to wait; other channels go on', async () => {
    const strict = await startSlack({ pace: { rateScale: 1 / 8 } });
    const call = (channel: string) =>
      fetch(`${strict.apiUrl}chat.postMessage`, {
        method: 'POST',
        headers: { authorization: `Bearer ${strict.credentials.botToken}` },
        body: new URLSearchParams({ channel, text }),
      });
    expect((await call('C0GENERAL')).status).toBe(200);
    const refused = await call('C0GENERAL');
    expect([refused.status, await refused.json()]).toEqual([429, { ok: false, error: 'ratelimited' }]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await call('C0CHECKOUT')).status).toBe(200);
    expect((await strict.messages('#general')).length).toBe(1);
    await strict.stop();
  });
});

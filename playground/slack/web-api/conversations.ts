import type { Channel, Message } from '../model.ts';
import { Refusal } from '../refusal.ts';
import { wireChannel, wireMessage } from '../wire.ts';
import { announce, channelMessages, openIm, threadMessages, type World } from '../world.ts';
import { type Args, page } from './args.ts';
import { isIn, joinedChannel, type Method, visibleChannel } from './method.ts';

const READ_HISTORY = ['channels:history', 'groups:history', 'im:history'];
const READ_CHANNELS = ['channels:read', 'groups:read', 'im:read'];

/** `oldest`, `latest` and `inclusive`, as both reading methods understand them. */
function within(messages: readonly Message[], args: Args): readonly Message[] {
  const oldest = Number(args.text('oldest') ?? 0);
  const latest = Number(args.text('latest') ?? Number.POSITIVE_INFINITY);
  const inclusive = args.flag('inclusive');
  return messages.filter((message) => {
    const ts = Number(message.ts);
    return inclusive ? ts >= oldest && ts <= latest : ts > oldest && ts < latest;
  });
}

function answerPage(world: World, messages: readonly Message[], args: Args, most: number) {
  const metadata = args.flag('include_all_metadata');
  const { items, next } = page(messages, args, most);
  return {
    messages: items.map((message) => wireMessage(world, message, { metadata })),
    has_more: next !== '',
    response_metadata: { next_cursor: next },
  };
}

const replies: Method = {
  scopes: READ_HISTORY,
  token: 'bot',
  run(args, { world }) {
    const channel = joinedChannel(world, args);
    const message = world.messages.get(args.need('ts', 'thread_not_found'));
    if (!message || message.channel !== channel.id) throw new Refusal('thread_not_found');
    const thread = threadMessages(world, channel.id, message.threadTs ?? message.ts);
    return answerPage(world, within(thread, args), args, 1_000);
  },
};

const history: Method = {
  scopes: READ_HISTORY,
  token: 'bot',
  run(args, { world }) {
    const channel = joinedChannel(world, args);
    const newestFirst = within(channelMessages(world, channel.id), args).toReversed();
    return answerPage(world, newestFirst, args, 100);
  },
};

const info: Method = {
  scopes: READ_CHANNELS,
  token: 'bot',
  run: (args, { world }) => ({ channel: wireChannel(world, visibleChannel(world, args)) }),
};

const TYPES: Readonly<Record<string, Channel['kind']>> = {
  public_channel: 'public',
  private_channel: 'private',
  im: 'im',
};

/** The conversations of the kinds asked for; private ones and direct messages only when the app is in them. */
export function listedChannels(world: World, args: Args): readonly Channel[] {
  const kinds = (args.text('types') ?? 'public_channel').split(',').map((type) => type.trim());
  if (kinds.some((type) => type !== 'mpim' && TYPES[type] === undefined)) throw new Refusal('invalid_types');
  return [...world.channels.values()].filter(
    (channel) =>
      kinds.some((type) => TYPES[type] === channel.kind) &&
      (channel.kind === 'public' || isIn(world, channel)) &&
      !(args.flag('exclude_archived') && channel.isArchived),
  );
}

const list: Method = {
  scopes: READ_CHANNELS,
  token: 'bot',
  run(args, { world }) {
    const { items, next } = page(listedChannels(world, args), args, 100);
    return {
      channels: items.map((channel) => wireChannel(world, channel)),
      response_metadata: { next_cursor: next },
    };
  },
};

const open: Method = {
  scopes: ['im:write'],
  token: 'bot',
  run(args, { world }) {
    const users = args.need('users', 'users_list_not_supplied').split(',');
    const [user] = users;
    if (users.length !== 1 || user === undefined) throw new Refusal('not_enough_users');
    const person = world.users.get(user);
    if (!person) throw new Refusal('user_not_found');
    if (person.isBot) throw new Refusal('cannot_dm_bot');
    return { channel: wireChannel(world, openIm(world, user)) };
  },
};

const join: Method = {
  scopes: ['channels:join'],
  token: 'bot',
  run(args, { world }) {
    const channel = visibleChannel(world, args);
    if (channel.kind !== 'public') throw new Refusal('method_not_supported_for_channel_type');
    if (channel.isArchived) throw new Refusal('is_archived');
    if (isIn(world, channel)) return { channel: wireChannel(world, channel), warning: 'already_in_channel' };
    const joined = { ...channel, members: [...channel.members, world.setup.credentials.botUserId] };
    world.channels.set(channel.id, joined);
    announce(world, { kind: 'other' });
    return { channel: wireChannel(world, joined) };
  },
};

const members: Method = {
  scopes: READ_CHANNELS,
  token: 'bot',
  run(args, { world }) {
    const { items, next } = page(visibleChannel(world, args).members, args, 100);
    return { members: items, response_metadata: { next_cursor: next } };
  },
};

/** https://docs.slack.dev/reference/methods?family=conversations */
export const conversationMethods: Readonly<Record<string, Method>> = {
  'conversations.replies': replies,
  'conversations.history': history,
  'conversations.info': info,
  'conversations.list': list,
  'conversations.open': open,
  'conversations.join': join,
  'conversations.members': members,
};

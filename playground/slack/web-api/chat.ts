import { addEphemeral, addMessage, editMessage, recordPost, removeMessage } from '../messages.ts';
import { Refusal } from '../refusal.ts';
import { wireMessage } from '../wire.ts';
import type { World } from '../world.ts';
import type { Args } from './args.ts';
import { readContent, requireContent } from './content.ts';
import { isIn, joinedChannel, type Method, messageIn, visibleChannel } from './method.ts';
import { requirePictures } from './pictures.ts';

/** A reply must name the first message of an existing thread in the same channel. */
function readThread(world: World, args: Args, channel: string): string | undefined {
  const ts = args.text('thread_ts');
  if (ts === undefined) return undefined;
  if (!/^\d+\.\d{6}$/.test(ts)) throw new Refusal('invalid_thread_ts');
  const parent = world.messages.get(ts);
  if (!parent || parent.channel !== channel) throw new Refusal('thread_not_found');
  return parent.threadTs ?? parent.ts;
}

const postMessage: Method = {
  scopes: ['chat:write'],
  token: 'bot',
  run(args, { world }) {
    const channel = visibleChannel(world, args);
    if (channel.isArchived) throw new Refusal('is_archived');
    const mayPostAnywhere = world.setup.app.scopes?.includes('chat:write.public') ?? false;
    if (!isIn(world, channel) && !(mayPostAnywhere && channel.kind === 'public')) {
      throw new Refusal('not_in_channel');
    }
    const content = requireContent(args);
    requirePictures(world, content.blocks);
    const threadTs = readThread(world, args, channel.id);
    const message = addMessage(world, {
      channel: channel.id,
      user: world.setup.credentials.botUserId,
      byBot: true,
      text: content.text ?? '',
      blocks: content.blocks,
      metadata: content.metadata,
      threadTs,
      broadcast: threadTs !== undefined && args.flag('reply_broadcast'),
    });
    recordPost(world, 'chat.postMessage', message);
    return { channel: channel.id, ts: message.ts, message: wireMessage(world, message, { metadata: true }) };
  },
};

const update: Method = {
  scopes: ['chat:write'],
  token: 'bot',
  run(args, { world }) {
    const channel = visibleChannel(world, args);
    const previous = messageIn(world, channel, args.need('ts', 'message_not_found'));
    if (!previous.byBot) throw new Refusal('cant_update_message');
    const content = readContent(args);
    requirePictures(world, content.blocks);
    if (content.text === undefined && content.blocks === undefined && content.metadata === undefined) {
      throw new Refusal('no_text');
    }
    const message = editMessage(world, previous, {
      ...(content.text === undefined ? {} : { text: content.text }),
      ...(content.blocks === undefined ? {} : { blocks: content.blocks }),
      ...(content.metadata === undefined ? {} : { metadata: content.metadata }),
    });
    return {
      channel: channel.id,
      ts: message.ts,
      text: message.text,
      message: wireMessage(world, message, { metadata: true }),
    };
  },
};

const remove: Method = {
  scopes: ['chat:write'],
  token: 'bot',
  run(args, { world }) {
    const channel = visibleChannel(world, args);
    const message = messageIn(world, channel, args.need('ts', 'message_not_found'));
    if (!message.byBot) throw new Refusal('cant_delete_message');
    removeMessage(world, message);
    return { channel: channel.id, ts: message.ts };
  },
};

const postEphemeral: Method = {
  scopes: ['chat:write'],
  token: 'bot',
  run(args, { world }) {
    const channel = joinedChannel(world, args);
    const user = args.need('user', 'user_not_in_channel');
    if (!channel.members.includes(user)) throw new Refusal('user_not_in_channel');
    const content = requireContent(args);
    requirePictures(world, content.blocks);
    const ephemeral = addEphemeral(world, {
      channel: channel.id,
      user,
      from: world.setup.credentials.botUserId,
      text: content.text ?? '',
      blocks: content.blocks,
      threadTs: readThread(world, args, channel.id),
    });
    recordPost(world, 'chat.postEphemeral', ephemeral);
    return { message_ts: ephemeral.ts };
  },
};

const getPermalink: Method = {
  scopes: [],
  token: 'bot',
  run(args, { world }) {
    const channel = visibleChannel(world, args);
    const message = messageIn(world, channel, args.need('message_ts', 'message_not_found'));
    return { channel: channel.id, permalink: permalinkOf(world, message) };
  },
};

/** A link that opens the message in the workspace's page. */
function permalinkOf(
  world: World,
  message: { readonly channel: string; readonly ts: string; readonly threadTs: string | undefined },
): string {
  const thread =
    message.threadTs === undefined ? '' : `?thread_ts=${message.threadTs}&cid=${message.channel}`;
  return `${world.url}/archives/${message.channel}/p${message.ts.replace('.', '')}${thread}`;
}

/** https://docs.slack.dev/reference/methods?family=chat */
export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.delete': remove,
  'chat.postEphemeral': postEphemeral,
  'chat.getPermalink': getPermalink,
};

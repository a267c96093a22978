import { isDeepStrictEqual } from 'node:util';
import type { Block, BotPost, Ephemeral, Message, Metadata, StoredFile, Warning } from './model.ts';
import { announce, nextTs, threadMessages, type World } from './world.ts';

/** The only places where messages change. Each tells the watchers, and with them the app's event subscriptions. */

export type NewMessage = {
  readonly channel: string;
  readonly user: string;
  readonly byBot: boolean;
  readonly text: string;
  readonly threadTs?: string | undefined;
  readonly broadcast?: boolean;
  readonly blocks?: readonly Block[] | undefined;
  readonly metadata?: Metadata | undefined;
  readonly files?: readonly StoredFile[];
};

export function addMessage(world: World, given: NewMessage): Message {
  const message: Message = {
    channel: given.channel,
    ts: nextTs(),
    threadTs: given.threadTs,
    broadcast: given.broadcast ?? false,
    user: given.user,
    byBot: given.byBot,
    text: given.text,
    blocks: given.blocks,
    metadata: given.metadata,
    editedTs: undefined,
    reactions: [],
    files: given.files ?? [],
    tombstone: false,
  };
  world.messages.set(message.ts, message);
  announce(world, { kind: 'posted', message });
  return message;
}

export function editMessage(
  world: World,
  previous: Message,
  changes: Partial<Pick<Message, 'text' | 'blocks' | 'metadata'>>,
): Message {
  const message: Message = { ...previous, ...changes, editedTs: nextTs() };
  world.messages.set(message.ts, message);
  announce(world, { kind: 'edited', message, previous });
  return message;
}

export function removeMessage(world: World, message: Message): void {
  const hasReplies = threadMessages(world, message.channel, message.ts).length > 1;
  if (hasReplies) {
    world.messages.set(message.ts, {
      ...message,
      text: 'This message was deleted.',
      blocks: undefined,
      metadata: undefined,
      files: [],
      reactions: [],
      tombstone: true,
    });
  } else {
    world.messages.delete(message.ts);
  }
  announce(world, { kind: 'deleted', message });
}

/** Adds or removes one person's reaction; false when there is nothing to do. */
export function setReaction(
  world: World,
  request: {
    readonly message: Message;
    readonly user: string;
    readonly name: string;
    readonly present: boolean;
  },
): boolean {
  const { message, user, name, present } = request;
  const users = message.reactions.find((reaction) => reaction.name === name)?.users ?? [];
  if (users.includes(user) === present) return false;
  const now = present ? [...users, user] : users.filter((each) => each !== user);
  const others = message.reactions.filter((reaction) => reaction.name !== name);
  const reactions =
    now.length === 0
      ? others
      : users.length === 0
        ? [...message.reactions, { name, users: now }]
        : message.reactions.map((reaction) => (reaction.name === name ? { name, users: now } : reaction));
  const changed: Message = { ...message, reactions };
  world.messages.set(message.ts, changed);
  announce(world, { kind: present ? 'reacted' : 'unreacted', message: changed, user, name });
  return true;
}

export function addEphemeral(world: World, given: Omit<Ephemeral, 'ts'>): Ephemeral {
  const ephemeral: Ephemeral = { ...given, ts: nextTs() };
  world.ephemerals.set(ephemeral.ts, ephemeral);
  announce(world, { kind: 'ephemeral', ephemeral });
  return ephemeral;
}

export function warn(world: World, warning: Warning): void {
  world.warnings.push(warning);
  announce(world, { kind: 'warning', warning });
}

/** Writes down what the bot posted; a second post with the same key, or without keys the same words, in the same place is a duplicate. */
export function recordPost(
  world: World,
  method: BotPost['method'],
  posted: {
    readonly channel: string;
    readonly threadTs: string | undefined;
    readonly ts: string;
    readonly text: string;
    readonly metadata?: Metadata | undefined;
  },
): void {
  const same = world.posts.find(
    (post) =>
      post.method === method &&
      post.channel === posted.channel &&
      post.threadTs === posted.threadTs &&
      (posted.metadata || post.metadata
        ? isDeepStrictEqual(post.metadata, posted.metadata)
        : post.text === posted.text),
  );
  world.posts.push({
    order: world.posts.length + 1,
    method,
    channel: posted.channel,
    threadTs: posted.threadTs,
    ts: posted.ts,
    text: posted.text,
    metadata: posted.metadata,
    duplicateOf: same?.ts,
  });
}

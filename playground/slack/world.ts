import { randomBytes } from 'node:crypto';
import type {
  ApiCall,
  BotPost,
  Change,
  Channel,
  Ephemeral,
  Message,
  StoredFile,
  User,
  View,
  Warning,
} from './model.ts';
import type { Setup } from './options.ts';

/** A file between its upload URL and its completion; `content` is undefined until the bytes came. */
export type Upload = {
  readonly file: StoredFile;
  readonly content: Buffer | undefined;
  /** Milliseconds of the clock; a file that was not completed cannot be shown. */
  readonly completedAt: number | undefined;
};

/** The one mutable thing of the workspace. Values in the maps are replaced, never changed in place. */
export type World = {
  readonly setup: Setup;
  /** `http://127.0.0.1:PORT`, known once the server listens. */
  url: string;
  readonly users: Map<string, User>;
  readonly channels: Map<string, Channel>;
  /** By ts, which is unique over the whole workspace here, in the order of posting. */
  readonly messages: Map<string, Message>;
  readonly ephemerals: Map<string, Ephemeral>;
  readonly views: Map<string, View>;
  /** The open modals of a person, the one on top last. */
  readonly stacks: Map<string, readonly string[]>;
  readonly homes: Map<string, View>;
  readonly uploads: Map<string, Upload>;
  readonly warnings: Warning[];
  readonly posts: BotPost[];
  readonly calls: ApiCall[];
  readonly watchers: Set<(change: Change) => void>;
};

export function createWorld(setup: Setup): World {
  return {
    setup,
    url: '',
    users: new Map(setup.users.map((user) => [user.id, user])),
    channels: new Map(setup.channels.map((channel) => [channel.id, channel])),
    messages: new Map(),
    ephemerals: new Map(),
    views: new Map(),
    stacks: new Map(),
    homes: new Map(),
    uploads: new Map(),
    warnings: [],
    posts: [],
    calls: [],
    watchers: new Set(),
  };
}

/** Tells everybody who watches. */
export function announce(world: World, change: Change): void {
  for (const watcher of world.watchers) watcher(change);
}

let lastMicros = 0;
/** A message timestamp: seconds and microseconds, never the same twice. */
export function nextTs(): string {
  lastMicros = Math.max(Date.now() * 1_000, lastMicros + 1);
  return `${Math.floor(lastMicros / 1_000_000)}.${String(lastMicros % 1_000_000).padStart(6, '0')}`;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
/** An identifier such as Slack makes: a letter for its kind, then ten random ones. */
export function freshId(prefix: string): string {
  return prefix + Array.from(randomBytes(10), (byte) => LETTERS[byte % LETTERS.length]).join('');
}

/** The messages of a channel's main column, oldest first. */
export function channelMessages(world: World, channel: string): readonly Message[] {
  return [...world.messages.values()].filter(
    (message) => message.channel === channel && (message.threadTs === undefined || message.broadcast),
  );
}

/** A parent and its replies, oldest first. Empty when there is no such parent. */
export function threadMessages(world: World, channel: string, parentTs: string): readonly Message[] {
  return [...world.messages.values()].filter(
    (message) => message.channel === channel && (message.ts === parentTs || message.threadTs === parentTs),
  );
}

/** The direct-message channel of a person and the app; made when first needed. */
export function openIm(world: World, user: string): Channel {
  const found = [...world.channels.values()].find(
    (channel) => channel.kind === 'im' && channel.name === user,
  );
  if (found) return found;
  const channel: Channel = {
    id: freshId('D'),
    name: user,
    kind: 'im',
    members: [user, world.setup.credentials.botUserId],
    isArchived: false,
    topic: '',
  };
  world.channels.set(channel.id, channel);
  announce(world, { kind: 'other' });
  return channel;
}

/** Finds a conversation by id, `#name`, `name` or `@person` (their direct message with the app). */
export function findChannel(world: World, name: string): Channel | undefined {
  const direct = world.channels.get(name);
  if (direct) return direct;
  const bare = name.replace(/^[#@]/, '');
  if (name.startsWith('#') || !name.startsWith('@')) {
    const byName = [...world.channels.values()].find(
      (channel) => channel.kind !== 'im' && channel.name === bare,
    );
    if (byName) return byName;
  }
  const user = world.users.get(bare) ?? [...world.users.values()].find((each) => each.name === bare);
  return user && !user.isBot ? openIm(world, user.id) : undefined;
}

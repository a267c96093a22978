import type { SocketMode } from '../delivery/socket-mode.ts';
import type { ResponseUrls, Triggers } from '../limits/expiring.ts';
import type { Channel, Message } from '../model.ts';
import { Refusal } from '../refusal.ts';
import { findChannel, type World } from '../world.ts';
import type { Args } from './args.ts';

/** What methods work with. */
export type Context = {
  readonly world: World;
  readonly sockets: SocketMode;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
};

/** One Web API method. It answers the fields beside `ok: true`, or throws a `Refusal`. */
export type Method = {
  /** Any one of these scopes allows it; none: no scope needed. */
  readonly scopes: readonly string[];
  readonly token: 'bot' | 'app';
  run(args: Args, context: Context): Readonly<Record<string, unknown>>;
};

/** The conversation an argument names, as far as the app may see it: a private one it is not in does not exist. */
export function visibleChannel(world: World, args: Args, field = 'channel'): Channel {
  const channel = findChannel(world, args.need(field, 'channel_not_found'));
  if (!channel || (channel.kind === 'private' && !isIn(world, channel)))
    throw new Refusal('channel_not_found');
  return channel;
}

/** The same, when the app must be a member. */
export function joinedChannel(world: World, args: Args): Channel {
  const channel = visibleChannel(world, args);
  if (!isIn(world, channel)) throw new Refusal('not_in_channel');
  return channel;
}

export function isIn(world: World, channel: Channel): boolean {
  return channel.members.includes(world.setup.credentials.botUserId);
}

export function messageIn(world: World, channel: Channel, ts: string): Message {
  const message = world.messages.get(ts);
  if (!message || message.channel !== channel.id || message.tombstone) throw new Refusal('message_not_found');
  return message;
}

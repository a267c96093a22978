import type { Change, Channel, Message } from '../model.ts';
import { wireMessage, wireView } from '../wire.ts';
import { freshId, nextTs, type World } from '../world.ts';
import type { Answer, Carrier } from './envelope.ts';

/** The Events API's wording of why it tries again. */
const RETRY_REASONS: Readonly<Record<Extract<Answer, { kind: 'failed' }>['reason'], string>> = {
  timeout: 'timeout',
  connection_failed: 'connection_failed',
  http_error: 'http_error',
};

export type Events = {
  /** Somebody looks at the app's Home tab. */
  homeOpened(user: string, channel: string, tab: 'home' | 'messages'): void;
  stop(): void;
};

/** Turns what happens into the events the app subscribed to, each with three retries until it is acknowledged. */
export function createEvents(world: World, deliver: Carrier): Events {
  const timers = new Set<NodeJS.Timeout>();
  const { setup } = world;
  const bot = setup.credentials.botUserId;

  const send = (event: Readonly<Record<string, unknown>>): void => {
    const payload = {
      token: 'playground-verification-token',
      team_id: setup.team.id,
      api_app_id: setup.credentials.appId,
      event,
      type: 'event_callback',
      event_id: freshId('Ev'),
      event_time: Math.floor(Date.now() / 1_000),
      authorizations: [
        {
          enterprise_id: null,
          team_id: setup.team.id,
          user_id: bot,
          is_bot: true,
          is_enterprise_install: false,
        },
      ],
      is_ext_shared_channel: false,
      event_context: freshId('EC'),
    };
    const attempt = async (number: number, reason: string | undefined): Promise<void> => {
      const answer = await deliver({
        type: 'events_api',
        payload,
        retry: reason === undefined ? undefined : { attempt: number, reason },
      });
      if (answer.kind === 'acknowledged') return;
      const wait = setup.pace.retryDelaysMs[number];
      if (wait === undefined) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        void attempt(number + 1, RETRY_REASONS[answer.reason]);
      }, wait);
      timers.add(timer);
    };
    void attempt(0, undefined);
  };

  const subscribed = (type: string): boolean => setup.app.events.includes(type);

  const channelOf = (message: Message): Channel | undefined => {
    const channel = world.channels.get(message.channel);
    return channel?.members.includes(bot) ? channel : undefined;
  };
  const messageEvent = (message: Message, event: Readonly<Record<string, unknown>>): void => {
    const channel = channelOf(message);
    if (!channel || !subscribed(MESSAGE_EVENTS[channel.kind])) return;
    send({
      type: 'message',
      ...event,
      channel: channel.id,
      channel_type: CHANNEL_TYPES[channel.kind],
    });
  };

  const watch = (change: Change): void => {
    switch (change.kind) {
      case 'posted': {
        const { message } = change;
        messageEvent(message, { ...wireMessage(world, message), event_ts: message.ts });
        const channel = channelOf(message);
        const mentioned = message.text.includes(`<@${bot}>`) && !message.byBot;
        if (mentioned && channel && channel.kind !== 'im' && subscribed('app_mention')) {
          send({
            ...wireMessage(world, message),
            type: 'app_mention',
            channel: channel.id,
            event_ts: message.ts,
          });
        }
        return;
      }
      case 'edited': {
        const ts = nextTs();
        messageEvent(change.message, {
          subtype: 'message_changed',
          hidden: true,
          ts,
          event_ts: ts,
          message: wireMessage(world, change.message),
          previous_message: wireMessage(world, change.previous),
        });
        return;
      }
      case 'deleted': {
        const ts = nextTs();
        messageEvent(change.message, {
          subtype: 'message_deleted',
          hidden: true,
          ts,
          event_ts: ts,
          deleted_ts: change.message.ts,
          previous_message: wireMessage(world, change.message),
        });
        return;
      }
      case 'reacted':
      case 'unreacted': {
        const type = change.kind === 'reacted' ? 'reaction_added' : 'reaction_removed';
        if (!channelOf(change.message) || !subscribed(type)) return;
        send({
          type,
          user: change.user,
          reaction: change.name,
          item_user: change.message.user,
          item: { type: 'message', channel: change.message.channel, ts: change.message.ts },
          event_ts: nextTs(),
        });
        return;
      }
      case 'ephemeral':
      case 'view':
      case 'warning':
      case 'other':
        return;
    }
  };
  world.watchers.add(watch);

  return {
    homeOpened(user, channel, tab) {
      if (!subscribed('app_home_opened')) return;
      const home = world.homes.get(user);
      send({
        type: 'app_home_opened',
        user,
        channel,
        tab,
        view: tab === 'home' && home ? wireView(world, home) : undefined,
        event_ts: nextTs(),
      });
    },
    stop() {
      world.watchers.delete(watch);
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

const MESSAGE_EVENTS = { public: 'message.channels', private: 'message.groups', im: 'message.im' } as const;
const CHANNEL_TYPES = { public: 'channel', private: 'group', im: 'im' } as const;

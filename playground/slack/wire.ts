import type { Channel, Message, StoredFile, User, View } from './model.ts';
import { threadMessages, type World } from './world.ts';

/** Our plain values as the JSON that Slack sends. Undefined fields vanish when it is written. */
type Wire = Readonly<Record<string, unknown>>;

export function wireMessage(world: World, message: Message, options: { metadata?: boolean } = {}): Wire {
  const { credentials, team, app } = world.setup;
  const replies =
    message.threadTs === undefined ? threadMessages(world, message.channel, message.ts).slice(1) : [];
  return {
    type: 'message',
    subtype: message.tombstone ? 'tombstone' : message.broadcast ? 'thread_broadcast' : undefined,
    user: message.user,
    text: message.text,
    ts: message.ts,
    team: team.id,
    blocks: message.blocks,
    files: message.files.length > 0 ? message.files.map((file) => wireFile(world, file)) : undefined,
    edited: message.editedTs && { user: message.user, ts: message.editedTs },
    reactions:
      message.reactions.length > 0
        ? message.reactions.map((reaction) => ({ ...reaction, count: reaction.users.length }))
        : undefined,
    ...(message.byBot
      ? {
          bot_id: credentials.botId,
          app_id: credentials.appId,
          bot_profile: { id: credentials.botId, app_id: credentials.appId, name: app.name, team_id: team.id },
        }
      : {}),
    ...(message.threadTs === undefined
      ? replies.length > 0
        ? {
            thread_ts: message.ts,
            reply_count: replies.length,
            reply_users: [...new Set(replies.map((reply) => reply.user))],
            latest_reply: replies.at(-1)?.ts,
            is_locked: false,
          }
        : {}
      : {
          thread_ts: message.threadTs,
          parent_user_id: world.messages.get(message.threadTs)?.user,
        }),
    metadata: options.metadata ? message.metadata : undefined,
  };
}

export function wireFile(world: World, file: StoredFile): Wire {
  return {
    id: file.id,
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: file.name.split('.').at(-1),
    size: file.size,
    user: file.user,
    url_private: `${world.url}${file.url}`,
    url_private_download: `${world.url}${file.url}`,
    permalink: `${world.url}${file.url}`,
  };
}

export function wireUser(world: World, user: User): Wire {
  return {
    id: user.id,
    team_id: world.setup.team.id,
    name: user.name,
    deleted: false,
    real_name: user.realName,
    tz: user.tz,
    tz_label: user.tz,
    tz_offset: offsetSeconds(user.tz),
    profile: {
      real_name: user.realName,
      display_name: user.name,
      email: user.email,
      bot_id: user.isBot ? world.setup.credentials.botId : undefined,
    },
    is_admin: user.isAdmin,
    is_owner: false,
    is_restricted: user.isRestricted,
    is_ultra_restricted: false,
    is_bot: user.isBot,
    is_app_user: false,
    updated: 1_700_000_000,
  };
}

function offsetSeconds(timeZone: string): number {
  const now = new Date();
  const there = new Date(now.toLocaleString('en-US', { timeZone }));
  const here = new Date(now.toLocaleString('en-US', { timeZone: 'UTC' }));
  return Math.round((there.getTime() - here.getTime()) / 1_000);
}

export function wireChannel(world: World, channel: Channel): Wire {
  const shared = {
    id: channel.id,
    created: 1_700_000_000,
    is_archived: channel.isArchived,
    is_im: channel.kind === 'im',
    is_mpim: false,
    context_team_id: world.setup.team.id,
  };
  if (channel.kind === 'im') return { ...shared, user: channel.name, is_user_deleted: false, is_open: true };
  return {
    ...shared,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === 'public',
    is_group: channel.kind === 'private',
    is_private: channel.kind === 'private',
    is_member: channel.members.includes(world.setup.credentials.botUserId),
    is_general: channel.name === 'general',
    topic: { value: channel.topic, creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    num_members: channel.members.length,
  };
}

export type ViewState = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export function wireView(world: World, view: View, state: ViewState = {}): Wire {
  const { credentials, team } = world.setup;
  return {
    id: view.id,
    team_id: team.id,
    type: view.type,
    title: view.title,
    submit: view.submit ?? null,
    close: view.close ?? null,
    blocks: view.blocks,
    private_metadata: view.privateMetadata,
    callback_id: view.callbackId,
    external_id: view.externalId,
    state: { values: state },
    hash: view.hash,
    clear_on_close: view.clearOnClose,
    notify_on_close: view.notifyOnClose,
    root_view_id: view.rootViewId,
    previous_view_id: view.previousViewId ?? null,
    app_id: credentials.appId,
    app_installed_team_id: team.id,
    bot_id: credentials.botId,
  };
}

/** The short form of a person in interaction payloads. */
export function wireActor(world: World, userId: string): Wire {
  const name = world.users.get(userId)?.name ?? userId;
  return { id: userId, username: name, name, team_id: world.setup.team.id };
}

/** The channel's name in interaction payloads, which do not tell the names of private ones. */
export function channelName(channel: Channel): string {
  switch (channel.kind) {
    case 'im':
      return 'directmessage';
    case 'private':
      return 'privategroup';
    case 'public':
      return channel.name;
  }
}

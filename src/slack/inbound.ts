import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What came from Slack, as plain values; `none` is not for us. */
export type Inbound =
  | {
      readonly kind: 'command';
      readonly name: string;
      readonly text: string;
      readonly user: string;
      readonly channel: string;
      readonly trigger: string;
    }
  /** A message in a thread, or one to the bot: a `mention`, its name taken out of `text`, or a direct message. */
  | {
      readonly kind: 'message';
      readonly user: string;
      readonly channel: string;
      readonly ts: string;
      readonly thread: string | undefined;
      readonly text: string;
      readonly mention: boolean;
    }
  | {
      readonly kind: 'action';
      readonly user: string;
      readonly channel: string;
      readonly thread: string | undefined;
      readonly action: string;
      readonly value: string;
      readonly values: Values;
      readonly trigger: string;
    }
  | {
      readonly kind: 'submission';
      readonly user: string;
      readonly callback: string;
      readonly metadata: string;
      readonly values: Values;
      readonly viewId: string;
    }
  | {
      readonly kind: 'shortcut';
      readonly user: string;
      readonly channel: string;
      readonly callback: string;
      readonly message: { readonly ts: string; readonly thread: string | undefined; readonly text: string };
      readonly trigger: string;
    }
  | { readonly kind: 'home'; readonly user: string }
  | { readonly kind: 'none' };

/** The state of inputs: block id, action id, what is typed or chosen. */
export type Values = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const id = z.string().min(1);
const values = z.object({ values: z.record(z.string(), z.record(z.string(), z.unknown())) });

const command = z.object({
  command: id,
  text: z.string().default(''),
  user_id: id,
  channel_id: id,
  trigger_id: id,
});
const event = z.object({
  event_id: id,
  event: z.object({
    type: id,
    subtype: z.string().optional(),
    bot_id: z.string().optional(),
    user: z.string().optional(),
    channel: z.string().optional(),
    channel_type: z.string().optional(),
    ts: z.string().optional(),
    thread_ts: z.string().optional(),
    text: z.string().optional(),
    tab: z.string().optional(),
  }),
});
const action = z.object({
  type: z.literal('block_actions'),
  trigger_id: id,
  user: z.object({ id }),
  channel: z.object({ id }).optional(),
  message: z.object({ ts: id, thread_ts: z.string().optional() }).optional(),
  state: values.optional(),
  actions: z.array(z.object({ action_id: id, value: z.string().optional() })).min(1),
});
const submission = z.object({
  type: z.literal('view_submission'),
  user: z.object({ id }),
  view: z.object({
    id,
    hash: z.string(),
    callback_id: id,
    private_metadata: z.string().default(''),
    state: values,
  }),
});
const shortcut = z.object({
  type: z.literal('message_action'),
  callback_id: id,
  trigger_id: id,
  user: z.object({ id }),
  channel: z.object({ id }),
  message: z.object({ ts: id, thread_ts: z.string().optional(), text: z.string().default('') }),
});

/** The name under which a body is written down: the same for every delivery of the same thing. */
export function idOf(body: unknown): string {
  const asEvent = event.safeParse(body);
  if (asEvent.success) return asEvent.data.event_id;
  const asCommand = command.safeParse(body);
  if (asCommand.success) return `command-${asCommand.data.trigger_id}`;
  const asView = submission.safeParse(body);
  if (asView.success) return `view-${asView.data.view.id}-${asView.data.view.hash}`;
  const asAction = action.or(shortcut).safeParse(body);
  if (asAction.success) return `action-${asAction.data.trigger_id}`;
  return `body-${createHash('sha256').update(JSON.stringify(body)).digest('hex')}`;
}

/** What a command has in common with the same command typed again: who said what, and where. */
export function sameCommand(body: unknown): object | undefined {
  const parsed = command.safeParse(body);
  if (!parsed.success) return undefined;
  const { trigger_id: _trigger, ...same } = parsed.data;
  return same;
}

/** Reads a body as Slack sent it. `bot` is our own user id: what we said is never for us. */
export function readBody(body: unknown, bot: string): Inbound {
  const asEvent = event.safeParse(body);
  if (asEvent.success) return readEvent(asEvent.data.event, bot);
  const asCommand = command.safeParse(body);
  if (asCommand.success) {
    const { command: name, text, user_id: user, channel_id: channel, trigger_id: trigger } = asCommand.data;
    return { kind: 'command', name, text: plainText(text), user, channel, trigger };
  }
  const asAction = action.safeParse(body);
  if (asAction.success) return readAction(asAction.data);
  const asView = submission.safeParse(body);
  if (asView.success) {
    const { user, view } = asView.data;
    return {
      kind: 'submission',
      user: user.id,
      callback: view.callback_id,
      metadata: view.private_metadata,
      values: view.state.values,
      viewId: view.id,
    };
  }
  const asShortcut = shortcut.safeParse(body);
  if (!asShortcut.success) return { kind: 'none' };
  const { callback_id: callback, channel, message, trigger_id: trigger, user } = asShortcut.data;
  return {
    kind: 'shortcut',
    user: user.id,
    channel: channel.id,
    callback,
    message: { ts: message.ts, thread: message.thread_ts, text: plainText(message.text) },
    trigger,
  };
}

function readEvent(seen: z.infer<typeof event>['event'], bot: string): Inbound {
  const { type, user, channel, ts, text } = seen;
  if (user === undefined || user === bot || seen.bot_id !== undefined) return { kind: 'none' };
  if (type === 'app_home_opened') return seen.tab === 'messages' ? { kind: 'none' } : { kind: 'home', user };
  if (type !== 'message' && type !== 'app_mention') return { kind: 'none' };
  // A file or a broadcast is still somebody's words; edits, joins and the like are not.
  if (seen.subtype !== undefined && seen.subtype !== 'file_share' && seen.subtype !== 'thread_broadcast') {
    return { kind: 'none' };
  }
  if (channel === undefined || ts === undefined) return { kind: 'none' };
  const name = new RegExp(`<@${bot}(\\|[^>]*)?>`, 'g');
  const words = text ?? '';
  const direct = seen.channel_type === 'im';
  const named = words.search(name) >= 0;
  // Slack tells of a mention twice, as a message and as a mention; only the second is heard.
  if (type === 'message' && named && !direct) return { kind: 'none' };
  const mention = type === 'app_mention' || direct;
  // What people say to each other outside of threads is none of our business, and is not written down.
  if (!mention && (seen.thread_ts === undefined || seen.thread_ts === ts)) return { kind: 'none' };
  return {
    kind: 'message',
    user,
    channel,
    ts,
    thread: seen.thread_ts,
    text: plainText(words.replace(name, ' ')).trim(),
    mention,
  };
}

function readAction(seen: z.infer<typeof action>): Inbound {
  const [first] = seen.actions;
  if (!first) return { kind: 'none' };
  return {
    kind: 'action',
    user: seen.user.id,
    channel: seen.channel?.id ?? '',
    thread: seen.message?.thread_ts ?? seen.message?.ts,
    action: first.action_id,
    value: first.value ?? '',
    values: seen.state?.values ?? {},
    trigger: seen.trigger_id,
  };
}

/**
 * What people typed, without Slack's markup: `<@U1|ana>` is @ana, `<#C1|general>` is #general, a link its
 * address. See https://docs.slack.dev/messaging/formatting-message-text
 */
export function plainText(text: string): string {
  return text
    .replace(/<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>/g, (_all, sign: string, target: string, label?: string) => {
      if (sign === '@' || sign === '#') return `${sign}${label || target}`;
      if (sign === '!') return label || `@${target.replace(/^subteam\^/, '')}`;
      return label === undefined || target.endsWith(label) ? target : `${label} (${target})`;
    })
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

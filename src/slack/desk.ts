import { createHash } from 'node:crypto';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { SlashCommand } from '../../commands/command.ts';
import type { FeatureCommand } from '../domain/feature/commands.ts';
import type { feature } from '../domain/feature/feature.ts';
import type { FeatureState } from '../domain/feature/state.ts';
import type { Actor } from '../domain/process.ts';
import type { Engine } from '../engine/engine.ts';
import type { Inbox } from '../engine/inbox.ts';
import { calling, errorCode, translated } from './calling.ts';
import type { Channels } from './channels.ts';
import type { People } from './people.ts';

export type PersonActor = Extract<Actor, { kind: 'person' }>;

/** What the handlers of people's messages work with. */
export type Desk = {
  readonly engine: Pick<
    Engine<{ feature: typeof feature }>,
    'send' | 'read' | 'list' | 'findByThread' | 'counts'
  > & { readonly inbox: Pick<Inbox, 'firstLike'> };
  readonly commands: readonly SlashCommand[];
  readonly people: People;
  readonly channels: Channels;
  /** The quick client: a person waits. */
  readonly client: Pick<WebClient, 'chat' | 'views'>;
  /** Our own user id. */
  readonly bot: string;
  /** Longest request, in characters. */
  readonly longest: number;
};

/** Where a person can be answered so that only they see it. */
export type Spot = { readonly user: string; readonly channel: string; readonly thread?: string | undefined };

/** Answers one person alone. Where the bot cannot speak to them in the channel, it is a direct message. */
export async function tellPrivately({ client }: Desk, spot: Spot, text: string): Promise<void> {
  const directly = () => client.chat.postMessage({ channel: spot.channel || spot.user, text, ...quiet });
  await calling(`answering ${spot.user} in ${spot.channel || 'a direct message'}`, async () => {
    if (spot.channel === '' || spot.channel.startsWith('D')) return directly();
    const thread = spot.thread === undefined ? {} : { thread_ts: spot.thread };
    return client.chat
      .postEphemeral({ channel: spot.channel, user: spot.user, text, ...thread })
      .catch((error: unknown) => {
        if (!unreachable.includes(errorCode(error) ?? '')) throw error;
        return client.chat.postMessage({ channel: spot.user, text, ...quiet });
      });
  });
}

const quiet = { unfurl_links: false, unfurl_media: false } as const;
const unreachable = [
  'thread_not_found',
  'channel_not_found',
  'not_in_channel',
  'user_not_in_channel',
  'is_archived',
];

/**
 * Opens a dialog. A trigger is good for three seconds; when they were over, for example because the click is
 * handled after a crash, the person is told to press again, since nothing else will happen.
 */
export async function openDialog(
  desk: Desk,
  request: { readonly trigger: string; readonly view: ModalView; readonly spot: Spot },
): Promise<void> {
  const { trigger, view, spot } = request;
  try {
    await desk.client.views.open({ trigger_id: trigger, view });
  } catch (error) {
    const code = errorCode(error);
    if (
      code !== undefined &&
      !['expired_trigger_id', 'exchanged_trigger_id', 'trigger_expired'].includes(code)
    )
      throw translated(`opening a dialog for ${spot.user}`, error);
    await tellPrivately(
      desk,
      spot,
      'The dialog could not be opened in time. Nothing was changed; please try again.',
    );
  }
}

/** Sends a person's command; a refusal is read by that person alone, and nothing else happens. */
export async function sendAs(
  desk: Desk,
  request: {
    readonly id: string;
    readonly command: FeatureCommand;
    readonly by: PersonActor;
    readonly spot: Spot;
  },
): Promise<FeatureState | undefined> {
  const { id, command, by, spot } = request;
  const sent = await desk.engine.send({ kind: 'feature', id, command, by });
  if (!('refused' in sent)) return sent.state;
  await tellPrivately(desk, spot, sent.refused);
  return undefined;
}

/** The name of the feature that a message of Slack starts: the same however often the message is handled. */
export function featureId(source: string): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  const digest = createHash('sha256').update(source).digest();
  return `f-${[...digest.subarray(0, 8)].map((byte) => alphabet[byte % 32]).join('')}`;
}

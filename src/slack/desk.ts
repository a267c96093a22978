import { createHash } from 'node:crypto';
import type { KnownBlock, ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { SlashCommand } from '../../commands/command.ts';
import type { FeatureCommand } from '../domain/feature/commands.ts';
import type { feature } from '../domain/feature/feature.ts';
import type { FeatureState } from '../domain/feature/state.ts';
import type { Actor, Process } from '../domain/process.ts';
import type { RolloutCommand } from '../domain/rollout/commands.ts';
import type { RolloutEvent } from '../domain/rollout/events.ts';
import type { RolloutState } from '../domain/rollout/state.ts';
import type { Engine } from '../engine/engine.ts';
import type { Inbox } from '../engine/inbox.ts';
import type { Flags } from '../ports.ts';
import { calling, errorCode, translated } from './calling.ts';
import type { Channels } from './channels.ts';
import type { People } from './people.ts';

export type PersonActor = Extract<Actor, { kind: 'person' }>;

type Processes = {
  readonly feature: typeof feature;
  readonly rollout: Process<RolloutState, RolloutCommand, RolloutEvent>;
};

/** What the handlers of people's messages work with. */
export type Desk = {
  readonly engine: Pick<Engine<Processes>, 'send' | 'read' | 'list' | 'findByThread' | 'counts'> & {
    readonly inbox: Pick<Inbox, 'firstLike'>;
  };
  readonly commands: readonly SlashCommand[];
  readonly people: People;
  readonly channels: Channels;
  /** The quick client: a person waits. */
  readonly client: Pick<WebClient, 'chat' | 'views'>;
  /** The flag service, to switch off at once; absent where none is configured. */
  readonly flags: Pick<Flags, 'off' | 'look' | 'ramping'> | undefined;
  /** The environment of the users: what is switched off when none is said. */
  readonly environment: string;
  /** Our own user id. */
  readonly bot: string;
  /** Longest request, in characters. */
  readonly longest: number;
};

/** Where a person can be answered so that only they see it. */
export type Spot = { readonly user: string; readonly channel: string; readonly thread?: string | undefined };

/** Answers one person alone. Where the bot cannot speak to them in the channel, it is a direct message. */
export async function tellPrivately(desk: Desk, spot: Spot, text: string): Promise<void> {
  await showPrivately(desk, spot, { text });
}

/** The same with more than words. */
export async function showPrivately(
  { client }: Desk,
  spot: Spot,
  view: { readonly text: string; readonly blocks?: readonly KnownBlock[] },
): Promise<void> {
  const content = { text: view.text, ...(view.blocks && { blocks: [...view.blocks] }) };
  const directly = () =>
    client.chat.postMessage({ channel: spot.channel || spot.user, ...content, ...quiet });
  await calling(`answering ${spot.user} in ${spot.channel || 'a direct message'}`, async () => {
    if (spot.channel === '' || spot.channel.startsWith('D')) return directly();
    const thread = spot.thread === undefined ? {} : { thread_ts: spot.thread };
    return client.chat
      .postEphemeral({ channel: spot.channel, user: spot.user, ...content, ...thread })
      .catch((error: unknown) => {
        if (!unreachable.includes(errorCode(error) ?? '')) throw error;
        return client.chat.postMessage({ channel: spot.user, ...content, ...quiet });
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

/** The same for a command to a rollout. */
export async function sendToRollout(
  desk: Desk,
  request: {
    readonly id: string;
    readonly command: RolloutCommand;
    readonly by: PersonActor;
    readonly spot: Spot;
  },
): Promise<RolloutState | undefined> {
  const { id, command, by, spot } = request;
  const sent = await desk.engine.send({ kind: 'rollout', id, command, by });
  if (!('refused' in sent)) return sent.state;
  await tellPrivately(desk, spot, sent.refused);
  return undefined;
}

/** The name of the feature that a message of Slack starts: the same however often the message is handled. */
export function featureId(source: string): string {
  return `f-${nameOf(source)}`;
}

/** The name of the rollout that a message of Slack starts. */
export function rolloutId(source: string): string {
  return `r-${nameOf(source)}`;
}

function nameOf(source: string): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  const digest = createHash('sha256').update(source).digest();
  return [...digest.subarray(0, 8)].map((byte) => alphabet[byte % 32]).join('');
}

import type { RolloutState } from '../domain/rollout/state.ts';
import {
  type Desk,
  featureId,
  openDialog,
  type PersonActor,
  type Spot,
  sendAs,
  tellPrivately,
} from './desk.ts';
import { openFeatures } from './open-features.ts';
import { haltAll } from './rollouts/halt-all.ts';
import { openRollouts, recentRollouts } from './rollouts/open-rollouts.ts';
import { startRollout } from './rollouts/start.ts';
import { switchOffFlag } from './rollouts/switch-off-flag.ts';
import { doWish } from './rollouts/wish.ts';
import { askModal } from './views/index.ts';

/** Starts a feature from words; `message` is the person's own message that the thread hangs on. */
export async function ask(
  desk: Desk,
  request: {
    /** What the request came with, for example the id of an event; the feature's name is made from it. */
    readonly source: string;
    readonly words: string;
    readonly message?: string | undefined;
    /** Instead of the channel's. */
    readonly repositories?: readonly string[];
    readonly by: PersonActor;
    readonly spot: Spot;
  },
): Promise<void> {
  const { words, message, by, spot } = request;
  const id = featureId(request.source);
  // A command works in channels that the bot is not in, and the thread would never appear.
  const obstacle = await desk.channels.obstacle(spot.channel);
  if (obstacle !== undefined) return tellPrivately(desk, spot, obstacle);
  await sendAs(desk, {
    id,
    by,
    spot,
    command: {
      type: 'ask',
      id,
      words,
      channel: spot.channel,
      ...(message !== undefined && { message }),
      repositories: request.repositories ?? (await desk.channels.repositoriesOf(spot.channel)),
    },
  });
}

/** Opens the dialog for a request. */
export async function openAskDialog(
  desk: Desk,
  request: {
    readonly trigger: string;
    readonly words: string;
    readonly message?: string;
    readonly spot: Spot;
  },
): Promise<void> {
  const { trigger, spot, ...about } = request;
  await openDialog(desk, { trigger, view: askModal({ ...about, channel: spot.channel }), spot });
}

/** Does what a slash command, or the same words in a mention, answers. */
export async function runCommand(
  desk: Desk,
  request: {
    readonly name: string;
    readonly text: string;
    readonly source: string;
    readonly trigger?: string;
    readonly message?: string;
    /** The rollout in whose thread it was said. */
    readonly here?: RolloutState | undefined;
    readonly by: PersonActor;
    readonly spot: Spot;
  },
): Promise<void> {
  const { by, spot, source, message, trigger } = request;
  const command = desk.commands.find((candidate) => candidate.name === request.name);
  if (!command)
    return tellPrivately(desk, spot, `There is no command ${request.name} here. Try /slipway help.`);
  const reply = await command.run({
    text: request.text,
    person: { id: by.id, name: by.name, approves: by.rights.includes('approve') },
    longest: desk.longest,
    features: () => openFeatures(desk, by.id),
    rollouts: () => (command.urgent ? recentRollouts(desk) : openRollouts(desk, by.id)),
    here: request.here,
    queue: desk.engine.counts,
  });
  switch (reply.kind) {
    case 'tell':
      return tellPrivately(desk, spot, reply.text);
    case 'dialog':
      return trigger === undefined
        ? tellPrivately(desk, spot, 'Say what the feature should do, after my name.')
        : openAskDialog(desk, { trigger, words: reply.words, spot });
    case 'ask':
      return ask(desk, { source, words: reply.words, message, by, spot });
    case 'rollout':
      return doWish(desk, { id: reply.id, wish: reply.wish, by, spot });
    case 'start-rollout':
      return startRollout(desk, { ...reply, source, message, by, spot });
    case 'switch-off':
      return switchOffFlag(desk, { ...reply, by, spot });
    case 'halt-all':
      return haltAll(desk, { ...reply, by, spot });
  }
}

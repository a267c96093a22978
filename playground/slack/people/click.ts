import { warn } from '../messages.ts';
import type { Block, Ephemeral, Message, View } from '../model.ts';
import { wireMessage, wireView } from '../wire.ts';
import { nextTs, type World } from '../world.ts';
import { elementsOf, heldValue, stateOf, type Values } from './inputs.ts';
import { DONE, forgetWarnings, type Outcome } from './interactions.ts';
import { type Sender, wireChannelRef } from './sender.ts';

/** Uses one element of a message, modal or Home tab this person sees: `block_actions`. */
export async function sendClick(
  sender: Sender,
  request: {
    readonly user: string;
    readonly target: string;
    readonly actionId: string;
    readonly blockId?: string | undefined;
    readonly value?: string | readonly string[] | undefined;
    readonly values?: Values | undefined;
  },
): Promise<Outcome> {
  const { world } = sender;
  const { user, target, actionId, blockId, value, values } = request;
  const view = viewFor(world, user, target);
  const message = messageFor(world, user, target);
  const ephemeral = ephemeralFor(world, user, target);
  const blocks: readonly Block[] = (view ?? message ?? ephemeral)?.blocks ?? [];
  const placed = elementsOf(blocks).find(
    (each) => each.actionId === actionId && (blockId === undefined || each.block.block_id === blockId),
  );
  if (!placed) {
    const known = elementsOf(blocks).map((each) => each.actionId);
    throw new Error(
      `There is nothing with the action id "${actionId}" on ${target}. It has: ${known.join(', ') || 'nothing to click'}.`,
    );
  }
  const { element, block } = placed;
  const channel = (message ?? ephemeral)?.channel;
  const threadTs = (message ?? ephemeral)?.threadTs;
  const held = value === undefined ? {} : { [`${block.block_id}/${actionId}`]: value };
  const state = stateOf(blocks, { ...values, ...held });
  const payload = {
    ...sender.common(user, view?.id),
    type: 'block_actions',
    state: { values: state },
    actions: [
      {
        action_id: actionId,
        block_id: block.block_id,
        text: element.text,
        value: element.value,
        style: element.style,
        ...(heldValue(element, value) ?? { type: element.type }),
        action_ts: nextTs(),
      },
    ],
    ...(view
      ? {
          container: { type: 'view', view_id: view.id },
          view: wireView(world, view, state),
        }
      : {
          container: {
            type: 'message',
            message_ts: target,
            channel_id: channel,
            thread_ts: threadTs,
            is_ephemeral: ephemeral !== undefined,
          },
          channel: wireChannelRef(world, channel ?? ''),
          message: message && wireMessage(world, message, { metadata: true }),
          response_url: sender.responseUrl({ user, channel: channel ?? '', threadTs, messageTs: target }),
        }),
  };
  forgetWarnings(world, user, target);
  const answer = await sender.interact(payload);
  if (answer.kind === 'acknowledged') return DONE;
  const text = 'This app did not respond. Try again, or tell the people who run it.';
  warn(world, { user, target, actionId, text });
  return { kind: 'failed', text };
}

function viewFor(world: World, user: string, id: string): View | undefined {
  const home = world.homes.get(user);
  if (home?.id === id) return home;
  const view = world.views.get(id);
  return view?.user === user ? view : undefined;
}

function messageFor(world: World, user: string, ts: string): Message | undefined {
  const message = world.messages.get(ts);
  const channel = message && world.channels.get(message.channel);
  return channel?.members.includes(user) ? message : undefined;
}

function ephemeralFor(world: World, user: string, ts: string): Ephemeral | undefined {
  const ephemeral = world.ephemerals.get(ts);
  return ephemeral?.user === user ? ephemeral : undefined;
}

import { wireMessage } from '../wire.ts';
import { nextTs } from '../world.ts';
import { DONE, type Outcome, sayPrivately } from './interactions.ts';
import { type Sender, wireChannelRef } from './sender.ts';

/** Uses a shortcut from a message's menu, or a global one. */
export async function sendShortcut(
  sender: Sender,
  request: { readonly user: string; readonly callbackId: string; readonly messageTs?: string | undefined },
): Promise<Outcome> {
  const { world } = sender;
  const { user, callbackId, messageTs } = request;
  const shortcut = world.setup.app.shortcuts.find((each) => each.callbackId === callbackId);
  if (!shortcut) {
    const known = world.setup.app.shortcuts.map((each) => each.callbackId);
    throw new Error(`The app has no shortcut "${callbackId}". It has: ${known.join(', ') || 'none'}.`);
  }
  const message = messageTs === undefined ? undefined : world.messages.get(messageTs);
  if (shortcut.kind === 'message' && !message) {
    throw new Error(`The shortcut "${callbackId}" needs a message; there is none at ${messageTs}.`);
  }
  const answer = await sender.interact({
    ...sender.common(user),
    type: message ? 'message_action' : 'shortcut',
    callback_id: callbackId,
    action_ts: nextTs(),
    ...(message
      ? {
          channel: wireChannelRef(world, message.channel),
          message_ts: message.ts,
          message: wireMessage(world, message),
          response_url: sender.responseUrl({
            user,
            channel: message.channel,
            threadTs: message.threadTs,
            messageTs: undefined,
          }),
        }
      : {}),
  });
  if (answer.kind === 'acknowledged') return DONE;
  const text = `“${shortcut.name}” failed because the app did not respond`;
  if (!message) return { kind: 'failed', text };
  return sayPrivately(world, { user, channel: message.channel, threadTs: message.threadTs, text });
}

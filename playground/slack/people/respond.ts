import { z } from 'zod';
import type { ResponseTarget } from '../limits/expiring.ts';
import { addEphemeral, addMessage, editMessage, recordPost, removeMessage } from '../messages.ts';
import { Refusal } from '../refusal.ts';
import { createArgs } from '../web-api/args.ts';
import { requireContent } from '../web-api/content.ts';
import { announce, type World } from '../world.ts';

const responseSchema = z.looseObject({
  response_type: z.enum(['ephemeral', 'in_channel']).default('ephemeral'),
  replace_original: z.boolean().default(false),
  delete_original: z.boolean().default(false),
  thread_ts: z.string().optional(),
});

/** Does what a response URL, or the answer to a slash command, asks: a message for one person or all, a replacement, a deletion. */
export function respond(world: World, target: ResponseTarget, body: Readonly<Record<string, unknown>>): void {
  const read = responseSchema.safeParse(body);
  if (!read.success) throw new Refusal('invalid_payload');
  const response = read.data;
  const original = target.messageTs;
  if (response.delete_original && original !== undefined) {
    removeOriginal(world, original);
    return;
  }
  const content = requireContent(createArgs(body));
  if (response.replace_original && original !== undefined) {
    const message = world.messages.get(original);
    const ephemeral = world.ephemerals.get(original);
    const changes = { text: content.text ?? '', blocks: content.blocks };
    if (message) editMessage(world, message, changes);
    if (ephemeral) {
      const replaced = { ...ephemeral, ...changes };
      world.ephemerals.set(original, replaced);
      announce(world, { kind: 'ephemeral', ephemeral: replaced });
    }
    return;
  }
  const place = {
    channel: target.channel,
    threadTs: response.thread_ts ?? target.threadTs,
    text: content.text ?? '',
    blocks: content.blocks,
  };
  const bot = world.setup.credentials.botUserId;
  const posted =
    response.response_type === 'in_channel'
      ? addMessage(world, { ...place, user: bot, byBot: true, metadata: content.metadata })
      : addEphemeral(world, { ...place, user: target.user, from: bot });
  recordPost(world, 'response_url', posted);
}

function removeOriginal(world: World, ts: string): void {
  const message = world.messages.get(ts);
  if (message) removeMessage(world, message);
  if (world.ephemerals.delete(ts)) announce(world, { kind: 'other' });
}

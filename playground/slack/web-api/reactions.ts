import { setReaction } from '../messages.ts';
import { Refusal } from '../refusal.ts';
import { wireMessage } from '../wire.ts';
import type { World } from '../world.ts';
import type { Args } from './args.ts';
import { joinedChannel, type Method, messageIn } from './method.ts';

/** Different reactions one message can carry. */
const MOST_KINDS = 23;

function readTarget(args: Args, world: World) {
  const name = args.need('name', 'invalid_name').replace(/^:|:$/g, '');
  if (!/^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/.test(name)) throw new Refusal('invalid_name');
  const channel = joinedChannel(world, args);
  const message = messageIn(world, channel, args.need('timestamp', 'no_item_specified'));
  return { message, name, user: world.setup.credentials.botUserId };
}

const add: Method = {
  scopes: ['reactions:write'],
  token: 'bot',
  run(args, { world }) {
    const target = readTarget(args, world);
    const kinds = target.message.reactions.map((reaction) => reaction.name);
    if (kinds.length >= MOST_KINDS && !kinds.includes(target.name)) throw new Refusal('too_many_emoji');
    if (!setReaction(world, { ...target, present: true })) throw new Refusal('already_reacted');
    return {};
  },
};

const remove: Method = {
  scopes: ['reactions:write'],
  token: 'bot',
  run(args, { world }) {
    if (!setReaction(world, { ...readTarget(args, world), present: false })) throw new Refusal('no_reaction');
    return {};
  },
};

const get: Method = {
  scopes: ['reactions:read'],
  token: 'bot',
  run(args, { world }) {
    const channel = joinedChannel(world, args);
    const message = messageIn(world, channel, args.need('timestamp', 'no_item_specified'));
    return { type: 'message', channel: channel.id, message: wireMessage(world, message) };
  },
};

/** https://docs.slack.dev/reference/methods?family=reactions */
export const reactionMethods: Readonly<Record<string, Method>> = {
  'reactions.add': add,
  'reactions.remove': remove,
  'reactions.get': get,
};

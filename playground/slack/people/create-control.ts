import type { Control } from '../control.ts';
import type { Events } from '../delivery/events.ts';
import type { Faults } from '../faults.ts';
import { addMessage, setReaction } from '../messages.ts';
import { modalsOf } from '../modals.ts';
import type { Channel } from '../model.ts';
import type { Context } from '../web-api/method.ts';
import { announce, findChannel, openIm, type World } from '../world.ts';
import { sendClick } from './click.ts';
import { sendCommand } from './command.ts';
import { sayPrivately } from './interactions.ts';
import { closeModal, submitModal } from './modal.ts';
import type { Sender } from './sender.ts';
import { sendShortcut } from './shortcut.ts';
import { storedText } from './typed.ts';

/** The far side of `Requests`: what each of them does to this workspace. */
export function createControl(parts: {
  readonly context: Context;
  readonly sender: Sender;
  readonly events: Events;
  readonly faults: Faults;
}): Control {
  const { context, sender, events, faults } = parts;
  const { world, sockets } = context;
  const { credentials, app, team, userGroups } = world.setup;

  return {
    post(request) {
      const channel = ownChannel(world, request.as, request.channel);
      const parent = request.thread === undefined ? undefined : world.messages.get(request.thread);
      if (request.thread !== undefined && parent?.channel !== channel.id) {
        throw new Error(`There is no message ${request.thread} in #${channel.name} to reply to.`);
      }
      const message = addMessage(world, {
        channel: channel.id,
        user: request.as,
        byBot: false,
        text: storedText(world, request.text),
        threadTs: parent && (parent.threadTs ?? parent.ts),
      });
      const unheard = !channel.members.includes(credentials.botUserId);
      if (unheard && message.text.includes(`<@${credentials.botUserId}>`)) {
        sayPrivately(world, {
          user: request.as,
          channel: channel.id,
          threadTs: message.threadTs,
          text: `You mentioned <@${credentials.botUserId}>, but they’re not in this channel.`,
        });
      }
      return { channel: channel.id, ts: message.ts };
    },

    async command({ as, channel: name, words, thread }) {
      const channel = ownChannel(world, as, name);
      const [command = '', ...rest] = words.trim().split(/\s+(.*)/s);
      const place = { user: as, channel: channel.id, threadTs: thread };
      const known = app.commands.find((each) => each.command === command);
      if (!known) return sayPrivately(world, { ...place, text: `${command} is not a valid command.` });
      if (thread !== undefined) {
        return sayPrivately(world, { ...place, text: `${command} is not supported in threads. Sorry!` });
      }
      const typed = rest.join('').trim();
      const text = known.shouldEscape ? withNames(world, storedText(world, typed)) : typed;
      return sendCommand(sender, { user: as, channel, command, text });
    },

    click: ({ as, ...request }) => sendClick(sender, { user: known(world, as), ...request }),
    submit: ({ as, values }) => submitModal(sender, { user: known(world, as), values }),
    closeModal: ({ as, all }) => closeModal(sender, { user: known(world, as), all }),
    shortcut: ({ as, ...request }) => sendShortcut(sender, { user: known(world, as), ...request }),

    openHome({ as, tab }) {
      const channel = openIm(world, known(world, as)).id;
      events.homeOpened(as, channel, tab);
      return { channel };
    },

    react({ as, messageTs, name, present }) {
      const message = world.messages.get(messageTs);
      if (!message) throw new Error(`There is no message ${messageTs} to react to.`);
      return { changed: setReaction(world, { message, user: known(world, as), name, present }) };
    },

    dismiss({ as, ts }) {
      const changed = world.ephemerals.get(ts)?.user === as && world.ephemerals.delete(ts);
      if (changed) announce(world, { kind: 'other' });
      return { changed };
    },

    sight: () => ({
      url: world.url,
      team,
      app: {
        name: app.name,
        botUserId: credentials.botUserId,
        commands: app.commands,
        shortcuts: app.shortcuts,
      },
      users: [...world.users.values()],
      userGroups,
      channels: [...world.channels.values()],
      messages: [...world.messages.values()],
      ephemerals: [...world.ephemerals.values()],
      modals: Object.fromEntries([...world.stacks.keys()].map((user) => [user, modalsOf(world, user)])),
      homes: Object.fromEntries(world.homes),
      warnings: [...world.warnings],
    }),
    log: () => ({
      posts: [...world.posts],
      duplicates: world.posts.filter((post) => post.duplicateOf !== undefined).length,
    }),
    calls: () => [...world.calls],
    sockets: () => sockets.sockets(),

    fault(request) {
      faults.plan(request);
      return { planned: request.times };
    },
    dropAcks({ count }) {
      sockets.dropAcks(count);
      return { planned: count };
    },
    refresh: (request) => ({ told: sockets.refresh(request) }),
  };
}

function known(world: World, user: string): string {
  if (world.users.has(user)) return user;
  throw new Error(
    `There is no person ${user} in this workspace. There are: ${[...world.users.keys()].join(', ')}.`,
  );
}

/** Commands name people as `<@U1|ana>`, messages as `<@U1>`. */
function withNames(world: World, text: string): string {
  return text.replace(/<@(\w+)>/g, (all, id: string) => {
    const user = world.users.get(id);
    return user ? `<@${id}|${user.name}>` : all;
  });
}

/** A conversation this person is in. `@` and the app's name is their direct message with the app. */
function ownChannel(world: World, user: string, name: string): Channel {
  known(world, user);
  const bot = world.users.get(world.setup.credentials.botUserId);
  const channel = [`@${bot?.name}`, bot?.id].includes(name) ? openIm(world, user) : findChannel(world, name);
  if (!channel) throw new Error(`There is no conversation "${name}" in this workspace.`);
  if (!channel.members.includes(user)) throw new Error(`${user} is not a member of #${channel.name}.`);
  return channel;
}

import type { Carrier } from '../delivery/envelope.ts';
import { acceptView } from '../limits/views.ts';
import { addEphemeral, warn } from '../messages.ts';
import { closeAll, closeTop, modalsOf, openModal, replaceView } from '../modals.ts';
import { type Block, type Channel, SLACKBOT, type View } from '../model.ts';
import { Refusal } from '../refusal.ts';
import type { Context } from '../web-api/method.ts';
import { channelName, wireActor, wireMessage, wireView } from '../wire.ts';
import { nextTs, type World } from '../world.ts';
import { elementsOf, formProblems, heldValue, stateOf, type Values } from './inputs.ts';
import { respond } from './respond.ts';

/** How it went, as the person sees it. */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly text: string }
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> };

const DONE: Outcome = { kind: 'done' };

export type Interactions = {
  command(request: { user: string; channel: Channel; command: string; text: string }): Promise<Outcome>;
  click(request: {
    user: string;
    target: string;
    actionId: string;
    blockId?: string | undefined;
    value?: string | readonly string[] | undefined;
    values?: Values | undefined;
  }): Promise<Outcome>;
  submit(request: { user: string; values: Values }): Promise<Outcome>;
  closeModal(request: { user: string; all: boolean }): Promise<Outcome>;
  shortcut(request: { user: string; callbackId: string; messageTs?: string | undefined }): Promise<Outcome>;
};

/** Everything a person does that Slack sends to the app and waits three seconds for. */
export function createInteractions(context: Context, deliver: Carrier): Interactions {
  const { world, triggers, responseUrls } = context;
  const { setup } = world;

  const common = (user: string, viewId?: string) => ({
    token: 'playground-verification-token',
    api_app_id: setup.credentials.appId,
    team: { id: setup.team.id, domain: setup.team.domain },
    user: wireActor(world, user),
    enterprise: null,
    is_enterprise_install: false,
    trigger_id: triggers.issue({ user, viewId }),
  });
  const responseUrl = (target: Parameters<typeof responseUrls.issue>[0]) =>
    `${world.url}/response/${responseUrls.issue(target)}`;
  const interact = (payload: Readonly<Record<string, unknown>>) =>
    deliver({ type: 'interactive', payload, retry: undefined });

  const viewOf = (user: string, id: string): View | undefined => {
    const home = world.homes.get(user);
    return home?.id === id ? home : world.views.get(id);
  };

  return {
    async command({ user, channel, command, text }) {
      const target = { user, channel: channel.id, threadTs: undefined, messageTs: undefined };
      const answer = await deliver({
        type: 'slash_commands',
        retry: undefined,
        payload: {
          token: 'playground-verification-token',
          team_id: setup.team.id,
          team_domain: setup.team.domain,
          channel_id: channel.id,
          channel_name: channelName(channel),
          user_id: user,
          user_name: world.users.get(user)?.name,
          command,
          text,
          api_app_id: setup.credentials.appId,
          is_enterprise_install: 'false',
          response_url: responseUrl(target),
          trigger_id: triggers.issue({ user, viewId: undefined }),
        },
      });
      if (answer.kind === 'failed') {
        return sayPrivately(world, { ...target, text: `${command} failed because the app did not respond` });
      }
      if (Object.keys(answer.payload).length === 0) return DONE;
      try {
        respond(world, target, answer.payload);
        return DONE;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return sayPrivately(world, { ...target, text: `${command} failed with the error "${error.code}"` });
      }
    },

    async click({ user, target, actionId, blockId, value, values }) {
      const view = viewOf(user, target);
      const message = world.messages.get(target);
      const ephemeral = world.ephemerals.get(target);
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
      const held = value === undefined ? {} : { [actionId]: value };
      const payload = {
        ...common(user, view?.id),
        type: 'block_actions',
        state: { values: stateOf(blocks, { ...values, ...held }) },
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
              view: wireView(world, view, stateOf(blocks, { ...values, ...held })),
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
              response_url: responseUrl({ user, channel: channel ?? '', threadTs, messageTs: target }),
            }),
      };
      forgetWarnings(world, user, target);
      const answer = await interact(payload);
      if (answer.kind === 'acknowledged') return DONE;
      const text = 'This app did not respond. Try again, or tell the people who run it.';
      warn(world, { user, target, actionId, text });
      return { kind: 'failed', text };
    },

    async submit({ user, values }) {
      const view = modalsOf(world, user).at(-1);
      if (!view) throw new Error(`${user} has no open modal to submit.`);
      const state = stateOf(view.blocks, values);
      const problems = formProblems(view.blocks, state);
      if (Object.keys(problems).length > 0) return { kind: 'errors', errors: problems };
      forgetWarnings(world, user, view.id);
      const answer = await interact({
        ...common(user, view.id),
        type: 'view_submission',
        view: wireView(world, view, state),
        response_urls: [],
      });
      const failed = (): Outcome => {
        const text = 'We had some trouble connecting. Try again?';
        warn(world, { user, target: view.id, actionId: undefined, text });
        return { kind: 'failed', text };
      };
      if (answer.kind === 'failed') return failed();
      try {
        return follow(world, view, answer.payload);
      } catch (error) {
        if (error instanceof Refusal) return failed();
        throw error;
      }
    },

    async closeModal({ user, all }) {
      const view = modalsOf(world, user).at(-1);
      if (!view) return DONE;
      if (all || view.clearOnClose) closeAll(world, user);
      else closeTop(world, user);
      if (view.notifyOnClose) {
        await interact({
          ...common(user),
          type: 'view_closed',
          view: wireView(world, view),
          is_cleared: all || view.clearOnClose,
        });
      }
      return DONE;
    },

    async shortcut({ user, callbackId, messageTs }) {
      const shortcut = setup.app.shortcuts.find((each) => each.callbackId === callbackId);
      if (!shortcut) {
        const known = setup.app.shortcuts.map((each) => each.callbackId);
        throw new Error(`The app has no shortcut "${callbackId}". It has: ${known.join(', ') || 'none'}.`);
      }
      const message = messageTs === undefined ? undefined : world.messages.get(messageTs);
      if (shortcut.kind === 'message' && !message) {
        throw new Error(`The shortcut "${callbackId}" needs a message; there is none at ${messageTs}.`);
      }
      const answer = await interact({
        ...common(user),
        type: message ? 'message_action' : 'shortcut',
        callback_id: callbackId,
        action_ts: nextTs(),
        ...(message
          ? {
              channel: wireChannelRef(world, message.channel),
              message_ts: message.ts,
              message: wireMessage(world, message),
              response_url: responseUrl({
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
    },
  };
}

/** What the app answered to a submitted form: https://docs.slack.dev/surfaces/modals#response_actions. */
function follow(world: World, view: View, payload: Readonly<Record<string, unknown>>): Outcome {
  switch (payload.response_action) {
    case undefined:
      closeTop(world, view.user);
      return DONE;
    case 'clear':
      closeAll(world, view.user);
      return DONE;
    case 'update':
      replaceView(world, view, acceptView(payload.view, 'modal'));
      return DONE;
    case 'push':
      openModal(world, { ...acceptView(payload.view, 'modal'), user: view.user });
      return DONE;
    case 'errors': {
      const inputs = new Set(
        view.blocks.filter((block) => block.type === 'input').map((block) => block.block_id),
      );
      const errors = Object.entries(payload.errors ?? {}).map(([id, text]) => [id, String(text)] as const);
      if (errors.length === 0 || errors.some(([id]) => !inputs.has(id))) {
        throw new Refusal('invalid_response_action');
      }
      return { kind: 'errors', errors: Object.fromEntries(errors) };
    }
    default:
      throw new Refusal('invalid_response_action');
  }
}

/** Slackbot tells one person something. */
export function sayPrivately(
  world: World,
  notice: {
    readonly user: string;
    readonly channel: string;
    readonly threadTs: string | undefined;
    readonly text: string;
  },
): Outcome {
  const { user, channel, threadTs, text } = notice;
  addEphemeral(world, { user, channel, threadTs, text, from: SLACKBOT, blocks: undefined });
  return { kind: 'failed', text };
}

function forgetWarnings(world: World, user: string, target: string): void {
  const kept = world.warnings.filter((warning) => warning.user !== user || warning.target !== target);
  world.warnings.splice(0, world.warnings.length, ...kept);
}

function wireChannelRef(world: World, id: string) {
  const channel = world.channels.get(id);
  return { id, name: channel ? channelName(channel) : '' };
}

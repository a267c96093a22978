import { ErrorCode, type WebClient } from '@slack/web-api';
import type { FeatureState, Mark } from '../domain/feature/state.ts';
import { threadOf } from '../domain/feature/state.ts';
import { GiveUp, sentenceOf, TryAgain } from '../errors.ts';
import type { Chat } from '../ports.ts';
import { createRedactor } from '../secrets/index.ts';
import { viewOf } from './views/index.ts';
import { withoutSecrets } from './without-secrets.ts';

const event = 'slipway_message';

/** Our state reactions by the names Slack has for them. */
const markNames: Readonly<Record<Mark, string>> = {
  received: 'eyes',
  running: 'hourglass_flowing_sand',
  done: 'white_check_mark',
  failed: 'x',
};

const marks: readonly Mark[] = ['received', 'running', 'done', 'failed'];

export type OutboxOptions = {
  /** No retries and a time-out: the queue repeats, and posting twice is worse than late. */
  readonly client: Pick<WebClient, 'chat' | 'conversations' | 'reactions'>;
  readonly webUrl: string | undefined;
  /** Values of the configuration that must never leave. */
  readonly secrets: readonly string[];
  /** People who may approve, to be asked by name. */
  readonly approvers: () => Promise<readonly string[]>;
};

/** The thread as a `Chat` door: each message carries its key, so that a retry finds what was already posted. */
export function createOutbox(options: OutboxOptions): Chat {
  const { client } = options;
  const redactor = createRedactor({ known: options.secrets });

  /** The message with this key, when a try that was cut short had posted it. */
  const find = async (place: { channel: string; thread: string | undefined; since: string }, key: string) => {
    const { channel, thread, since } = place;
    // The clocks of Slack and of this machine may differ by a little.
    const oldest = String(new Date(since).getTime() / 1000 - 60);
    let cursor: string | undefined;
    do {
      const page = { channel, oldest, include_all_metadata: true, limit: 200, ...(cursor && { cursor }) };
      const { messages = [], response_metadata } = thread
        ? await client.conversations.replies({ ...page, ts: thread })
        : await client.conversations.history(page);
      const found = messages.find(({ metadata }) => {
        const payload: { readonly key?: unknown } = metadata?.event_payload ?? {};
        return metadata?.event_type === event && payload.key === key;
      });
      if (found?.ts !== undefined) return found.ts;
      cursor = response_metadata?.next_cursor || undefined;
    } while (cursor !== undefined);
    return undefined;
  };

  return {
    async tell(state, messageKey, { again }) {
      const { request } = state;
      const message = state.messages.find((candidate) => candidate.key === messageKey);
      if (!request || !message)
        throw new GiveUp(`Drawing ${messageKey} of ${state.id}: there is no such message.`);
      const { channel } = request;
      const approvers = await options.approvers();
      const drawn = viewOf(state, messageKey, {
        approvers,
        ...(options.webUrl && { webUrl: options.webUrl }),
      });
      const view = await withoutSecrets(drawn, redactor);
      const key = `${state.id}/${messageKey}`;
      const content = {
        text: view.text,
        blocks: [...view.blocks],
        metadata: { event_type: event, event_payload: { key, version: message.version } },
        unfurl_links: false,
        unfurl_media: false,
        parse: 'none' as const,
      };
      return calling(`drawing ${messageKey} of ${state.id} in ${channel}`, async () => {
        const thread = message.about.kind === 'root' ? undefined : neededThread(state, messageKey);
        const place = { channel, thread, since: request.at };
        const ts = message.ts ?? (again ? await find(place, key) : undefined);
        if (ts !== undefined) {
          if (await redrawn(client.chat.update({ ...content, channel, ts }))) return { ts };
          // Somebody deleted it. Only what a person needs, to press a button, is posted once more.
          if (!view.blocks.some((block) => block.type === 'actions')) return { ts };
          const posted = again ? await find(place, key) : undefined;
          if (posted !== undefined) return { ts: posted };
        }
        const posted = await client.chat.postMessage({
          ...content,
          channel,
          ...(thread !== undefined && { thread_ts: thread }),
        });
        if (!posted.ts) throw new TryAgain(`Posting ${messageKey} of ${state.id}: Slack gave no timestamp.`);
        return { ts: posted.ts };
      });
    },

    async linkTo({ channel, ts }) {
      const { permalink } = await calling(`asking for the address of ${ts} in ${channel}`, () =>
        client.chat.getPermalink({ channel, message_ts: ts }),
      );
      if (!permalink) throw new TryAgain(`Asking for the address of ${ts} in ${channel}: Slack gave none.`);
      return permalink;
    },

    async mark({ channel, ts }, { from, to }) {
      const remove = (mark: Mark) =>
        unless(
          ['no_reaction', 'message_not_found', 'bad_timestamp'],
          client.reactions.remove({ channel, timestamp: ts, name: markNames[mark] }),
        );
      await calling(`marking the message ${ts} in ${channel}`, async () => {
        if (to !== undefined) {
          await unless(
            ['already_reacted', 'message_not_found', 'bad_timestamp'],
            client.reactions.add({ channel, timestamp: ts, name: markNames[to] }),
          );
        }
        // A try that was cut short may have left another one than `from`, so all others go; on a new message there are none.
        if (from === undefined && to === 'received') return;
        for (const mark of marks) if (mark !== to) await remove(mark);
      });
    },
  };
}

/** False when the message is gone, or is none that can be edited any more. */
async function redrawn(update: Promise<unknown>): Promise<boolean> {
  try {
    await update;
    return true;
  } catch (error) {
    if (['message_not_found', 'cant_update_message', 'edit_window_closed'].includes(errorCode(error) ?? ''))
      return false;
    throw error;
  }
}

function neededThread(state: FeatureState, messageKey: string): string {
  const thread = threadOf(state);
  if (thread === undefined)
    throw new TryAgain(`Posting ${messageKey} of ${state.id}: its thread is not there yet.`);
  return thread;
}

async function unless(codes: readonly string[], call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!codes.includes(errorCode(error) ?? '')) throw error;
  });
}

/** The error code of a Slack platform error, for example `channel_not_found`. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== ErrorCode.PlatformError)
    return undefined;
  const data = 'data' in error ? error.data : undefined;
  return typeof data === 'object' && data !== null && 'error' in data ? String(data.error) : undefined;
}

const remedies: Readonly<Record<string, string>> = {
  channel_not_found: 'The channel does not exist, or the bot cannot see it. Invite the bot with /invite.',
  not_in_channel: 'The bot is not in the channel. Invite it with /invite.',
  is_archived: 'The channel is archived. Unarchive it, or ask again in another one.',
  message_not_found: 'A person deleted the message.',
  cant_update_message: 'The message belongs to somebody else.',
  restricted_action: 'Posting in this channel is restricted. Ask an administrator of the workspace.',
  invalid_auth: 'The bot token is not valid. Put a new one in SLACK_BOT_TOKEN.',
  token_revoked: 'The bot token was revoked. Install the app again and put the new token in SLACK_BOT_TOKEN.',
  account_inactive: 'The bot was removed from the workspace. Install the app again.',
  missing_scope: 'The app lacks a scope. Compare its scopes with manifest.yml and install it again.',
};

/** Turns what Slack answers into "try again" or "give up". */
export async function calling<Result>(what: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw translated(what, error);
  }
}

/** What Slack answered as a `TryAgain` or `GiveUp`. */
export function translated(what: string, error: unknown): Error {
  if (error instanceof TryAgain || error instanceof GiveUp) return error;
  const doing = what.charAt(0).toUpperCase() + what.slice(1);
  if (error instanceof Error && 'retryAfter' in error && typeof error.retryAfter === 'number') {
    const afterMs = error.retryAfter * 1000;
    return new TryAgain(`${doing}: Slack asks to wait ${error.retryAfter} s.`, { afterMs, cause: error });
  }
  const code = errorCode(error);
  if (code === undefined)
    return new TryAgain(`${doing}: Slack did not answer (${sentenceOf(error)}).`, { cause: error });
  if (
    ['internal_error', 'fatal_error', 'request_timeout', 'service_unavailable', 'ratelimited'].includes(code)
  ) {
    return new TryAgain(`${doing}: Slack answered ${code}.`, { cause: error });
  }
  return new GiveUp(
    `${doing}: Slack answered ${code}. ${remedies[code] ?? 'Look the code up in the documentation of the Slack Web API.'}`,
    {
      cause: error,
    },
  );
}

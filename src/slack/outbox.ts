import type { WebClient } from '@slack/web-api';
import type { Mark } from '../domain/feature/state.ts';
import { TryAgain } from '../errors.ts';
import type { Chat } from '../ports.ts';
import { createRedactor } from '../secrets/index.ts';
import { calling, errorCode } from './calling.ts';
import { type Subject, subjectOf } from './subject.ts';
import { type MessageView, rolloutViewOf, viewOf } from './views/index.ts';
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
  /** People on call now, to be told of a halt. */
  readonly onCall?: () => Promise<readonly string[]>;
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

  const draw = async ({ told }: Subject, key: string): Promise<MessageView> => {
    const pages = options.webUrl === undefined ? {} : { webUrl: options.webUrl };
    switch (told.kind) {
      case 'feature':
        return viewOf(told.state, key, { approvers: await options.approvers(), ...pages });
      case 'rollout':
        return rolloutViewOf(told.state, key, { onCall: (await options.onCall?.()) ?? [], ...pages });
    }
  };

  return {
    async tell(told, messageKey, { again }) {
      const subject = subjectOf(told, messageKey);
      const { id, channel, message } = subject;
      const view = await withoutSecrets(await draw(subject, messageKey), redactor);
      const key = `${id}/${messageKey}`;
      const content = {
        text: view.text,
        blocks: [...view.blocks],
        metadata: { event_type: event, event_payload: { key, version: message.version } },
        unfurl_links: false,
        unfurl_media: false,
        parse: 'none' as const,
      };
      return calling(`drawing ${messageKey} of ${id} in ${channel}`, async () => {
        const thread = subject.opens ? undefined : neededThread(subject, messageKey);
        const place = { channel, thread, since: subject.since };
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
        if (!posted.ts) throw new TryAgain(`Posting ${messageKey} of ${id}: Slack gave no timestamp.`);
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

function neededThread({ id, thread }: Subject, messageKey: string): string {
  if (thread === undefined)
    throw new TryAgain(`Posting ${messageKey} of ${id}: its thread is not there yet.`);
  return thread;
}

async function unless(codes: readonly string[], call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!codes.includes(errorCode(error) ?? '')) throw error;
  });
}

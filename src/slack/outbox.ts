import type { WebClient } from '@slack/web-api';
import type { Mark } from '../domain/feature/state.ts';
import type { Tick } from '../domain/rollout/reading.ts';
import { TryAgain } from '../errors.ts';
import type { Chat } from '../ports.ts';
import { createRedactor } from '../secrets/index.ts';
import { calling, errorCode } from './calling.ts';
import { createHaltCharts, type HaltChart, whenPictureIsReady } from './halt-charts.ts';
import { findPosted, messageEvent } from './posted.ts';
import { type Subject, subjectOf } from './subject.ts';
import { type MessageView, rolloutViewOf, viewOf } from './views/index.ts';
import { withoutSecrets } from './without-secrets.ts';

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
  readonly client: Pick<WebClient, 'chat' | 'conversations' | 'files' | 'reactions'>;
  readonly webUrl: string | undefined;
  /** Values of the configuration that must never leave. */
  readonly secrets: readonly string[];
  /** People who may approve, to be asked by name. */
  readonly approvers: () => Promise<readonly string[]>;
  /** People on call now, to be told of a halt. */
  readonly onCall: () => Promise<readonly string[]>;
  /** What was seen of a rollout so far, oldest first, to draw its chart. */
  readonly ticksOf: (id: string) => Promise<readonly Tick[]>;
};

/** The thread as a `Chat` door: each message carries its key, so that a retry finds what was already posted. */
export function createOutbox(options: OutboxOptions): Chat {
  const { client } = options;
  const redactor = createRedactor({ known: options.secrets });

  const pages = options.webUrl === undefined ? {} : { webUrl: options.webUrl };
  const charts = createHaltCharts({ client, ticksOf: options.ticksOf });
  /** A halt is told also when nobody knows who is on call; once more is asked after a passing trouble. */
  const called = async (again: boolean): Promise<readonly string[]> => {
    try {
      return await options.onCall();
    } catch (error) {
      if (error instanceof TryAgain && !again) throw error;
      return [];
    }
  };
  const draw = async (
    { told, shows }: Subject,
    key: string,
    more: { readonly again: boolean; readonly chart: HaltChart | undefined },
  ): Promise<MessageView> => {
    const { again, chart } = more;
    switch (told.kind) {
      case 'feature':
        return viewOf(told.state, key, { approvers: await options.approvers(), ...pages });
      case 'rollout':
        return rolloutViewOf(told.state, key, {
          ...(shows === 'halt' && { onCall: await called(again) }),
          ...(chart && { chart }),
          ...pages,
        });
    }
  };

  return {
    async tell(told, messageKey, { again }) {
      const subject = subjectOf(told, messageKey);
      const { id, channel, message } = subject;
      const key = `${id}/${messageKey}`;
      const thread = subject.opens ? undefined : neededThread(subject, messageKey);
      const place = { channel, thread, since: subject.since };
      const find = () => findPosted(client, place, key);

      const write = async (chart: HaltChart | undefined) => {
        const view = await withoutSecrets(await draw(subject, messageKey, { again, chart }), redactor);
        const file = chart && 'file' in chart ? { chart: chart.file } : {};
        const content = {
          text: view.text,
          blocks: [...view.blocks],
          metadata: { event_type: messageEvent, event_payload: { key, version: message.version, ...file } },
          unfurl_links: false,
          unfurl_media: false,
          parse: 'none' as const,
        };
        const ts = message.ts ?? (again ? (await find())?.ts : undefined);
        if (ts !== undefined) {
          if (await redrawn(client.chat.update({ ...content, channel, ts }))) return { ts };
          // Somebody deleted it. Only what a person needs, to press a button, is posted once more.
          if (!view.blocks.some((block) => block.type === 'actions')) return { ts };
          const posted = again ? await find() : undefined;
          if (posted !== undefined) return { ts: posted.ts };
        }
        const posted = await client.chat.postMessage({
          ...content,
          channel,
          ...(thread !== undefined && { thread_ts: thread }),
        });
        if (!posted.ts) throw new TryAgain(`Posting ${messageKey} of ${id}: Slack gave no timestamp.`);
        return { ts: posted.ts };
      };

      const chart =
        told.kind === 'rollout' && subject.shows === 'halt'
          ? await charts.of(told.state, key, async () =>
              again || message.ts !== undefined ? (await find())?.chart : undefined,
            )
          : undefined;
      return calling(`drawing ${messageKey} of ${id} in ${channel}`, () =>
        chart && 'file' in chart ? whenPictureIsReady(write, chart) : write(chart),
      );
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

import { z } from 'zod';
import type { View } from '../model.ts';
import { Refusal } from '../refusal.ts';
import { freshId } from '../world.ts';
import { acceptBlocks } from './blocks.ts';
import { plain } from './elements.ts';
import { slackSentence } from './slack-sentence.ts';

const shared = {
  blocks: z.array(z.unknown()),
  private_metadata: z.string().max(3_000).default(''),
  callback_id: z.string().max(255).default(''),
  external_id: z.string().max(255).default(''),
};
const view = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('home'), ...shared }),
  z.strictObject({
    type: z.literal('modal'),
    ...shared,
    title: plain(24),
    submit: plain(24).optional(),
    close: plain(24).optional(),
    clear_on_close: z.boolean().default(false),
    notify_on_close: z.boolean().default(false),
    submit_disabled: z.boolean().optional(),
  }),
]);

/** How many characters of JSON a whole view may have. */
const VIEW_CHARACTERS = 250_000;

export type AcceptedView = Pick<
  View,
  | 'type'
  | 'callbackId'
  | 'externalId'
  | 'privateMetadata'
  | 'title'
  | 'submit'
  | 'close'
  | 'blocks'
  | 'clearOnClose'
  | 'notifyOnClose'
  | 'hash'
>;

/** A view as Slack would store it, or a refusal (`invalid_arguments`, `view_too_large`) with Slack's messages. */
export function acceptView(given: unknown, type: View['type']): AcceptedView {
  const read = view.safeParse(given, { error: slackSentence });
  if (!read.success) {
    throw invalid(
      read.error.issues.map(
        (issue) =>
          `${issue.message} [json-pointer:/view${issue.path.map((step) => `/${String(step)}`).join('')}]`,
      ),
    );
  }
  if (read.data.type !== type) throw invalid([`unsupported view type: ${read.data.type}`]);
  if (JSON.stringify(given).length > VIEW_CHARACTERS) throw new Refusal('view_too_large');
  const blocks = acceptBlocks(read.data.blocks, { surface: 'view', pointer: '/view/blocks' });
  const modal = read.data.type === 'modal' ? read.data : undefined;
  if (modal && modal.submit === undefined && blocks.some((block) => block.type === 'input')) {
    throw invalid(['missing required field: submit [json-pointer:/view]']);
  }
  return {
    type,
    callbackId: read.data.callback_id,
    externalId: read.data.external_id,
    privateMetadata: read.data.private_metadata,
    title: plainText(modal?.title),
    submit: plainText(modal?.submit),
    close: plainText(modal?.close),
    blocks,
    clearOnClose: modal?.clear_on_close ?? false,
    notifyOnClose: modal?.notify_on_close ?? false,
    hash: `${Math.floor(Date.now() / 1_000)}.${freshId('').toLowerCase()}`,
  };
}

function plainText(given: { readonly text: string } | undefined): View['title'] {
  return given && { type: 'plain_text', text: given.text, emoji: true };
}

function invalid(messages: readonly string[]): Refusal {
  return new Refusal('invalid_arguments', {
    response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
  });
}

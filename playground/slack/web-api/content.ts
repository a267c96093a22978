import { z } from 'zod';
import { acceptBlocks } from '../limits/blocks.ts';
import type { Block, Metadata } from '../model.ts';
import { Refusal } from '../refusal.ts';
import type { Args } from './args.ts';

const MOST_TEXT = 40_000;
const metadataSchema = z.strictObject({
  event_type: z.string().min(1),
  event_payload: z.record(z.string(), z.unknown()),
});

/** What a message says; undefined is "not given", which an edit keeps. */
export type Content = {
  readonly text: string | undefined;
  readonly blocks: readonly Block[] | undefined;
  readonly metadata: Metadata | undefined;
};

/** Reads and checks text, blocks, `markdown_text` and metadata, with Slack's errors for each. */
export function readContent(args: Args): Content {
  const text = args.text('text');
  if (text !== undefined && text.length > MOST_TEXT) throw new Refusal('msg_too_long');
  const given = args.json('blocks', 'invalid_blocks_format');
  if (given !== undefined && !Array.isArray(given)) throw new Refusal('invalid_blocks_format');
  const markdown = args.text('markdown_text');
  if (markdown !== undefined && (given !== undefined || text !== undefined)) {
    throw new Refusal('markdown_text_conflict');
  }
  if (markdown !== undefined && markdown.length > 12_000) throw new Refusal('msg_too_long');
  const blocks =
    markdown !== undefined
      ? acceptBlocks([{ type: 'markdown', text: markdown }], { surface: 'message', pointer: '/blocks' })
      : given === undefined
        ? undefined
        : acceptBlocks(given, { surface: 'message', pointer: '/blocks' });
  return { text: text ?? markdown, blocks, metadata: readMetadata(args) };
}

/** As above, but something must be said. */
export function requireContent(args: Args): Content {
  const content = readContent(args);
  const silent = content.text === undefined && (content.blocks === undefined || content.blocks.length === 0);
  if (silent && args.json('attachments', 'invalid_attachments') === undefined) throw new Refusal('no_text');
  return content;
}

function readMetadata(args: Args): Metadata | undefined {
  const given = args.json('metadata', 'invalid_metadata_format');
  if (given === undefined) return undefined;
  const read = metadataSchema.safeParse(given);
  if (!read.success) throw new Refusal('invalid_metadata_format');
  return read.data;
}

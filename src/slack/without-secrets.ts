import type { KnownBlock } from '@slack/types';
import type { Redactor } from '../secrets/index.ts';

type View = { readonly text: string; readonly blocks: readonly KnownBlock[] };

/** What people read, without the secrets that a model, a test or a person may have put there. Ids and values stay as they are. */
export async function withoutSecrets(view: View, redactor: Redactor): Promise<View> {
  const redacted = async (text: string) => (await redactor.redact(text)).text;
  return {
    text: await redacted(view.text),
    blocks: await Promise.all(view.blocks.map((block) => inside(block, redacted))),
  };
}

/** The same value with the text of each text object changed. */
async function inside<Value>(value: Value, change: (text: string) => Promise<string>): Promise<Value> {
  if (Array.isArray(value)) {
    const copy: unknown = await Promise.all(value.map((entry: unknown) => inside(entry, change)));
    return copy as Value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const isText = 'type' in value && (value.type === 'mrkdwn' || value.type === 'plain_text');
  const entries = await Promise.all(
    Object.entries(value).map(async ([key, inner]: [string, unknown]) => [
      key,
      isText && key === 'text' && typeof inner === 'string'
        ? await change(inner)
        : await inside(inner, change),
    ]),
  );
  return Object.fromEntries(entries) as Value;
}

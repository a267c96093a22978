import type { WebClient } from '@slack/web-api';

/** The type of the metadata on every message of ours. */
export const messageEvent = 'slipway_message';

/** A message of ours as it was found in Slack. */
export type Posted = {
  readonly ts: string;
  /** The file of the picture in it. */
  readonly chart: string | undefined;
};

/** The message with a key, when it was posted after a time; keys are in the metadata of our messages. */
export async function findPosted(
  client: Pick<WebClient, 'conversations'>,
  place: { readonly channel: string; readonly thread: string | undefined; readonly since: string },
  key: string,
): Promise<Posted | undefined> {
  const { channel, thread, since } = place;
  // The clocks of Slack and of this machine may differ by a little.
  const oldest = String(new Date(since).getTime() / 1000 - 60);
  let cursor: string | undefined;
  do {
    const page = { channel, oldest, include_all_metadata: true, limit: 200, ...(cursor && { cursor }) };
    const { messages = [], response_metadata } = thread
      ? await client.conversations.replies({ ...page, ts: thread })
      : await client.conversations.history(page);
    for (const { ts, metadata } of messages) {
      const payload: { readonly key?: unknown; readonly chart?: unknown } = metadata?.event_payload ?? {};
      if (ts === undefined || metadata?.event_type !== messageEvent || payload.key !== key) continue;
      return { ts, chart: typeof payload.chart === 'string' ? payload.chart : undefined };
    }
    cursor = response_metadata?.next_cursor || undefined;
  } while (cursor !== undefined);
  return undefined;
}

import type { WebClient } from '@slack/web-api';
import { calling, errorCode } from './calling.ts';

export type Channels = {
  /** Which repositories a channel works on, from slipway.yml; keys there are ids or #names. */
  repositoriesOf(channel: string): Promise<readonly string[]>;
  /** Whether a person may read about what happens in a channel: a public one, or one they are in. */
  isOpenTo(user: string, channel: string): Promise<boolean>;
  /** Undefined when the bot can post in the channel, else the sentence that says what to do first. */
  obstacle(channel: string): Promise<string | undefined>;
};

type Sight = { readonly name: string; readonly canPost: boolean; readonly isPublic: boolean };

export function createChannels(options: {
  readonly client: Pick<WebClient, 'conversations'>;
  readonly repositories: Readonly<Record<string, readonly string[]>>;
}): Channels {
  const { client, repositories } = options;
  const names = new Map<string, string>();

  /** Undefined for a channel that the bot cannot see. */
  const look = (channel: string): Promise<Sight | undefined> =>
    calling(`looking at the channel ${channel}`, async () => {
      try {
        const { channel: found } = await client.conversations.info({ channel });
        const name = `#${found?.name ?? channel}`;
        names.set(channel, name);
        const canPost = found?.is_im === true || (found?.is_member === true && !found.is_archived);
        return { name, canPost, isPublic: found?.is_private === false && found.is_im !== true };
      } catch (error) {
        if (errorCode(error) === 'channel_not_found') return undefined;
        throw error;
      }
    });
  const nameOf = async (channel: string) => names.get(channel) ?? (await look(channel))?.name ?? channel;

  return {
    repositoriesOf: async (channel) => repositories[channel] ?? repositories[await nameOf(channel)] ?? [],
    async isOpenTo(user, channel) {
      const sight = await look(channel);
      if (!sight || sight.isPublic) return sight !== undefined;
      return calling(`reading who is in the channel ${channel}`, async () => {
        let cursor: string | undefined;
        do {
          const page = await client.conversations.members({
            channel,
            limit: 1000,
            ...(cursor && { cursor }),
          });
          if (page.members?.includes(user)) return true;
          cursor = page.response_metadata?.next_cursor || undefined;
        } while (cursor !== undefined);
        return false;
      });
    },
    async obstacle(channel) {
      if ((await look(channel))?.canPost) return undefined;
      return 'I am not in this channel, so I could not answer here. Invite me with /invite, then ask again.';
    },
  };
}

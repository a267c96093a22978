import type { WebClient } from '@slack/web-api';

/** Which repositories a channel works on, from slipway.yml; keys there are ids or #names. */
export type Channels = { repositoriesOf(channel: string): Promise<readonly string[]> };

export function createChannels(options: {
  readonly client: Pick<WebClient, 'conversations'>;
  readonly repositories: Readonly<Record<string, readonly string[]>>;
}): Channels {
  const { client, repositories } = options;
  const names = new Map<string, string>();
  const nameOf = async (channel: string): Promise<string> => {
    const known = names.get(channel);
    if (known !== undefined) return known;
    const { channel: found } = await client.conversations.info({ channel });
    const name = `#${found?.name ?? channel}`;
    names.set(channel, name);
    return name;
  };
  return {
    repositoriesOf: async (channel) => repositories[channel] ?? repositories[await nameOf(channel)] ?? [],
  };
}

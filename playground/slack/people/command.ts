import type { Channel } from '../model.ts';
import { Refusal } from '../refusal.ts';
import { channelName } from '../wire.ts';
import { DONE, type Outcome, sayPrivately } from './interactions.ts';
import { respond } from './respond.ts';
import { type Sender, VERIFICATION_TOKEN } from './sender.ts';

/** Sends a slash command; what the app answers with is shown, and when it does not answer, that is. */
export async function sendCommand(
  sender: Sender,
  request: {
    readonly user: string;
    readonly channel: Channel;
    readonly command: string;
    readonly text: string;
  },
): Promise<Outcome> {
  const { world } = sender;
  const { setup } = world;
  const { user, channel, command, text } = request;
  const target = { user, channel: channel.id, threadTs: undefined, messageTs: undefined };
  const answer = await sender.deliver({
    type: 'slash_commands',
    retry: undefined,
    payload: {
      token: VERIFICATION_TOKEN,
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
      response_url: sender.responseUrl(target),
      trigger_id: sender.triggerFor(user),
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
}

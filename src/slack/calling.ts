import { ErrorCode } from '@slack/web-api';
import { GiveUp, sentenceOf, TryAgain } from '../errors.ts';

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

import { App, HTTPReceiver, type Receiver } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { GiveUp } from '../errors.ts';
import type { Log } from '../log.ts';
import { boltLogger } from './bolt-log.ts';
import { calling } from './calling.ts';
import { readBody } from './inbound.ts';
import { type Journal, journalled, signedAt } from './receiver.ts';
import { twoSockets } from './sockets.ts';

export type SlackConnection =
  | { readonly kind: 'sockets'; readonly appToken: string }
  | { readonly kind: 'http'; readonly signingSecret: string; readonly port: number };

/** Sockets when there is an app-level token, else HTTP checked with the signing secret. */
export function connectionOf(config: {
  readonly slack: { readonly appToken?: string; readonly signingSecret?: string; readonly port: number };
}): SlackConnection {
  const { appToken, signingSecret, port } = config.slack;
  if (appToken !== undefined) return { kind: 'sockets', appToken };
  if (signingSecret !== undefined) return { kind: 'http', signingSecret, port };
  throw new GiveUp('Connecting to Slack: set SLACK_APP_TOKEN, or SLACK_SIGNING_SECRET to receive over HTTP.');
}

/** Two clients: one that must be quick because a person waits, one that posts through the queue. Neither retries by itself. */
export function slackClients(options: {
  readonly token: string;
  readonly apiUrl: string;
  readonly log: Log;
  /** How long a posting may take. */
  readonly outboxMs?: number;
}) {
  const client = (timeout: number) =>
    new WebClient(options.token, {
      slackApiUrl: options.apiUrl,
      timeout,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      logger: boltLogger(options.log),
    });
  return { interactive: client(2_000), outbox: client(options.outboxMs ?? 10_000) };
}

export type Identity = { readonly botUser: string; readonly bot: string; readonly team: string };

/** Who the bot is in its workspace. */
export async function whoAmI(client: Pick<WebClient, 'auth'>): Promise<Identity> {
  const { user_id, bot_id, team_id } = await calling('asking Slack who the bot is', () => client.auth.test());
  if (!user_id || !team_id)
    throw new GiveUp('Asking Slack who the bot is: the token in SLACK_BOT_TOKEN is not a bot token.');
  return { botUser: user_id, bot: bot_id ?? '', team: team_id };
}

export type SlackApp = { start(): Promise<void>; stop(): Promise<void> };

/**
 * Bolt as the way in: it verifies, keeps the connections and acknowledges. What is done about a message is
 * done from the journal, so that a crash after the acknowledgement loses nothing.
 */
export function createSlackApp(options: {
  readonly connection: SlackConnection;
  readonly token: string;
  readonly apiUrl: string;
  readonly identity: Identity;
  /** Writes down what is for us; the rest is acknowledged and forgotten. */
  readonly journal: Journal;
  readonly log: Log;
}): SlackApp {
  const { connection, identity, log } = options;
  const journal: Journal = async (body) =>
    readBody(body, identity.botUser).kind === 'none' ? undefined : options.journal(body);
  const receiver = journalled(receiverOf(connection, options.apiUrl, log), journal, log);
  const app = new App({
    receiver,
    convoStore: false,
    authorize: async () => ({ botToken: options.token, botId: identity.bot, botUserId: identity.botUser }),
    clientOptions: { slackApiUrl: options.apiUrl },
    logger: boltLogger(log),
  });
  const anything = /.*/;
  app.command(anything, ({ ack }) => ack());
  app.action(anything, ({ ack }) => ack());
  app.shortcut(anything, ({ ack }) => ack());
  app.view(anything, ({ ack }) => ack());
  app.error(async (error) => log.error('Bolt could not handle a message', { error: error.message }));
  return {
    start: async () => {
      await app.start();
    },
    stop: async () => {
      await app.stop();
    },
  };
}

function receiverOf(connection: SlackConnection, apiUrl: string, log: Log): Receiver {
  if (connection.kind === 'sockets') {
    return twoSockets({ appToken: connection.appToken, apiUrl, log });
  }
  return new HTTPReceiver({
    signingSecret: connection.signingSecret,
    port: connection.port,
    logger: boltLogger(log),
    bodyLimit: 1_000_000,
    customPropertiesExtractor: signedAt,
  });
}

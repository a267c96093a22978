import { App, LogLevel, type Receiver, SocketModeReceiver } from '@slack/bolt';
import type { SlackWorkspace } from '../../../playground/slack/start-slack.ts';

/** A plain Bolt app as a product would write it; only `slackApiUrl` is pointed at the workspace. */
export type BoltApp = { readonly app: App; stop(): Promise<void> };

export async function startBolt(
  slack: SlackWorkspace,
  listen: (app: App) => void = () => {},
): Promise<BoltApp> {
  const receivers = Array.from(
    { length: 2 },
    () =>
      new SocketModeReceiver({
        appToken: slack.credentials.appToken,
        logLevel: LogLevel.ERROR,
        clientPingTimeout: 1_000,
        installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
      }),
  );
  const receiver: Receiver = {
    init: (app) => {
      for (const each of receivers) each.init(app);
    },
    start: () => Promise.all(receivers.map((each) => each.start())),
    stop: () => Promise.all(receivers.map((each) => each.stop())),
  };
  const app = new App({
    token: slack.credentials.botToken,
    receiver,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true },
  });
  listen(app);
  await app.start();
  return { app, stop: async () => void (await app.stop()) };
}

import { App, LogLevel } from '@slack/bolt';

/** A bot in a process of its own, so that a test can kill it. Arguments: API address, its name in the answers. */
const [slackApiUrl = '', name = ''] = process.argv.slice(2);
const app = new App({
  token: 'xoxb-playground-bot',
  appToken: 'xapp-playground-app',
  socketMode: true,
  logLevel: LogLevel.ERROR,
  clientOptions: { slackApiUrl },
});
app.event('app_mention', async ({ event, say }) => {
  await say({ text: `${name} heard you`, thread_ts: event.ts });
});
await app.start();

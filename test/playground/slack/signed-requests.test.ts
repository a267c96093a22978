import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { expect, test } from 'vitest';
import { startSlack } from '../../../playground/slack/start-slack.ts';

/** Starts Bolt's own HTTP receiver on a free port, before the workspace that will call it. */
async function receiverOnFreePort(signingSecret: string): Promise<{ receiver: HTTPReceiver; url: string }> {
  const receiver = new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR });
  const server = await receiver.start(0);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { receiver, url: `http://127.0.0.1:${port}/slack/events` };
}

test('HTTP mode: signed requests that Bolt accepts, for events, commands and clicks', async () => {
  const heard: string[] = [];
  const { receiver, url } = await receiverOnFreePort('a secret');
  const slack = await startSlack({ requestUrl: url, app: { signingSecret: 'a secret' } });
  const app = new App({
    token: slack.credentials.botToken,
    receiver,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  app.event('app_mention', async ({ event, say }) => {
    heard.push('mention');
    await say({
      text: 'Choose',
      thread_ts: event.ts,
      blocks: [
        {
          type: 'actions',
          elements: [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } }],
        },
      ],
    });
  });
  app.action('go', async ({ ack }) => {
    heard.push('click');
    await ack();
  });
  app.command('/feature', async ({ ack, command }) => {
    heard.push(`command ${command.text}`);
    await ack({ text: 'Understood' });
  });

  const { ts } = await slack.as('U0RAJ').post('#general', '@slipway hello');
  const reply = await slack.waitFor((sight) => sight.messages.find((each) => each.threadTs === ts));
  expect(await slack.as('U0RAJ').click(reply.ts, 'go')).toEqual({ kind: 'done' });
  expect(await slack.as('U0RAJ').command('#general', '/feature a & b')).toEqual({ kind: 'done' });
  expect((await slack.ephemerals('U0RAJ')).map((each) => each.text)).toEqual(['Understood']);
  expect(heard).toEqual(['mention', 'click', 'command a & b']);
  await slack.stop();
  await receiver.stop();
});

test('HTTP mode: a wrong secret is refused, and the person is told', async () => {
  const { receiver, url } = await receiverOnFreePort('the secret');
  const slack = await startSlack({ requestUrl: url, app: { signingSecret: 'another' } });
  new App({
    token: slack.credentials.botToken,
    botId: slack.credentials.botId,
    botUserId: slack.credentials.botUserId,
    receiver,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl },
  }).command('/feature', async ({ ack }) => ack());
  const outcome = await slack.as('U0RAJ').command('#general', '/feature x');
  expect(outcome).toEqual({ kind: 'failed', text: '/feature failed because the app did not respond' });
  await slack.stop();
  await receiver.stop();
});

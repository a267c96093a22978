import { setTimeout as pause } from 'node:timers/promises';
import type { App } from '@slack/bolt';
import { afterEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { SlackOptions } from '../../../playground/slack/options.ts';
import { type SlackWorkspace, startSlack } from '../../../playground/slack/start-slack.ts';
import { type BoltApp, startBolt } from './bolt-app.ts';

/** How long a condition may take on a busy machine. */
const PATIENT = { timeout: 10_000 };

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of running.splice(0).reverse()) await each.stop();
});

async function start(
  options: SlackOptions = {},
  listen?: (app: App) => void,
): Promise<{ slack: SlackWorkspace; bolt: BoltApp }> {
  const slack = await startSlack(options);
  running.push(slack);
  const bolt = await startBolt(slack, listen);
  running.push(bolt);
  return { slack, bolt };
}

async function open(slack: SlackWorkspace): Promise<{ socket: WebSocket; first: Record<string, unknown> }> {
  const response = await fetch(`${slack.apiUrl}apps.connections.open`, {
    method: 'POST',
    headers: { authorization: `Bearer ${slack.credentials.appToken}` },
  });
  const { url } = await response.json();
  const socket = new WebSocket(url);
  const first = await new Promise<string>((resolve, reject) => {
    socket.once('message', (data) => resolve(String(data)));
    socket.once('error', reject);
  });
  return { socket, first: JSON.parse(first) };
}

describe('an unmodified Bolt app with two sockets', () => {
  test('receives every kind of envelope and its answers take effect', async () => {
    const heard: string[] = [];
    const { slack } = await start({}, (app) => {
      app.command('/feature', async ({ ack, command }) => {
        heard.push(`command ${command.command} "${command.text}" in ${command.channel_name}`);
        await ack({ response_type: 'in_channel', text: `Asked: ${command.text}` });
      });
      app.event('app_mention', async ({ event, say }) => {
        heard.push(`mention ${event.text}`);
        await say({ text: 'Here.', thread_ts: event.ts });
      });
      app.message('in person', async ({ message, say }) => {
        heard.push(`message ${message.channel_type}`);
        await say('A private word.');
      });
      app.shortcut('feature_from_message', async ({ shortcut, ack, client }) => {
        await ack();
        heard.push(`shortcut ${shortcut.type}`);
        await client.views.open({
          trigger_id: shortcut.trigger_id,
          view: {
            type: 'modal',
            callback_id: 'ask',
            notify_on_close: true,
            private_metadata: 'kept',
            title: { type: 'plain_text', text: 'Ask' },
            submit: { type: 'plain_text', text: 'Send' },
            blocks: [
              {
                type: 'input',
                block_id: 'words',
                label: { type: 'plain_text', text: 'What?' },
                element: { type: 'plain_text_input', action_id: 'text' },
              },
            ],
          },
        });
      });
      app.view('ask', async ({ ack, view, body }) => {
        heard.push(
          `submitted ${view.state.values.words?.text?.value} ${view.private_metadata} by ${body.user.id}`,
        );
        await ack();
      });
      app.view({ callback_id: 'ask', type: 'view_closed' }, async ({ ack, body }) => {
        heard.push(`closed ${body.type}`);
        await ack();
      });
      app.event('app_home_opened', async ({ event, client }) => {
        heard.push(`home ${event.tab}`);
        await client.views.publish({
          user_id: event.user,
          view: { type: 'home', blocks: [{ type: 'header', text: { type: 'plain_text', text: 'My work' } }] },
        });
      });
      app.event('reaction_added', async ({ event }) => {
        heard.push(`reaction ${event.reaction}`);
      });
    });
    const raj = slack.as('U0RAJ');

    expect(await raj.command('#checkout', '/feature  a chart')).toEqual({ kind: 'done' });
    const asked = await slack.waitFor((sight) =>
      sight.messages.find((each) => each.text === 'Asked: a chart'),
    );
    expect(asked).toMatchObject({ channel: 'C0CHECKOUT', byBot: true });

    const { ts } = await raj.post('#checkout', 'hey @slipway <b> & co');
    await slack.waitFor((sight) => sight.messages.find((each) => each.threadTs === ts));
    await raj.post('@slipway', 'in person');
    await slack.waitFor((sight) => sight.messages.find((each) => each.text === 'A private word.'));

    await raj.shortcut('feature_from_message', ts);
    const modal = await slack.waitFor((sight) => sight.modals.U0RAJ?.at(-1));
    expect(modal).toMatchObject({ callbackId: 'ask', type: 'modal' });
    expect(await raj.submit({ text: 'more' })).toEqual({ kind: 'done' });
    expect(await slack.modals('U0RAJ')).toEqual([]);

    await raj.shortcut('feature_from_message', ts);
    await slack.waitFor((sight) => sight.modals.U0RAJ?.at(-1));
    await raj.closeModal();

    await raj.openHome();
    const home = await slack.waitFor((sight) => sight.homes.U0RAJ);
    expect(home.blocks[0]).toMatchObject({ type: 'header' });
    await raj.react(ts, 'eyes');
    await slack.waitFor(() => heard.length >= 9);

    expect(heard.toSorted()).toEqual([
      'closed view_closed',
      'command /feature "a chart" in checkout',
      'home home',
      'mention hey <@U0SLIPWAY> &lt;b&gt; &amp; co',
      'message im',
      'reaction eyes',
      'shortcut message_action',
      'shortcut message_action',
      'submitted more kept by U0RAJ',
    ]);
  });

  test('shares the envelopes between its sockets: each goes to exactly one', async () => {
    const heard: string[] = [];
    const { slack } = await start({}, (app) => {
      app.message(async ({ message }) => {
        if ('text' in message) heard.push(message.text ?? '');
      });
    });
    for (let index = 0; index < 10; index += 1) await slack.as('U0ANA').post('#general', `note ${index}`);
    await slack.waitFor(() => heard.length >= 10);
    expect(heard.toSorted()).toEqual(Array.from({ length: 10 }, (_, index) => `note ${index}`));
    expect((await slack.sockets()).map((socket) => socket.delivered)).toEqual([5, 5]);
  });

  test('loses nothing while one socket is refreshed', async () => {
    const heard = new Set<string>();
    const { slack } = await start({}, (app) => {
      app.message(async ({ message }) => {
        if ('text' in message) heard.add(message.text ?? '');
      });
    });
    expect(await slack.refresh()).toEqual({ told: 1 });
    for (let index = 0; index < 20; index += 1) await slack.as('U0ANA').post('#general', `note ${index}`);
    await slack.waitFor(() => heard.size === 20, { what: '20 notes' });
    const socketsAgain = async () => (await slack.sockets()).filter((socket) => !socket.draining).length;
    await expect.poll(socketsAgain, PATIENT).toBe(2);
  });
});

describe('delivery', () => {
  test('an event that is not acknowledged comes again, with attempt and reason and the same event id', async () => {
    const slack = await startSlack({ pace: { ackMs: 100, retryDelaysMs: [0, 50, 80] } });
    running.push(slack);
    const { socket } = await open(slack);
    const seen: Record<string, unknown>[] = [];
    socket.on('message', (data) => seen.push(JSON.parse(String(data))));
    await slack.as('U0RAJ').post('#general', 'anybody?');
    await expect.poll(() => seen.length, PATIENT).toBe(4);
    expect(seen.map((each) => [each.retry_attempt, each.retry_reason])).toEqual([
      [0, ''],
      [1, 'timeout'],
      [2, 'timeout'],
      [3, 'timeout'],
    ]);
    const payloads = seen.map((each) => JSON.stringify(each.payload));
    expect(new Set(payloads).size).toBe(1);
    expect(new Set(seen.map((each) => each.envelope_id)).size).toBe(4);
    socket.terminate();
  });

  test('a dropped acknowledgement makes Slack send the event again', async () => {
    const heard: unknown[] = [];
    const { slack } = await start({ pace: { ackMs: 200, retryDelaysMs: [0] } }, (app) => {
      app.event('app_mention', async ({ body }) => {
        heard.push(body.event_id);
      });
    });
    await slack.dropAcks(2);
    await slack.as('U0RAJ').post('#general', '@slipway hello');
    await slack.waitFor(() => heard.length >= 2, { what: 'the second delivery' });
    expect(new Set(heard).size).toBe(1);
  });

  test('a URL opens one socket, once', async () => {
    const slack = await startSlack();
    running.push(slack);
    const { socket, first } = await open(slack);
    expect(first).toMatchObject({
      type: 'hello',
      num_connections: 1,
      connection_info: { app_id: 'A0SLIPWAY' },
    });
    const again = new WebSocket(socket.url);
    const refused = await new Promise<string>((resolve) =>
      again.once('error', (error) => resolve(error.message)),
    );
    expect(refused).toContain('403');
    socket.terminate();
  });

  test('the eleventh socket is told too_many_websockets', async () => {
    const slack = await startSlack();
    running.push(slack);
    const opened = [];
    for (let index = 0; index < 11; index += 1) opened.push(await open(slack));
    expect(opened[9]?.first).toMatchObject({ type: 'hello', num_connections: 10 });
    expect(opened[10]?.first).toEqual({ type: 'disconnect', reason: 'too_many_websockets' });
    for (const { socket } of opened) socket.terminate();
  });

  test('a warning leaves the socket in use, a refresh takes it out and closes it', async () => {
    const slack = await startSlack();
    running.push(slack);
    const { socket } = await open(slack);
    const seen: unknown[] = [];
    socket.on('message', (data) => seen.push(JSON.parse(String(data)).reason));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await slack.refresh({ reason: 'warning' });
    expect((await slack.sockets()).map((each) => each.draining)).toEqual([false]);
    await slack.refresh({ reason: 'refresh_requested' });
    expect((await slack.sockets()).map((each) => each.draining)).toEqual([true]);
    await closed;
    expect(seen).toEqual(['warning', 'refresh_requested']);
  });
});

describe('what a person sees when the app is silent', () => {
  const failure = '/feature failed because the app did not respond';

  test('a command fails with a sentence: no app is connected', async () => {
    const slack = await startSlack();
    running.push(slack);
    const outcome = await slack.as('U0RAJ').command('#checkout', '/feature x');
    expect(outcome).toEqual({ kind: 'failed', text: failure });
    const seen = await slack.ephemerals('U0RAJ');
    expect(seen.map((each) => [each.from, each.text])).toEqual([['USLACKBOT', failure]]);
  });

  test('a command fails with a sentence: the app takes longer than it may', async () => {
    const answered = Promise.withResolvers<void>();
    const { slack } = await start({ pace: { ackMs: 150 } }, (app) => {
      app.command('/feature', async ({ ack }) => {
        await pause(400);
        await ack('too late');
        answered.resolve();
      });
    });
    const outcome = await slack.as('U0RAJ').command('#checkout', '/feature x');
    expect(outcome).toEqual({ kind: 'failed', text: failure });
    await answered.promise;
    expect((await slack.ephemerals('U0RAJ')).map((each) => each.text)).toEqual([failure]);
  });

  test('commands do not work in threads, and unknown ones say so', async () => {
    const { slack } = await start({}, (app) => {
      app.command('/feature', async ({ ack }) => ack('reached'));
    });
    const { ts } = await slack.as('U0RAJ').post('#checkout', 'a thread');
    const inThread = await slack.as('U0RAJ').command('#checkout', '/feature x', ts);
    expect(inThread).toEqual({ kind: 'failed', text: '/feature is not supported in threads. Sorry!' });
    const unknown = await slack.as('U0RAJ').command('#checkout', '/nothing x');
    expect(unknown).toEqual({ kind: 'failed', text: '/nothing is not a valid command.' });
    expect((await slack.ephemerals('U0RAJ')).map((each) => each.text)).not.toContain('reached');
  });

  test('a button that gets no answer carries a warning until it works', async () => {
    const { slack, bolt } = await start({ pace: { ackMs: 600 } });
    const { ts = '' } = await bolt.app.client.chat.postMessage({
      channel: 'C0GENERAL',
      text: 'Choose',
      blocks: [
        {
          type: 'actions',
          elements: [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } }],
        },
      ],
    });
    const clicked = await slack.as('U0RAJ').click(ts, 'go');
    expect(clicked.kind).toBe('failed');
    expect((await slack.sight()).warnings).toMatchObject([{ user: 'U0RAJ', target: ts, actionId: 'go' }]);
    bolt.app.action('go', async ({ ack }) => ack());
    expect(await slack.as('U0RAJ').click(ts, 'go')).toEqual({ kind: 'done' });
    expect((await slack.sight()).warnings).toEqual([]);
  });
});

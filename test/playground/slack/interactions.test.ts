import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { afterEach, describe, expect, test } from 'vitest';
import { connectSlack } from '../../../playground/slack/connect-slack.ts';
import type { SlackOptions } from '../../../playground/slack/options.ts';
import { type SlackWorkspace, startSlack } from '../../../playground/slack/start-slack.ts';
import { startBolt } from './bolt-app.ts';

/** How long a condition may take on a busy machine. */
const PATIENT = { timeout: 10_000 };

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of running.splice(0).reverse()) await each.stop();
});

async function start(listen: (app: App) => void, options: SlackOptions = {}): Promise<SlackWorkspace> {
  const slack = await startSlack(options);
  running.push(slack);
  running.push(await startBolt(slack, listen));
  return slack;
}

function modal(name: string, fields: Partial<ModalView> = {}): ModalView {
  return {
    type: 'modal',
    callback_id: name,
    title: { type: 'plain_text', text: name },
    submit: { type: 'plain_text', text: 'Next' },
    blocks: [
      {
        type: 'input',
        block_id: 'answer',
        label: { type: 'plain_text', text: 'Answer' },
        element: { type: 'plain_text_input', action_id: 'text', min_length: 2, max_length: 5 },
      },
    ],
    ...fields,
  };
}

const opened: (callback: string) => (app: App) => void = (callback) => (app) => {
  app.command('/feature', async ({ ack, client, body }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: modal(callback) });
  });
};

const top = (slack: SlackWorkspace) => slack.waitFor((sight) => sight.modals.U0RAJ?.at(-1));

describe('modals', () => {
  test('errors, update, push and clear', async () => {
    const slack = await start((app) => {
      opened('first')(app);
      app.view('first', async ({ ack, view }) => {
        const text = view.state.values.answer?.text?.value;
        if (text === 'no') return ack({ response_action: 'errors', errors: { answer: 'Not that.' } });
        if (text === 'more') return ack({ response_action: 'push', view: modal('second') });
        return ack({ response_action: 'update', view: modal('first', { private_metadata: 'changed' }) });
      });
      app.view('second', async ({ ack }) => ack({ response_action: 'clear' }));
    });
    const raj = slack.as('U0RAJ');
    await raj.command('#checkout', '/feature');
    await top(slack);

    const refusals: [string, string][] = [
      ['', 'Please complete this required field.'],
      ['x', 'This must be at least 2 characters long.'],
      ['longer', 'This must be at most 5 characters long.'],
      ['no', 'Not that.'],
    ];
    for (const [text, sentence] of refusals) {
      expect(await raj.submit({ text })).toEqual({ kind: 'errors', errors: { answer: sentence } });
    }
    expect(await raj.submit({ text: 'okay' })).toEqual({ kind: 'done' });
    expect(await top(slack)).toMatchObject({ callbackId: 'first', privateMetadata: 'changed' });
    expect(await raj.submit({ answer: 'more' })).toEqual({ kind: 'done' });
    const [root, pushed] = await slack.modals('U0RAJ');
    expect(pushed).toMatchObject({ callbackId: 'second', rootViewId: root?.id, previousViewId: root?.id });
    expect(await raj.submit({ answer: 'done' })).toEqual({ kind: 'done' });
    expect(await slack.modals('U0RAJ')).toEqual([]);
  });

  test('a trigger expires (after three seconds, here one), and opens one view', async () => {
    const codes: unknown[] = [];
    const slack = await start(
      (app) => {
        app.command('/feature', async ({ ack, client, body, command }) => {
          await ack();
          if (command.text === 'late') await new Promise((resolve) => setTimeout(resolve, 1_100));
          for (const name of ['one', 'two']) {
            await client.views
              .open({ trigger_id: body.trigger_id, view: modal(name) })
              .then(() => codes.push('ok'))
              .catch((error) => codes.push(error.data.error));
          }
        });
      },
      { pace: { triggerMs: 1_000 } },
    );
    await slack.as('U0RAJ').command('#checkout', '/feature late');
    await expect.poll(() => codes, PATIENT).toEqual(['expired_trigger_id', 'expired_trigger_id']);
    codes.length = 0;
    await slack.as('U0RAJ').command('#checkout', '/feature now');
    await expect.poll(() => codes, PATIENT).toEqual(['ok', 'exchanged_trigger_id']);
  });

  test('an update with an old hash is a conflict', async () => {
    const codes: unknown[] = [];
    const slack = await start((app) => {
      app.command('/feature', async ({ ack, client, body }) => {
        await ack();
        const { view } = await client.views.open({ trigger_id: body.trigger_id, view: modal('first') });
        const update = { view_id: view?.id ?? '', hash: view?.hash ?? '', view: modal('first') };
        for (let index = 0; index < 2; index += 1) {
          await client.views
            .update(update)
            .then(() => codes.push('ok'))
            .catch((error) => codes.push(error.data.error));
        }
      });
    });
    await slack.as('U0RAJ').command('#checkout', '/feature');
    await expect.poll(() => codes, PATIENT).toEqual(['ok', 'hash_conflict']);
  });
});

describe('messages that are clicked', () => {
  test('the action carries what was chosen, the rest of the form, and the message with its metadata', async () => {
    const seen: Record<string, unknown>[] = [];
    const slack = await start((app) => {
      app.action(/.*/, async ({ ack, body }) => {
        await ack();
        seen.push(JSON.parse(JSON.stringify(body)));
      });
      app.command('/feature', async ({ ack, client }) => {
        await ack();
        await client.chat.postMessage({
          channel: 'C0CHECKOUT',
          text: 'Which?',
          metadata: { event_type: 'card', event_payload: { key: 'k' } },
          blocks: [
            {
              type: 'actions',
              block_id: 'row',
              elements: [
                {
                  type: 'static_select',
                  action_id: 'repo',
                  options: [
                    { text: { type: 'plain_text', text: 'Shop' }, value: 'acme/shop' },
                    { text: { type: 'plain_text', text: 'Site' }, value: 'acme/site' },
                  ],
                },
                { type: 'button', action_id: 'go', value: 'v1', text: { type: 'plain_text', text: 'Go' } },
              ],
            },
          ],
        });
      });
    });
    await slack.as('U0RAJ').command('#checkout', '/feature');
    const card = await slack.waitFor((sight) => sight.messages.find((each) => each.text === 'Which?'));
    await slack.as('U0ANA').click(card.ts, 'repo', { value: 'acme/site' });
    await slack.as('U0ANA').click(card.ts, 'go', { values: { repo: 'acme/shop' } });
    await slack.waitFor(() => seen.length === 2);
    expect(seen[0]).toMatchObject({
      type: 'block_actions',
      user: { id: 'U0ANA', username: 'ana' },
      container: { type: 'message', message_ts: card.ts, channel_id: 'C0CHECKOUT', is_ephemeral: false },
      message: { ts: card.ts, metadata: { event_payload: { key: 'k' } } },
      actions: [{ action_id: 'repo', block_id: 'row', selected_option: { value: 'acme/site' } }],
    });
    expect(seen[1]).toMatchObject({
      actions: [{ action_id: 'go', type: 'button', value: 'v1' }],
      state: { values: { row: { repo: { selected_option: { value: 'acme/shop' } } } } },
    });
    await slack
      .as('U0ANA')
      .click(card.ts, 'repo', { value: 'acme/shop', values: { 'row/repo': 'acme/site' } });
    await slack.waitFor(() => seen.length === 3);
    expect(seen[2]).toMatchObject({
      actions: [{ selected_option: { value: 'acme/shop' } }],
      state: { values: { row: { repo: { selected_option: { value: 'acme/shop' } } } } },
    });
    await expect(slack.as('U0ANA').click(card.ts, 'gone')).rejects.toThrow(
      `There is nothing with the action id "gone" on ${card.ts}. It has: repo, go.`,
    );
  });

  test('nobody clicks what only another person sees', async () => {
    const slack = await start((app) => {
      app.command('/feature', async ({ ack }) => {
        await ack({
          text: 'Yours',
          blocks: [
            {
              type: 'actions',
              elements: [{ type: 'button', action_id: 'mine', text: { type: 'plain_text', text: 'Mine' } }],
            },
          ],
        });
      });
      app.action('mine', async ({ ack, respond }) => {
        await ack();
        await respond({ delete_original: true });
      });
    });
    await slack.as('U0RAJ').command('#checkout', '/feature');
    const [yours] = await slack.ephemerals('U0RAJ');
    await expect(slack.as('U0ANA').click(yours?.ts ?? '', 'mine')).rejects.toThrow('nothing to click');
    await slack.as('U0RAJ').click(yours?.ts ?? '', 'mine');
    await slack.waitFor((sight) => sight.ephemerals.length === 0);
  });

  test('a response URL replaces, answers privately, and works five times', async () => {
    const codes: unknown[] = [];
    const slack = await start((app) => {
      app.command('/feature', async ({ ack, respond }) => {
        await ack();
        for (let index = 0; index < 6; index += 1) {
          await respond({ text: `answer ${index}`, response_type: index === 0 ? 'in_channel' : 'ephemeral' })
            .then(() => codes.push('ok'))
            .catch((error) => codes.push(error.statusCode ?? error.message));
        }
      });
    });
    await slack.as('U0RAJ').command('#checkout', '/feature');
    await expect.poll(() => codes.length, PATIENT).toBe(6);
    expect(codes.slice(0, 5)).toEqual(Array(5).fill('ok'));
    expect(codes[5]).not.toBe('ok');
    expect((await slack.messages('#checkout')).map((each) => each.text)).toEqual(['answer 0']);
    expect(await slack.ephemerals('U0RAJ')).toHaveLength(4);
    expect(await slack.ephemerals('U0ANA')).toEqual([]);
  });
});

test('the app hears what it subscribed to in its manifest, and nothing else', async () => {
  const heard: string[] = [];
  const slack = await start(
    (app) => {
      app.command('/feature', async ({ ack, command }) => {
        heard.push(command.text);
        await ack();
      });
      app.use(async ({ body, next }) => {
        if ('event' in body) heard.push(body.event.type);
        await next();
      });
    },
    {
      manifest: [
        'display_information: { name: Slipway }',
        'features:',
        '  bot_user: { display_name: Slipway }',
        '  slash_commands: [{ command: /feature, description: Ask, should_escape: true }]',
        'oauth_config: { scopes: { bot: [chat:write, commands] } }',
        'settings: { event_subscriptions: { bot_events: [app_mention] } }',
      ].join('\n'),
    },
  );
  const { app } = await slack.sight();
  expect(app).toMatchObject({ name: 'Slipway', commands: [{ command: '/feature' }], shortcuts: [] });
  await slack.as('U0RAJ').post('#general', 'nothing for the app');
  await slack.as('U0RAJ').openHome();
  await slack.as('U0RAJ').post('#general', 'hello @slipway');
  await slack.waitFor(() => heard.length > 0);
  await slack.as('U0RAJ').command('#general', '/feature like @ana has in #general & more');
  expect(heard).toEqual(['app_mention', 'like <@U0ANA|ana> has in <#C0GENERAL|general> &amp; more']);
});

test('another process has the same hands and eyes over HTTP', async () => {
  const slack = await start((app) => {
    app.event('app_mention', async ({ event, say }) => {
      await say({ text: 'Heard.', thread_ts: event.ts });
    });
  });
  const far = connectSlack(slack.url);
  const seen: string[] = [];
  const stop = far.onMessage((change) => {
    if (change.kind === 'posted') seen.push(change.message.text);
  });
  await expect
    .poll(async () => {
      const { ts } = await far.as('U0RAJ').post('#general', 'ping');
      return seen.includes('ping') && ts;
    }, PATIENT)
    .toBeTruthy();
  const { ts } = await far.as('U0MEI').post('#general', '@slipway are you there?');
  const reply = await far.waitFor((sight) => sight.messages.find((each) => each.threadTs === ts));
  expect(reply.text).toBe('Heard.');
  await expect.poll(() => seen, PATIENT).toContain('Heard.');
  stop();
  await expect(far.as('U0NOBODY').post('#general', 'x')).rejects.toThrow('There is no person U0NOBODY');
  await expect(
    far.waitFor(() => undefined, { timeoutMs: 50, what: 'something that never comes' }),
  ).rejects.toThrow('Waited 50 ms in the workspace for something that never comes');
});

import { existsSync } from 'node:fs';
import type { App } from '@slack/bolt';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SlackWorkspace, startSlack } from '../../../playground/slack/start-slack.ts';
import { type BoltApp, startBolt } from './bolt-app.ts';

const CHROMIUM = '/usr/bin/chromium';
const missing = existsSync(CHROMIUM) ? undefined : `no ${CHROMIUM}: apt-get install chromium`;
if (missing !== undefined && process.env.CI === 'true') throw new Error(missing);

let slack: SlackWorkspace;
let bolt: BoltApp;
let browser: Browser;
let page: Page;
const troubles: string[] = [];
/** How long a condition may take on a busy machine. */
const PATIENT = { timeout: 10_000 };

const plain = (text: string) => ({ type: 'plain_text' as const, text });

/** A bot small enough to read at a glance: a command, a card with buttons, a modal, a Home tab. */
function listen(app: App): void {
  app.command('/feature', async ({ ack, command, client }) => {
    await ack();
    await client.chat.postEphemeral({
      channel: command.channel_id,
      user: command.user_id,
      text: 'Queued, one before you.',
    });
    await client.chat.postMessage({
      channel: command.channel_id,
      text: 'card',
      blocks: [
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: `*Asked:* ${command.text} by <@${command.user_id}> &lt;!here&gt;\n# not a heading`,
          },
        },
        {
          type: 'actions',
          elements: [
            { type: 'button', action_id: 'edit', text: plain('Edit…') },
            {
              type: 'button',
              action_id: 'stop',
              style: 'danger',
              text: plain('Stop'),
              confirm: {
                title: plain('Stop it?'),
                text: plain('The branch is kept.'),
                confirm: plain('Yes, stop'),
              },
            },
            { type: 'button', action_id: 'silent', text: plain('Silent') },
            {
              type: 'static_select',
              action_id: 'repo',
              placeholder: plain('Which repository?'),
              options: [
                { text: plain('Shop'), value: 'acme/shop' },
                { text: plain('Site'), value: 'acme/site' },
              ],
            },
          ],
        },
      ],
    });
  });
  app.action('edit', async ({ ack, body, client }) => {
    await ack();
    if (body.type !== 'block_actions') return;
    await client.views.open({
      trigger_id: body.trigger_id,
      view: {
        type: 'modal',
        callback_id: 'edit',
        private_metadata: body.message?.ts ?? '',
        title: plain('Edit the spec'),
        submit: plain('Save'),
        blocks: [
          {
            type: 'input',
            block_id: 'goal',
            label: plain('Goal'),
            element: { type: 'plain_text_input', action_id: 'value', multiline: true },
          },
          {
            type: 'input',
            block_id: 'risk',
            label: plain('Risk'),
            element: {
              type: 'static_select',
              action_id: 'value',
              options: [
                { text: plain('Low'), value: 'low' },
                { text: plain('High'), value: 'high' },
              ],
            },
          },
        ],
      },
    });
  });
  app.view('edit', async ({ ack, view, body, client }) => {
    const goal = view.state.values.goal?.value?.value ?? '';
    if (goal.length < 5) return ack({ response_action: 'errors', errors: { goal: 'Say a little more.' } });
    await ack();
    const risk = view.state.values.risk?.value?.selected_option?.value;
    await client.chat.postMessage({
      channel: 'C0CHECKOUT',
      thread_ts: view.private_metadata,
      text: `<@${body.user.id}> changed the goal: ${goal} (risk ${risk})`,
    });
  });
  app.action('stop', async ({ ack, respond }) => {
    await ack();
    await respond({ text: 'Stopped.', replace_original: false });
  });
  app.action('repo', async ({ ack, action, respond }) => {
    await ack();
    const chosen = action.type === 'static_select' ? action.selected_option.value : '';
    await respond({ text: `Repository ${chosen}`, replace_original: false });
  });
  app.shortcut('feature_from_message', async ({ ack, shortcut, client }) => {
    await ack();
    if (shortcut.type !== 'message_action') return;
    await client.chat.postMessage({
      channel: shortcut.channel.id,
      thread_ts: shortcut.message_ts,
      text: 'Made a request of it.',
    });
  });
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({
      user_id: event.user,
      view: { type: 'home', blocks: [{ type: 'header', text: plain('Waiting for you') }] },
    });
  });
}

beforeAll(async () => {
  if (missing !== undefined) return;
  slack = await startSlack({ pace: { ackMs: 2_000 } });
  bolt = await startBolt(slack, listen);
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (line) => {
    if (line.type() === 'error') troubles.push(line.text());
  });
}, 60_000);

afterAll(async () => {
  if (missing !== undefined) return;
  await browser.close();
  await bolt.stop();
  await slack.stop();
});

test.skipIf(missing !== undefined)(
  `a person uses the page as they would use Slack${missing === undefined ? '' : ` (${missing})`}`,
  { timeout: 60_000 },
  async () => {
    await page.goto(`${slack.url}/archives/C0CHECKOUT?as=U0RAJ`);
    const composer = page.getByTestId('composer');

    await composer.fill('/fe');
    await page.getByRole('button', { name: '/feature' }).click();
    await composer.pressSequentially('a chart');
    await composer.press('Enter');
    const card = page.getByTestId('messages').getByTestId('message').filter({ hasText: 'Asked:' });
    await card.waitFor();
    const shown = (await card.textContent()) ?? '';
    expect(shown).toContain('Asked: a chart by @raj');
    expect(shown.replaceAll('\u2060', '')).toContain('<!here>');
    expect(shown).toContain('# not a heading');
    const privately = page.getByTestId('ephemeral').filter({ hasText: 'Queued, one before you.' });
    await privately.waitFor();
    await privately.getByRole('button', { name: 'Dismiss' }).click();
    await privately.waitFor({ state: 'detached' });

    const modal = page.getByRole('dialog', { name: 'Edit the spec' });
    await card.getByRole('button', { name: 'Edit…' }).click();
    await modal.waitFor();
    await page.keyboard.press('Escape');
    await modal.waitFor({ state: 'detached' });
    await card.getByRole('button', { name: 'Edit…' }).click();
    await modal.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(() => modal.getByRole('alert').allInnerTexts(), PATIENT)
      .toEqual(['Please complete this required field.', 'Please complete this required field.']);
    await modal.getByLabel('Goal').fill('hm');
    await modal.getByLabel('Risk').selectOption('high');
    await modal.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(() => modal.getByRole('alert').allInnerTexts(), PATIENT)
      .toEqual(['Say a little more.']);
    await modal.getByLabel('Goal').fill('show a chart');
    await modal.getByRole('button', { name: 'Save' }).click();
    await modal.waitFor({ state: 'detached' });

    await card.getByTestId('replies').click();
    const thread = page.getByTestId('thread-messages');
    await thread.getByText('changed the goal: show a chart (risk high)').waitFor();
    const replyBox = page.getByTestId('thread-composer');
    await replyBox.fill('/feature more');
    await replyBox.press('Enter');
    await thread.getByText('/feature is not supported in threads. Sorry!').waitFor();
    await replyBox.fill('thank you @sli');
    await page.getByTestId('thread').getByRole('button', { name: '@slipway' }).click();
    await replyBox.press('Enter');
    await thread.getByText('thank you @slipway').waitFor();
    await page.getByRole('button', { name: 'Close thread' }).click();

    await card.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Yes, stop' }).click();
    await page.getByTestId('ephemeral').filter({ hasText: 'Stopped.' }).waitFor();
    await card.getByLabel('Which repository?').selectOption('acme/site');
    await page.getByTestId('ephemeral').filter({ hasText: 'Repository acme/site' }).waitFor();
    await card.getByRole('button', { name: 'Silent' }).click();
    await card.getByRole('alert').filter({ hasText: 'did not respond' }).waitFor();

    await page.getByTestId('person').selectOption('U0ANA');
    await expect.poll(() => page.getByTestId('ephemeral').count(), PATIENT).toBe(0);
    await composer.fill('We lose orders on slow lines');
    await composer.press('Enter');
    const hers = page.getByTestId('messages').getByTestId('message').filter({ hasText: 'We lose orders' });
    await hers.hover();
    await hers.getByRole('button', { name: 'React with eyes' }).click();
    await hers.getByRole('button', { name: 'eyes, 1' }).waitFor();
    await hers.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Turn into a feature request' }).click();
    await hers.getByTestId('replies').waitFor();

    await page.getByTestId('app').click();
    await page.getByTestId('home').getByText('Waiting for you').waitFor();
    expect(troubles).toEqual([]);
  },
);

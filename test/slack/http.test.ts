import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bot, startBot, theFeature, until } from './bot.ts';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot({ http: true });
});
afterAll(() => bot.stop());

/** Posts an event as Slack would, signed at a time. */
async function deliver(eventId: string, at: number, secret = bot.slack.credentials.signingSecret) {
  const body = JSON.stringify({
    type: 'event_callback',
    event_id: eventId,
    team_id: 'T0HARBOUR',
    event: {
      type: 'app_mention',
      user: 'U0RAJ',
      channel: 'C0SHOP',
      ts: '5.000100',
      text: `<@U0SLIPWAY> help`,
    },
  });
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`;
  const response = await fetch(`http://127.0.0.1:${bot.port}/slack/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-slack-request-timestamp': String(at),
      'x-slack-signature': signature,
    },
    body,
  });
  return response.status;
}
const now = () => Math.floor(Date.now() / 1000);
const handledOf = (id: string) => bot.handled.filter((entry) => entry.id === id).length;

test('events, commands and clicks come in over HTTP as well', async () => {
  expect(await bot.slack.as('U0RAJ').command('#shop', '/feature gift wrap')).toEqual({ kind: 'done' });
  expect((await theFeature(bot.engine)).request?.words).toBe('gift wrap');
});

test('a request that is played back is acknowledged and handled once', async () => {
  const at = now();
  expect(await deliver('Ev-replay', at)).toBe(200);
  expect(await deliver('Ev-replay', at)).toBe(200);
  await until('it was handled', () => handledOf('Ev-replay') > 0);
  expect(await deliver('Ev-after', now())).toBe(200);
  await until('what came after was handled', () => handledOf('Ev-after') > 0);
  expect(handledOf('Ev-replay')).toBe(1);
});

test.each<[string, () => Promise<number>]>([
  ['signed six minutes ago', () => deliver('Ev-old', now() - 360)],
  ['signed six minutes ahead', () => deliver('Ev-future', now() + 360)],
  ['signed with another secret', () => deliver('Ev-forged', now(), 'guessed')],
])('a request %s is not taken', async (_name, send) => {
  expect(await send()).toBeGreaterThanOrEqual(400);
  expect(bot.handled.map((entry) => entry.id)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/Ev-(old|future|forged)/)]),
  );
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SlackWorkspace, startSlack } from '../../../playground/slack/start-slack.ts';
import { slackClients } from '../../../src/slack/app.ts';
import { errorCode } from '../../../src/slack/calling.ts';
import { keptLog, until } from '../../engine/errand.ts';

let slack: SlackWorkspace;
let client: ReturnType<typeof slackClients>['outbox'];
beforeAll(async () => {
  slack = await startSlack({
    pace: { rateScale: Number.POSITIVE_INFINITY, fileReadyMs: 100 },
    channels: [{ id: 'C0CHECKOUT', name: 'checkout', members: ['U0RAJ', 'U0SLIPWAY'] }],
  });
  const log = { ...keptLog(), debug: () => undefined };
  client = slackClients({ token: slack.credentials.botToken, apiUrl: slack.apiUrl, log }).outbox;
});
afterAll(() => slack.stop());

/** The smallest PNG there is. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

async function upload(filename: string, until: 'asked' | 'sent' | 'completed'): Promise<string> {
  const place = await client.files.getUploadURLExternal({ filename, length: png.length });
  const { upload_url: url = '', file_id: id = '' } = place;
  if (until === 'asked') return id;
  const answer = await fetch(url, { method: 'POST', body: new Uint8Array(png) });
  expect(answer.status).toBe(200);
  if (until === 'completed') await client.files.completeUploadExternal({ files: [{ id, title: 'A chart' }] });
  return id;
}

const show = (id: string) =>
  client.chat
    .postMessage({
      channel: 'C0CHECKOUT',
      text: 'a chart',
      blocks: [{ type: 'image', slack_file: { id }, alt_text: 'a chart' }],
    })
    .then(
      ({ ts = '' }) => ({ ts, code: undefined }),
      (error: unknown) => ({ ts: '', code: errorCode(error) }),
    );

describe('a picture in a message', () => {
  test.each<[string, () => Promise<string>]>([
    ['no such file', async () => 'F0NOTHING'],
    ['a place without bytes', () => upload('a.png', 'asked')],
    ['bytes that were not completed', () => upload('b.png', 'sent')],
    ['a file that is no picture', () => upload('c.txt', 'completed')],
  ])('%s is refused', async (_name, make) => {
    const id = await make();
    expect((await show(id)).code).toBe('invalid_blocks');
  });

  test('is refused while Slack looks at the file, and shown after that', async () => {
    const id = await upload('d.png', 'completed');
    expect((await show(id)).code).toBe('invalid_blocks');
    let ts = '';
    await until('Slack takes it', async () => {
      ({ ts } = await show(id));
      return ts !== '';
    });
    const message = (await slack.messages('C0CHECKOUT')).find((each) => each.ts === ts);
    expect(message?.blocks?.[0]).toMatchObject({ type: 'image', slack_file: { id } });
    const shown = await fetch(`${slack.url}/files-pri/${id}/picture`);
    expect(shown.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await shown.arrayBuffer()).equals(png)).toBe(true);
  });
});

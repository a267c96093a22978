import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { freePort, startBot } from '../playground/bot.ts';
import { playFirstFeature } from '../playground/story/first-feature.ts';
import { firstFeature } from '../playground/story/scripts.ts';
import { startWorld } from '../playground/world.ts';
import { house, worldOptions } from '../src/cli/demo.ts';
import { pathOf } from '../test/setup/needs.ts';

/**
 * Plays the story of the demo and takes the README's picture of its thread, and one of its run page, from the
 * pages themselves. Both are real: when the messages change, so do they.
 */
const pictures = fileURLToPath(new URL('../docs', import.meta.url));
const directory = join(house, '.slipway', 'screenshot');

/** Pixels, of each picture. */
const height = 1_060;

const executablePath = pathOf('chromium');
if (executablePath === undefined) {
  console.error('The picture is taken with Chromium, which is not installed: apt-get install chromium');
  process.exit(2);
}

await rm(directory, { recursive: true, force: true });
await mkdir(directory, { recursive: true });
const port = await freePort();
const world = await startWorld({
  ...worldOptions(join(directory, 'world')),
  webUrl: `http://127.0.0.1:${port}`,
});
const bot = await startBot({
  entry: join(house, 'src/main.ts'),
  environment: world.environment,
  logFile: join(directory, 'bot.log'),
  port,
});
try {
  const { thread } = await playFirstFeature(world.slack, firstFeature);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    await pictureOfThread(browser, thread);
    await pictureOfRun(browser);
  } finally {
    await browser.close();
  }
} finally {
  await bot.stop();
  await world.stop();
}
for (const name of ['thread.png', 'run-page.png']) {
  const { size } = await stat(join(pictures, name));
  console.log(`docs/${name}: ${Math.round(size / 1024)} kB`);
}

/** How the thread begins and how it ends, side by side: the card, what was asked; the proofs, the pull request. */
async function pictureOfThread(browser: Browser, thread: string): Promise<void> {
  const { channels, users } = await world.slack.sight();
  const channel = channels.find(({ name }) => `#${name}` === firstFeature.channel);
  const reader = users.find(({ name }) => name === 'mei');
  // High enough for the whole thread, so that nothing has to be scrolled.
  const page = await browser.newPage({ viewport: { width: 1360, height: 4_000 } });
  const place = new URLSearchParams({ as: reader?.id ?? '', thread_ts: thread });
  await page.goto(`${world.slack.url}/archives/${channel?.id ?? ''}?${place}`);
  await page.getByRole('link', { name: /draft pull request/i }).waitFor();
  const panel = await page.getByTestId('thread').boundingBox();
  const last = await page.getByTestId('thread-messages').getByTestId('message').last().boundingBox();
  if (!panel || !last) throw new Error('The page shows no thread.');
  const { x, width } = panel;
  const bottom = last.y + last.height + 8;
  const shots = [
    await page.screenshot({ clip: { x, y: 0, width, height } }),
    await page.screenshot({ clip: { x, y: bottom - height, width, height } }),
  ];
  const images = shots.map((shot) => `<img src="data:image/png;base64,${shot.toString('base64')}">`);
  await page.setViewportSize({ width: Math.floor(2 * width) + 20, height });
  await page.setContent(`<body style="margin:0;display:flex;gap:20px;background:#19323c">${images.join('')}`);
  await page.screenshot({ path: join(pictures, 'thread.png') });
}

async function pictureOfRun(browser: Browser): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1100, height } });
  await page.goto(bot.url);
  await page.getByRole('link', { name: /free delivery/i }).click();
  await page.screenshot({ path: join(pictures, 'run-page.png') });
}

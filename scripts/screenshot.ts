import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { playFirstFeature } from '../playground/story/first-feature.ts';
import { playRamp } from '../playground/story/ramp.ts';
import { firstFeature } from '../playground/story/scripts.ts';
import { stateOf } from '../src/cli/demo/feature-summary.ts';
import { openWorld } from '../src/cli/demo/open-world.ts';
import { rolloutRecord } from '../src/cli/demo/rollout-summary.ts';
import { pathOf } from '../test/setup/needs.ts';

/**
 * Plays the story of the demo and takes the README's pictures of its thread, of the halt, and of its run page, from
 * the pages themselves. All are real: when the messages change, so do they.
 */
const pictures = fileURLToPath(new URL('../docs', import.meta.url));
const directory = fileURLToPath(new URL('../.slipway/screenshot', import.meta.url));

/** Pixels, of each picture. */
const height = 1_060;

const executablePath = pathOf('chromium');
if (executablePath === undefined) {
  console.error('The picture is taken with Chromium, which is not installed: apt-get install chromium');
  process.exit(2);
}

await rm(directory, { recursive: true, force: true });
await mkdir(directory, { recursive: true });
const { world, bot, stop } = await openWorld({ directory: join(directory, 'world') });
try {
  const told = await playFirstFeature(world.slack, firstFeature);
  const { thread } = told;
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    await pictureOfThread(browser, thread);
    await pictureOfRun(browser);
    await ramp(await stateOf(world, bot.url, told));
    await pictureOfHalt(browser, thread);
  } finally {
    await browser.close();
  }
} finally {
  await stop();
}
for (const name of ['thread.png', 'run-page.png', 'halt.png']) {
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

async function ramp(feature: Awaited<ReturnType<typeof stateOf>>): Promise<void> {
  const id = feature.id.replace(/^f-/, 'r-');
  await playRamp(world, {
    thread: feature.request?.message ?? feature.messages[0]?.ts ?? '',
    pullRequest: feature.pullRequest?.number ?? 0,
    percent: async () => (await rolloutRecord(bot.url, id))?.state.stages.at(-1)?.percent ?? 0,
  });
}

/** The message of the halt with its chart, as it stands in the thread. */
async function pictureOfHalt(browser: Browser, thread: string): Promise<void> {
  const { channels, users } = await world.slack.sight();
  const channel = channels.find(({ name }) => `#${name}` === firstFeature.channel);
  const reader = users.find(({ name }) => name === 'tom');
  const page = await browser.newPage({ viewport: { width: 1500, height: 6_000 }, deviceScaleFactor: 1 });
  const place = new URLSearchParams({ as: reader?.id ?? '', thread_ts: thread });
  await page.goto(`${world.slack.url}/archives/${channel?.id ?? ''}?${place}`);
  const halt = page.getByTestId('thread-messages').getByTestId('message').filter({ hasText: 'Halted at' });
  await halt
    .last()
    .getByAltText(/until the halt/i)
    .waitFor();
  await halt.last().screenshot({ path: join(pictures, 'halt.png') });
}

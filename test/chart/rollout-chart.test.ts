import { createCanvas, loadImage } from '@napi-rs/canvas';
import { expect, test } from 'vitest';
import { chartColours, drawRollout, type RolloutPicture } from '../../src/chart/rollout-chart.ts';

const start = Date.parse('2026-11-21T12:00:00Z');
const at = (minute: number) => new Date(start + minute * 60_000).toISOString();

/** An hour of 2 % in both cohorts, at twice that for the exposed after the 40th minute. */
function picture(overrides: Partial<RolloutPicture> = {}): RolloutPicture {
  return {
    title: 'free-delivery in production',
    metric: 'orders that fail',
    unit: 'share',
    points: Array.from({ length: 61 }, (_, minute) => ({
      at: at(minute),
      exposed: minute > 50 ? null : minute > 40 ? 0.04 : 0.02,
      control: 0.02,
    })),
    stages: [
      { percent: 1, at: at(0) },
      { percent: 25, at: at(30) },
    ],
    haltedAt: at(50),
    ...overrides,
  };
}

/** Where the legend and the names of the stages end, in pixels. */
const plotTop = 346;

/** How many pixels of a colour the picture has, and how far to the right one lies inside of the plot. */
async function pixelsOf(png: Buffer) {
  const image = await loadImage(png);
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data, width, height } = context.getImageData(0, 0, image.width, image.height);
  const pixels = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const of = (colour: string) => {
    const wanted = Number.parseInt(colour.slice(1), 16);
    let count = 0;
    let last = 0;
    for (let index = 0; index < width * height; index += 1) {
      if (pixels.getUint32(index * 4) >>> 8 !== wanted) continue;
      count += 1;
      if (index >= plotTop * width) last = Math.max(last, index % width);
    }
    return { count, last };
  };
  return { width, height, of };
}

test('a PNG of both cohorts, the stages and the halt, sharp enough for any screen', async () => {
  const png = await drawRollout(picture());
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  const pixels = await pixelsOf(png);
  expect([pixels.width, pixels.height]).toEqual([2400, 1200]);
  for (const name of ['exposed', 'control', 'halt', 'stage', 'ink'] as const) {
    expect(pixels.of(chartColours[name]).count, name).toBeGreaterThan(200);
  }
  // After the halt nobody is exposed: that line ends there, and the control's goes on.
  const lastOf = (name: 'exposed' | 'control' | 'halt') => pixels.of(chartColours[name]).last;
  expect(lastOf('exposed')).toBeLessThanOrEqual(lastOf('halt'));
  expect(lastOf('control')).toBeGreaterThan(lastOf('halt') + 100);
});

test('the words are drawn with the font that ships with us, also where there are no others', async () => {
  const words = await pixelsOf(await drawRollout(picture({ title: 'Kostenlose Lieferung' })));
  const none = await pixelsOf(await drawRollout(picture({ title: '' })));
  expect(words.of(chartColours.ink).count).toBeGreaterThan(none.of(chartColours.ink).count + 1_000);
});

test.each([
  ['without a halt', { haltedAt: undefined }, 0],
  ['with a halt', {}, 5_000],
])('%s: the red line', async (_name, change, least) => {
  const { haltedAt: _halted, ...rest } = picture();
  const whole = 'haltedAt' in change ? rest : picture();
  const { count } = (await pixelsOf(await drawRollout(whole))).of(chartColours.halt);
  if (least === 0) expect(count).toBe(0);
  else expect(count).toBeGreaterThan(least);
});

test.each([
  ['nothing was counted', { points: [] }],
  ['only one point', { points: [{ at: at(0), exposed: 0, control: 0 }] }],
  ['long words', { title: 'x'.repeat(500), metric: 'Übergrößen '.repeat(60) }],
  [
    'ten stages in a minute',
    { stages: Array.from({ length: 10 }, (_, index) => ({ percent: index + 1, at: at(index / 10) })) },
  ],
  ['values', { unit: 'value' as const }],
])('%s: still a picture', async (_name, change) => {
  const { width } = await pixelsOf(await drawRollout(picture(change)));
  expect(width).toBe(2400);
});

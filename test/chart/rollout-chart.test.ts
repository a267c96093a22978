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
const plotTop = 330;

/** How many pixels of each colour the picture has. */
async function pixelsOf(png: Buffer) {
  const image = await loadImage(png);
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data, width, height } = context.getImageData(0, 0, image.width, image.height);
  const found = new Map<string, { count: number; rows: [number, number][] }>();
  for (let index = 0; index < data.length; index += 4) {
    const colour = `#${[0, 1, 2].map((part) => (data[index + part] ?? 0).toString(16).padStart(2, '0')).join('')}`;
    const seen = found.get(colour) ?? { count: 0, rows: [] };
    seen.count += 1;
    if (colour !== chartColours.paper) seen.rows.push([(index / 4) % width, Math.floor(index / 4 / width)]);
    found.set(colour, seen);
  }
  return { width, height, of: (colour: string) => found.get(colour) ?? { count: 0, rows: [] } };
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
  const lastOf = (name: 'exposed' | 'control' | 'halt') =>
    pixels.of(chartColours[name]).rows.reduce((most, [x, y]) => (y > plotTop ? Math.max(most, x) : most), 0);
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

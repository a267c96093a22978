import { expect, test } from 'vitest';
import { createRateLimits } from '../../../../playground/slack/limits/rates.ts';

/** How many calls at one moment pass, and the seconds the next one is told to wait. */
function burst(method: string, channel?: string, scale = 1): [passed: number, wait: number | undefined] {
  const rates = createRateLimits({ scale, now: () => 0 });
  for (let passed = 0; passed < 1_000; passed += 1) {
    const wait = rates.take(method, channel);
    if (wait !== undefined) return [passed, wait];
  }
  return [1_000, undefined];
}

test.each<[string, number, number]>([
  ['chat.postMessage', 8, 1],
  ['apps.connections.open', 20, 60],
  ['users.list', 20, 3],
  ['chat.update', 50, 2],
  ['reactions.add', 50, 2],
  ['views.open', 100, 1],
  ['chat.postEphemeral', 100, 1],
])('%s: %i at once, then %i s', (method, passed, wait) => {
  expect(burst(method, 'C1')).toEqual([passed, wait]);
});

test('rates can be scaled, or taken away', () => {
  expect(burst('chat.postMessage', 'C1', 10)).toEqual([80, 1]);
  expect(burst('chat.postMessage', 'C1', Number.POSITIVE_INFINITY)).toEqual([1_000, undefined]);
});

test('one message a second goes on for ever, and each channel counts for itself', () => {
  let now = 0;
  const rates = createRateLimits({ scale: 1, now: () => now });
  for (let index = 0; index < 100; index += 1) {
    expect(rates.take('chat.postMessage', 'C1')).toBeUndefined();
    now += 1_000;
  }
  for (let index = 0; index < 8; index += 1) rates.take('chat.postMessage', 'C1');
  expect(rates.take('chat.postMessage', 'C1')).toBe(1);
  expect(rates.take('chat.postMessage', 'C2')).toBeUndefined();
  now += 1_000;
  expect(rates.take('chat.postMessage', 'C1')).toBeUndefined();
});

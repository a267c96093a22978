import { normalizedStrategyValue } from 'unleash-client/lib/strategy/util.js';
import { expect, test } from 'vitest';
import { bucket } from '../../../../src/adapters/unleash/bucket.ts';

test.each([
  ['123', 'gr1', 73],
  ['999', 'groupX', 25],
  ['user-1', 'checkout-v2', 62],
  ['user-2', 'checkout-v2', 37],
  ['user-42', 'checkout-v2', 92],
])('user %s falls into the published bucket of %s', (id, group, published) => {
  expect(bucket(id, group)).toBe(published);
});

test('every user falls into the bucket that the client library would choose', () => {
  const ids = ['', 'a', 'ab', 'abc', 'abcd', ...Array.from({ length: 2000 }, (_, i) => `u${i * 7919}`)];
  const ours = ids.map((id) => bucket(id, 'new-checkout'));
  expect(ours).toEqual(ids.map((id) => normalizedStrategyValue(id, 'new-checkout')));
});

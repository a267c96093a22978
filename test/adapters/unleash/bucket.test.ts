import { normalizedStrategyValue } from 'unleash-client/lib/strategy/util.js';
import { describe, expect, test } from 'vitest';
import { bucket } from '../../../src/adapters/unleash/bucket.ts';
import { isRamping, reaches } from '../../../src/adapters/unleash/ramping.ts';

test.each([
  ['123', 'gr1', 73],
  ['999', 'groupX', 25],
  ['user-1', 'checkout-v2', 62],
  ['user-2', 'checkout-v2', 37],
  ['user-42', 'checkout-v2', 92],
])('%s of group %s is in share %d', (id, group, share) => {
  expect(bucket(id, group)).toBe(share);
});

test('every user is in the share that the client library would choose', () => {
  const ids = ['', 'a', 'ab', 'abc', 'abcd', ...Array.from({ length: 2000 }, (_, i) => `u${i * 7919}`)];
  const ours = ids.map((id) => bucket(id, 'new-checkout'));
  expect(ours).toEqual(ids.map((id) => normalizedStrategyValue(id, 'new-checkout')));
});

describe('who gets a flag, from what clients are told', () => {
  const rollout = (percent: string, more: object = {}) => ({
    name: 'flexibleRollout',
    parameters: { rollout: percent },
    constraints: [],
    segments: [],
    ...more,
  });
  const everyone = { name: 'default', parameters: {}, constraints: [], segments: [] };
  test.each([
    ['off', false, [rollout('25')], { reaches: false, ramping: false }],
    ['25 %', true, [rollout('25')], { reaches: true, ramping: true }],
    ['0 %', true, [rollout('0')], { reaches: false, ramping: false }],
    ['100 %', true, [rollout('100')], { reaches: true, ramping: false }],
    ['no strategy, which is everybody', true, [], { reaches: true, ramping: false }],
    ['a half percent, which is nobody', true, [rollout('0.5')], { reaches: false, ramping: false }],
    ['no number, which is nobody', true, [rollout('abc')], { reaches: false, ramping: false }],
    ['10 % or everybody', true, [rollout('10'), everyone], { reaches: true, ramping: false }],
    ['everybody of a segment', true, [rollout('100', { segments: [1] })], { reaches: true, ramping: true }],
    [
      '0 % or a list of users',
      true,
      [rollout('0'), { ...everyone, name: 'userWithId' }],
      { reaches: true, ramping: true },
    ],
  ])('%s', (_, enabled, strategies, expected) => {
    const feature = { name: 'f', project: 'default', enabled, strategies };
    expect({ reaches: reaches(feature), ramping: isRamping(feature) }).toEqual(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { featuresOf } from '../src/features.ts';
import { giftWrapCost } from '../src/gift-wrap.ts';

const lines = [{ sku: 'mug', quantity: 1 }];

describe('giftWrapCost', () => {
  it.each([
    ['wrapped', { giftWrap: true, lines }, 'gift-wrap', 250],
    ['not wrapped', { giftWrap: false, lines }, 'gift-wrap', 0],
    ['wrapped, but empty', { giftWrap: true, lines: [] }, 'gift-wrap', 0],
    ['wrapped, with the feature off', { giftWrap: true, lines }, 'another', 0],
  ])('%s', (_, cart, features, expected) => {
    expect(giftWrapCost(cart, featuresOf(features))).toBe(expected);
  });
});

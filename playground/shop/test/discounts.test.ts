import { describe, expect, it } from 'vitest';
import { discountOn } from '../src/discounts.ts';

describe('discountOn', () => {
  it.each([
    ['nothing', [], 0],
    ['nine of a thing', [{ sku: 'mug', quantity: 9, amount: 11_250 }], 0],
    ['ten of a thing', [{ sku: 'mug', quantity: 10, amount: 12_500 }], 1_250],
    [
      'ten things on two lines',
      [
        { sku: 'mug', quantity: 5, amount: 6_250 },
        { sku: 'honey', quantity: 5, amount: 3_100 },
      ],
      0,
    ],
    [
      'two lines of ten',
      [
        { sku: 'honey', quantity: 10, amount: 6_200 },
        { sku: 'spoon', quantity: 11, amount: 4_939 },
      ],
      1_114,
    ],
  ])('%s', (_, lines, expected) => {
    expect(discountOn(lines)).toBe(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { deliveryCost } from '../src/delivery.ts';

describe('deliveryCost', () => {
  it.each([
    ['standard', 0, 0],
    ['standard', 1, 490],
    ['standard', 5_000, 490],
    ['standard', 5_001, 790],
    ['express', 0, 0],
    ['express', 5_000, 990],
    ['express', 5_001, 1_290],
  ] as const)('%s delivery of %i grams costs %i', (delivery, grams, expected) => {
    expect(deliveryCost({ delivery, grams })).toBe(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { format, percentOf, sum } from '../src/money.ts';

describe('percentOf', () => {
  it.each([
    [1_000, 10, 100],
    [994, 10, 99],
    [995, 10, 100],
    [0, 10, 0],
    [999, 100, 999],
  ])('of %i cents, %i percent is %i', (amount, percent, expected) => {
    expect(percentOf(amount, percent)).toBe(expected);
  });
});

describe('sum', () => {
  it('of nothing is nothing', () => expect(sum([])).toBe(0));
  it('adds up', () => expect(sum([1, 20, 300])).toBe(321));
});

describe('format', () => {
  it.each([
    [0, '€0.00'],
    [5, '€0.05'],
    [1_250, '€12.50'],
    [-490, '-€4.90'],
  ])('%i is %s', (amount, expected) => {
    expect(format(amount)).toBe(expected);
  });
});

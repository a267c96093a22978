import { describe, expect, it } from 'vitest';
import { addLine, chooseDelivery, chooseGiftWrap, emptyCart, removeLine } from '../src/cart.ts';

describe('a cart', () => {
  const cart = addLine(emptyCart('c1'), { sku: 'mug', quantity: 2 });

  it('starts empty, with standard delivery and no wrapping', () => {
    expect(emptyCart('c1')).toEqual({ id: 'c1', lines: [], delivery: 'standard', giftWrap: false });
  });
  it('keeps the same thing on one line', () => {
    expect(addLine(cart, { sku: 'mug', quantity: 3 }).lines).toEqual([{ sku: 'mug', quantity: 5 }]);
  });
  it('keeps the order in which things were put in', () => {
    const more = addLine(addLine(cart, { sku: 'honey', quantity: 1 }), { sku: 'mug', quantity: 1 });
    expect(more.lines.map((line) => line.sku)).toEqual(['mug', 'honey']);
  });
  it('gives up a line', () => {
    expect(removeLine(cart, 'mug').lines).toEqual([]);
  });
  it('remembers delivery and wrapping', () => {
    expect(chooseGiftWrap(chooseDelivery(cart, 'express'), true)).toMatchObject({
      delivery: 'express',
      giftWrap: true,
    });
  });
  it.each([0, -1, 1.5, Number.NaN])('refuses a quantity of %s', (quantity) => {
    expect(() => addLine(cart, { sku: 'mug', quantity })).toThrow('whole number');
  });
  it('holds at most 99 of one thing', () => {
    expect(addLine(cart, { sku: 'mug', quantity: 97 }).lines[0]?.quantity).toBe(99);
    expect(() => addLine(cart, { sku: 'mug', quantity: 98 })).toThrow('at most 99');
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { addLine, emptyCart } from '../src/cart.ts';
import { placeOrder } from '../src/orders.ts';
import { openShop, type Shop } from '../src/shop.ts';

describe('placeOrder', () => {
  let shop: Shop;
  beforeEach(() => {
    shop = openShop();
  });

  it('keeps the lines and the price', () => {
    const order = placeOrder(addLine(emptyCart('c1'), { sku: 'honey', quantity: 2 }), shop);
    expect(order).toMatchObject({
      number: 'o00001',
      lines: [{ sku: 'honey', quantity: 2 }],
      delivery: 'standard',
      price: { goods: 1_240, total: 1_730 },
    });
    expect(shop.store.order('o00001')).toEqual(order);
  });
  it('holds the goods back and empties the cart', () => {
    placeOrder(addLine(emptyCart('c1'), { sku: 'kettle', quantity: 4 }), shop);
    expect(shop.stock.left('kettle')).toBe(6);
    expect(shop.store.cart('c1').lines).toEqual([]);
  });
  it('refuses an empty cart', () => {
    expect(() => placeOrder(emptyCart('c1'), shop)).toThrow('nothing in this cart');
  });
  it('holds nothing back when one thing is short', () => {
    const cart = addLine(addLine(emptyCart('c1'), { sku: 'mug', quantity: 1 }), {
      sku: 'kettle',
      quantity: 11,
    });
    expect(() => placeOrder(cart, shop)).toThrow('We have 10 of "kettle" left, not 11.');
    expect(shop.stock.left('mug')).toBe(120);
  });
});

import { describe, expect, it } from 'vitest';
import { addLine, type Cart, chooseDelivery, chooseGiftWrap, emptyCart } from '../src/cart.ts';
import { featuresOf } from '../src/features.ts';
import { priceOf } from '../src/pricing.ts';
import { openShop } from '../src/shop.ts';

const shop = openShop({ features: featuresOf('gift-wrap') });
const cartOf = (quantities: Readonly<Record<string, number>>): Cart =>
  Object.entries(quantities).reduce(
    (cart, [sku, quantity]) => addLine(cart, { sku, quantity }),
    emptyCart('c1'),
  );

describe('priceOf', () => {
  it('is nothing for an empty cart', () => {
    expect(priceOf(emptyCart('c1'), shop)).toEqual(
      expect.objectContaining({ goods: 0, delivery: 0, total: 0 }),
    );
  });
  it('adds up goods and delivery', () => {
    expect(priceOf(cartOf({ mug: 2, honey: 1 }), shop)).toEqual(
      expect.objectContaining({ discount: 0, goods: 3_120, giftWrap: 0, delivery: 490, total: 3_610 }),
    );
  });
  it('shows each line before its discount', () => {
    const price = priceOf(cartOf({ spoon: 10 }), shop);
    expect(price.lines).toEqual([{ sku: 'spoon', quantity: 10, amount: 4_490 }]);
    expect(price).toEqual(expect.objectContaining({ discount: 449, goods: 4_041, total: 4_531 }));
  });
  it('charges express delivery', () => {
    expect(priceOf(chooseDelivery(cartOf({ mug: 1 }), 'express'), shop).total).toBe(2_240);
  });
  it('charges heavy parcels more', () => {
    expect(priceOf(chooseDelivery(cartOf({ kettle: 3 }), 'express'), shop).delivery).toBe(1_290);
  });
  it('adds the wrapping', () => {
    expect(priceOf(chooseGiftWrap(cartOf({ mug: 1 }), true), shop)).toEqual(
      expect.objectContaining({ giftWrap: 250, total: 1_990 }),
    );
  });
});

import type { Cart } from './cart.ts';
import type { Catalogue } from './catalogue.ts';
import { deliveryCost } from './delivery.ts';
import type { PricedLine } from './discounts.ts';
import { discountOn } from './discounts.ts';
import type { Features } from './features.ts';
import { giftWrapCost } from './gift-wrap.ts';
import type { Cents } from './money.ts';
import { sum } from './money.ts';

export type Price = {
  readonly lines: readonly PricedLine[];
  /** Taken off the lines, as a positive amount. */
  readonly discount: Cents;
  /** What the goods cost after the discount. */
  readonly goods: Cents;
  readonly giftWrap: Cents;
  readonly delivery: Cents;
  readonly total: Cents;
};

/** The price of a cart, part by part. The only place where prices are made. */
export function priceOf(
  cart: Cart,
  shop: { readonly catalogue: Catalogue; readonly features: Features },
): Price {
  const lines = cart.lines.map(({ sku, quantity }) => ({
    sku,
    quantity,
    amount: shop.catalogue.find(sku).price * quantity,
  }));
  const discount = discountOn(lines);
  const goods = sum(lines.map((line) => line.amount)) - discount;
  const giftWrap = giftWrapCost(cart, shop.features);
  const grams = sum(cart.lines.map(({ sku, quantity }) => shop.catalogue.find(sku).grams * quantity));
  const delivery = deliveryCost({ delivery: cart.delivery, grams });
  return { lines, discount, goods, giftWrap, delivery, total: goods + giftWrap + delivery };
}

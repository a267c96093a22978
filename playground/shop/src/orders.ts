import type { Cart, Line } from './cart.ts';
import type { Delivery } from './delivery.ts';
import { ShopError } from './errors.ts';
import type { Price } from './pricing.ts';
import { priceOf } from './pricing.ts';
import type { Shop } from './shop.ts';

export type Order = {
  readonly number: string;
  readonly lines: readonly Line[];
  readonly delivery: Delivery;
  /** As it was when the order was placed. */
  readonly price: Price;
};

/** Turns a cart into an order: holds the goods back, keeps the price, empties the cart. */
export function placeOrder(cart: Cart, shop: Shop): Order {
  if (cart.lines.length === 0) throw new ShopError('empty-cart', 'There is nothing in this cart yet.');
  const price = priceOf(cart, shop);
  shop.stock.hold(cart.lines);
  const order = {
    number: shop.store.nextOrderNumber(),
    lines: cart.lines,
    delivery: cart.delivery,
    price,
  };
  shop.store.saveOrder(order);
  shop.store.saveCart({ ...cart, lines: [] });
  return order;
}

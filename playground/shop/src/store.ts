import type { Cart } from './cart.ts';
import { ShopError } from './errors.ts';
import type { Order } from './orders.ts';

export type Store = {
  nextCartId(): string;
  nextOrderNumber(): string;
  cart(id: string): Cart;
  saveCart(cart: Cart): void;
  order(number: string): Order;
  saveOrder(order: Order): void;
};

/** Carts and orders, kept as long as the process lives. */
export function makeStore(): Store {
  const carts = new Map<string, Cart>();
  const orders = new Map<string, Order>();
  let cartsMade = 0;
  let ordersMade = 0;
  return {
    nextCartId: () => `c${++cartsMade}`,
    nextOrderNumber: () => `o${String(++ordersMade).padStart(5, '0')}`,
    cart(id) {
      const cart = carts.get(id);
      if (!cart) throw new ShopError('not-found', `There is no cart "${id}".`);
      return cart;
    },
    saveCart(cart) {
      carts.set(cart.id, cart);
    },
    order(number) {
      const order = orders.get(number);
      if (!order) throw new ShopError('not-found', `There is no order "${number}".`);
      return order;
    },
    saveOrder(order) {
      orders.set(order.number, order);
    },
  };
}

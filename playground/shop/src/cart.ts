import type { Delivery } from './delivery.ts';
import { ShopError } from './errors.ts';

export type Line = { readonly sku: string; readonly quantity: number };

export type Cart = {
  readonly id: string;
  readonly lines: readonly Line[];
  readonly delivery: Delivery;
  readonly giftWrap: boolean;
};

const mostOfOneThing = 99;

export function emptyCart(id: string): Cart {
  return { id, lines: [], delivery: 'standard', giftWrap: false };
}

/** Puts more of something into the cart; the same thing stays on one line. */
export function addLine(cart: Cart, added: Line): Cart {
  const { sku, quantity } = added;
  if (!Number.isInteger(quantity) || quantity < 1)
    throw new ShopError('invalid', `A quantity is a whole number from 1, not ${quantity}.`);
  const present = cart.lines.find((line) => line.sku === sku);
  const total = quantity + (present?.quantity ?? 0);
  if (total > mostOfOneThing)
    throw new ShopError('invalid', `We sell at most ${mostOfOneThing} of one thing, not ${total}.`);
  const line = { sku, quantity: total };
  return {
    ...cart,
    lines: present ? cart.lines.map((one) => (one === present ? line : one)) : [...cart.lines, line],
  };
}

export function removeLine(cart: Cart, sku: string): Cart {
  return { ...cart, lines: cart.lines.filter((line) => line.sku !== sku) };
}

export function chooseDelivery(cart: Cart, delivery: Delivery): Cart {
  return { ...cart, delivery };
}

export function chooseGiftWrap(cart: Cart, giftWrap: boolean): Cart {
  return { ...cart, giftWrap };
}

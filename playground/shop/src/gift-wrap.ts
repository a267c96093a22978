import type { Cart } from './cart.ts';
import type { Features } from './features.ts';
import type { Cents } from './money.ts';

const wrapping: Cents = 250;

/** What the wrapping of a cart costs; nothing while the feature `gift-wrap` is off. */
export function giftWrapCost(cart: Pick<Cart, 'giftWrap' | 'lines'>, features: Features): Cents {
  if (!features.isOn('gift-wrap')) return 0;
  return cart.giftWrap && cart.lines.length > 0 ? wrapping : 0;
}

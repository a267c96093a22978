import { addLine, type Cart, chooseDelivery, chooseGiftWrap, emptyCart, removeLine } from '../cart.ts';
import { deliveries } from '../delivery.ts';
import { ShopError } from '../errors.ts';
import { placeOrder } from '../orders.ts';
import { priceOf } from '../pricing.ts';
import type { Shop } from '../shop.ts';
import { booleanOf, numberOf, textOf } from './body.ts';

export type Fields = Readonly<Record<string, unknown>>;
export type Answer = { readonly status: number; readonly body: unknown };
type Handler = (shop: Shop, parameters: readonly string[], fields: Fields) => Answer;
export type Route = {
  readonly name: string;
  readonly method: string;
  readonly path: RegExp;
  readonly handle: Handler;
};

const shown = (shop: Shop, cart: Cart, status = 200): Answer => {
  shop.store.saveCart(cart);
  return { status, body: { ...cart, price: priceOf(cart, shop) } };
};

/** What the service answers to. The groups of a path are handed over in order. */
export const routes: readonly Route[] = [
  {
    name: 'products',
    method: 'GET',
    path: /^\/products$/,
    handle: (shop) => ({
      status: 200,
      body: shop.catalogue.all().map((product) => ({ ...product, left: shop.stock.left(product.sku) })),
    }),
  },
  {
    name: 'new-cart',
    method: 'POST',
    path: /^\/carts$/,
    handle: (shop) => shown(shop, emptyCart(shop.store.nextCartId()), 201),
  },
  {
    name: 'cart',
    method: 'GET',
    path: /^\/carts\/([^/]+)$/,
    handle: (shop, [id = '']) => shown(shop, shop.store.cart(id)),
  },
  {
    name: 'add',
    method: 'POST',
    path: /^\/carts\/([^/]+)\/lines$/,
    handle(shop, [id = ''], fields) {
      const { sku } = shop.catalogue.find(textOf(fields, 'sku'));
      return shown(shop, addLine(shop.store.cart(id), { sku, quantity: numberOf(fields, 'quantity') }));
    },
  },
  {
    name: 'remove',
    method: 'DELETE',
    path: /^\/carts\/([^/]+)\/lines\/([^/]+)$/,
    handle: (shop, [id = '', sku = '']) => shown(shop, removeLine(shop.store.cart(id), sku)),
  },
  {
    name: 'delivery',
    method: 'PUT',
    path: /^\/carts\/([^/]+)\/delivery$/,
    handle(shop, [id = ''], fields) {
      const wanted = textOf(fields, 'delivery');
      const delivery = deliveries.find((one) => one === wanted);
      if (!delivery)
        throw new ShopError('not-offered', `We deliver ${deliveries.join(' or ')}, not "${wanted}".`);
      return shown(shop, chooseDelivery(shop.store.cart(id), delivery));
    },
  },
  {
    name: 'gift-wrap',
    method: 'PUT',
    path: /^\/carts\/([^/]+)\/gift-wrap$/,
    handle(shop, [id = ''], fields) {
      if (!shop.features.isOn('gift-wrap')) throw new ShopError('not-offered', 'We do not wrap gifts yet.');
      return shown(shop, chooseGiftWrap(shop.store.cart(id), booleanOf(fields, 'giftWrap')));
    },
  },
  {
    name: 'order',
    method: 'POST',
    path: /^\/carts\/([^/]+)\/order$/,
    handle: (shop, [id = '']) => ({ status: 201, body: placeOrder(shop.store.cart(id), shop) }),
  },
  {
    name: 'see-order',
    method: 'GET',
    path: /^\/orders\/([^/]+)$/,
    handle: (shop, [number = '']) => ({ status: 200, body: shop.store.order(number) }),
  },
];

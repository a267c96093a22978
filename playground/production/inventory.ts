type Shop = typeof import('../shop/src/shop.ts');
type Stock = typeof import('../shop/src/stock.ts');
type OpenShop = ReturnType<Shop['openShop']>;

/** What is for sale but cannot be had, as customers learn when they order. */
export const soldOut = 'honey';

const plenty = 1_000_000_000;
const cartsKept = 50_000;

/** A shop that sells all day: full shelves but for one thing, and only the newest carts and orders are kept. */
export function shopOfManyCustomers({ openShop }: Shop, { makeStock }: Stock): OpenShop {
  const shop = openShop();
  const shelves = shop.catalogue.all().map(({ sku }) => [sku, sku === soldOut ? 0 : plenty]);
  const carts = newest(shop.store.cart);
  const orders = newest(shop.store.order);
  return {
    ...shop,
    stock: makeStock(Object.fromEntries(shelves)),
    store: {
      ...shop.store,
      cart: carts.find,
      saveCart: (cart) => carts.keep(cart.id, cart),
      order: orders.find,
      saveOrder: (order) => orders.keep(order.number, order),
    },
  };
}

/** The newest of a kind by their key; what it does not have is refused as the shop refuses it. */
function newest<One>(refuse: (key: string) => One) {
  const kept = new Map<string, One>();
  return {
    find: (key: string) => kept.get(key) ?? refuse(key),
    keep(key: string, one: One) {
      kept.set(key, one);
      const [oldest] = kept.size > cartsKept ? kept.keys() : [];
      if (oldest !== undefined) kept.delete(oldest);
    },
  };
}

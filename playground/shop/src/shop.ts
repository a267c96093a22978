import type { Catalogue } from './catalogue.ts';
import { makeCatalogue } from './catalogue.ts';
import type { Features } from './features.ts';
import { featuresOf } from './features.ts';
import { openingStock, products } from './products.ts';
import type { Stock } from './stock.ts';
import { makeStock } from './stock.ts';
import type { Store } from './store.ts';
import { makeStore } from './store.ts';

/** Everything a request needs. */
export type Shop = {
  readonly catalogue: Catalogue;
  readonly features: Features;
  readonly stock: Stock;
  readonly store: Store;
};

export function openShop(options: { readonly features?: Features } = {}): Shop {
  return {
    catalogue: makeCatalogue(products),
    features: options.features ?? featuresOf(''),
    stock: makeStock(openingStock),
    store: makeStore(),
  };
}

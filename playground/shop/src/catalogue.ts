import { ShopError } from './errors.ts';
import type { Cents } from './money.ts';

export type Product = {
  readonly sku: string;
  readonly name: string;
  readonly price: Cents;
  readonly grams: number;
};

export type Catalogue = {
  all(): readonly Product[];
  /** The product with this number, or a `not-found` error. */
  find(sku: string): Product;
};

export function makeCatalogue(products: readonly Product[]): Catalogue {
  const bySku = new Map(products.map((product) => [product.sku, product]));
  return {
    all: () => products,
    find(sku) {
      const product = bySku.get(sku);
      if (!product) throw new ShopError('not-found', `We do not sell "${sku}".`);
      return product;
    },
  };
}

import { describe, expect, it } from 'vitest';
import { makeCatalogue } from '../src/catalogue.ts';
import { openingStock, products } from '../src/products.ts';

describe('catalogue', () => {
  const catalogue = makeCatalogue(products);

  it('finds a product by its number', () => {
    expect(catalogue.find('mug')).toEqual({ sku: 'mug', name: 'Mug', price: 1_250, grams: 380 });
  });
  it('says what it does not sell', () => {
    expect(() => catalogue.find('boat')).toThrow('We do not sell "boat".');
  });
  it('has every product in stock when the shop opens', () => {
    expect(Object.keys(openingStock).toSorted()).toEqual(products.map((one) => one.sku).toSorted());
  });
});

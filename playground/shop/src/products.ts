import type { Product } from './catalogue.ts';

/** What the shop sells. */
export const products: readonly Product[] = [
  { sku: 'mug', name: 'Mug', price: 1_250, grams: 380 },
  { sku: 'teapot', name: 'Teapot', price: 3_499, grams: 900 },
  { sku: 'tea-green', name: 'Green tea, 100 g', price: 850, grams: 120 },
  { sku: 'tea-black', name: 'Black tea, 100 g', price: 790, grams: 120 },
  { sku: 'honey', name: 'Honey, 250 g', price: 620, grams: 400 },
  { sku: 'kettle', name: 'Kettle', price: 5_900, grams: 1_800 },
  { sku: 'spoon', name: 'Tea spoon', price: 449, grams: 40 },
];

/** How many of each there are when the shop opens. */
export const openingStock: Readonly<Record<string, number>> = {
  mug: 120,
  teapot: 25,
  'tea-green': 300,
  'tea-black': 300,
  honey: 80,
  kettle: 10,
  spoon: 60,
};

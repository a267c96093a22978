/**
 * The feature that the demo asks for in the shop: words, criteria, tests that are red before it, a first
 * answer that gets the boundary wrong, and the one that is right. A test runs all of it for real.
 */

export const request = 'Orders over €50 should ship free, and the cart should say how much is missing';

/** What the interviewer would ask, since the request leaves it open, and what is answered. */
export const questions = [
  {
    id: 'Q-1',
    text: 'Does an order of exactly €50.00 ship free?',
    options: ['Yes, from €50.00', 'No, only above €50.00'],
    default: 'Yes, from €50.00',
  },
  {
    id: 'Q-2',
    text: 'Are the €50 counted before or after discounts?',
    options: ['After discounts', 'Before discounts'],
    default: 'After discounts',
  },
  {
    id: 'Q-3',
    text: 'Is express delivery ever free?',
    options: ['No, only standard delivery', 'Yes, both'],
    default: 'No, only standard delivery',
  },
] as const;

export const flag = 'free-delivery';

export const criteria = [
  { id: 'AC-1', text: 'Goods of €50.00 or more are delivered free, exactly €50.00 included.' },
  {
    id: 'AC-2',
    text: 'Below €50.00 delivery costs what it did, and the price says in missingForFreeDelivery how many cents are missing.',
  },
  { id: 'AC-3', text: 'The €50.00 are counted after discounts.' },
  { id: 'AC-4', text: 'Express delivery is never free, and nothing is said to be missing (0).' },
] as const;

export const testFile = 'test/free-delivery.test.ts';

/** Which test proves which criterion, as the report names it. */
export const criterionTests = [
  { criterion: 'AC-1', name: 'free delivery > AC-1: goods of €50.00 or more are delivered free' },
  {
    criterion: 'AC-2',
    name: 'free delivery > AC-2: below €50.00 delivery is paid and the price says how much is missing',
  },
  { criterion: 'AC-3', name: 'free delivery > AC-3: the €50.00 are counted after discounts' },
  { criterion: 'AC-4', name: 'free delivery > AC-4: express delivery is never free' },
].map((one) => ({ ...one, file: testFile }));

export const testContent = `import { describe, expect, it } from 'vitest';
import { addLine, type Cart, chooseDelivery, emptyCart } from '../src/cart.ts';
import { makeCatalogue } from '../src/catalogue.ts';
import { featuresOf } from '../src/features.ts';
import { priceOf } from '../src/pricing.ts';

const shop = {
  catalogue: makeCatalogue([
    { sku: 'below', name: 'Costs €49.99', price: 4_999, grams: 100 },
    { sku: 'at', name: 'Costs €50.00', price: 5_000, grams: 100 },
    { sku: 'above', name: 'Costs €50.01', price: 5_001, grams: 100 },
    { sku: 'tenth', name: 'Ten cost €52.00, less ten percent', price: 520, grams: 100 },
  ]),
  features: featuresOf('free-delivery'),
};
const cartOf = (sku: string, quantity = 1): Cart => addLine(emptyCart('c1'), { sku, quantity });

describe('free delivery', () => {
  it('AC-1: goods of €50.00 or more are delivered free', () => {
    expect(priceOf(cartOf('above'), shop).delivery).toBe(0);
    expect(priceOf(cartOf('at'), shop).delivery).toBe(0);
  });

  it('AC-2: below €50.00 delivery is paid and the price says how much is missing', () => {
    expect(priceOf(cartOf('below'), shop)).toMatchObject({ delivery: 490, missingForFreeDelivery: 1 });
  });

  it('AC-3: the €50.00 are counted after discounts', () => {
    const price = priceOf(cartOf('tenth', 10), shop);
    expect(price).toMatchObject({ goods: 4_680, delivery: 490, missingForFreeDelivery: 320 });
  });

  it('AC-4: express delivery is never free', () => {
    const price = priceOf(chooseDelivery(cartOf('above'), 'express'), shop);
    expect(price).toMatchObject({ delivery: 990, missingForFreeDelivery: 0 });
  });
});
`;

const newFile = (comparison: '>' | '>=') => ({
  kind: 'write' as const,
  path: 'src/free-delivery.ts',
  content: `import type { Delivery } from './delivery.ts';
import type { Features } from './features.ts';
import type { Cents } from './money.ts';

type Order = { readonly goods: Cents; readonly delivery: Delivery };

const freeFrom: Cents = 5_000;

const isOffered = (order: Order, features: Features) =>
  features.isOn('free-delivery') && order.delivery === 'standard';

/** Whether an order is delivered free: standard delivery, of goods that cost enough after discounts. */
export function isDeliveryFree(order: Order, features: Features): boolean {
  return isOffered(order, features) && order.goods ${comparison} freeFrom;
}

/** What the goods still lack until delivery is free; nothing where it is free already or never will be. */
export function missingForFreeDelivery(order: Order, features: Features): Cents {
  return isOffered(order, features) ? Math.max(0, freeFrom - order.goods) : 0;
}
`,
});

const pricing = [
  {
    kind: 'replace' as const,
    path: 'src/pricing.ts',
    search: `import { giftWrapCost } from './gift-wrap.ts';\n`,
    replace: `import { isDeliveryFree, missingForFreeDelivery } from './free-delivery.ts';\nimport { giftWrapCost } from './gift-wrap.ts';\n`,
  },
  {
    kind: 'replace' as const,
    path: 'src/pricing.ts',
    search: `  readonly delivery: Cents;\n`,
    replace: `  readonly delivery: Cents;\n  /** What the goods lack until standard delivery is free. */\n  readonly missingForFreeDelivery: Cents;\n`,
  },
  {
    kind: 'replace' as const,
    path: 'src/pricing.ts',
    search: `  const delivery = deliveryCost({ delivery: cart.delivery, grams });
  return { lines, discount, goods, giftWrap, delivery, total: goods + giftWrap + delivery };
`,
    replace: `  const order = { goods, delivery: cart.delivery };
  const delivery = isDeliveryFree(order, shop.features)
    ? 0
    : deliveryCost({ delivery: cart.delivery, grams });
  return {
    lines,
    discount,
    goods,
    giftWrap,
    delivery,
    missingForFreeDelivery: missingForFreeDelivery(order, shop.features),
    total: goods + giftWrap + delivery,
  };
`,
  },
];

/** Takes "over €50" at its word: everything holds but the order of exactly €50.00 (AC-1). */
export const firstAttempt = [newFile('>'), ...pricing];

/** From the base commit, as the first one. */
export const secondAttempt = [newFile('>='), ...pricing];

/** On top of the first attempt. */
export const correction = [
  {
    kind: 'replace' as const,
    path: 'src/free-delivery.ts',
    search: 'order.goods > freeFrom',
    replace: 'order.goods >= freeFrom',
  },
];

import type { Cents } from './money.ts';

export const deliveries = ['standard', 'express'] as const;
export type Delivery = (typeof deliveries)[number];

const prices: Readonly<Record<Delivery, Cents>> = { standard: 490, express: 990 };

const heavyFrom = 5_000;
const heavyExtra: Cents = 300;

/** What it costs to deliver a parcel of this weight. Nothing to deliver costs nothing. */
export function deliveryCost(parcel: { readonly delivery: Delivery; readonly grams: number }): Cents {
  if (parcel.grams === 0) return 0;
  return prices[parcel.delivery] + (parcel.grams > heavyFrom ? heavyExtra : 0);
}

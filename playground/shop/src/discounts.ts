import type { Cents } from './money.ts';
import { percentOf, sum } from './money.ts';

export type PricedLine = {
  readonly sku: string;
  readonly quantity: number;
  /** Of all pieces together, before any discount. */
  readonly amount: Cents;
};

const volumeFrom = 10;
const volumePercent = 10;

/** Ten or more of one thing cost ten percent less. Answers what is taken off, as a positive amount. */
export function discountOn(lines: readonly PricedLine[]): Cents {
  return sum(
    lines.filter((line) => line.quantity >= volumeFrom).map((line) => percentOf(line.amount, volumePercent)),
  );
}

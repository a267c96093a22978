import type { Line } from './cart.ts';
import { ShopError } from './errors.ts';

export type Stock = {
  left(sku: string): number;
  /** Holds back all of the lines, or, when one cannot be had, none of them. */
  hold(lines: readonly Line[]): void;
};

export function makeStock(opening: Readonly<Record<string, number>>): Stock {
  const left = new Map(Object.entries(opening));
  const leftOf = (sku: string) => left.get(sku) ?? 0;
  return {
    left: leftOf,
    hold(lines) {
      const short = lines.find((line) => leftOf(line.sku) < line.quantity);
      if (short)
        throw new ShopError(
          'out-of-stock',
          `We have ${leftOf(short.sku)} of "${short.sku}" left, not ${short.quantity}.`,
        );
      for (const { sku, quantity } of lines) left.set(sku, leftOf(sku) - quantity);
    },
  };
}

/** An amount of money: whole euro cents. */
export type Cents = number;

/** A share of an amount, rounded to the nearest cent, half a cent upwards. */
export function percentOf(amount: Cents, percent: number): Cents {
  return Math.floor((amount * percent + 50) / 100);
}

export function sum(amounts: readonly Cents[]): Cents {
  return amounts.reduce((total, amount) => total + amount, 0);
}

/** As people read it: `€12.50`. */
export function format(amount: Cents): string {
  const sign = amount < 0 ? '-' : '';
  const cents = Math.abs(amount);
  return `${sign}€${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}

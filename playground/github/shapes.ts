import type { Addresses, Person } from './shapes/accounts.ts';
import { accountShapes } from './shapes/accounts.ts';
import { checkShapes } from './shapes/checks.ts';
import { codeShapes } from './shapes/code.ts';
import { pullShapes } from './shapes/pulls.ts';

export type Shapes = ReturnType<typeof shapesAt>;

/** Builds the bodies of GitHub's answers. */
export function shapesAt(addresses: Addresses, people: readonly Person[]) {
  const accounts = accountShapes(addresses, people);
  const code = codeShapes(addresses, accounts);
  return {
    ...accounts,
    ...code,
    ...pullShapes(accounts, code),
    ...checkShapes(addresses, accounts, code),
  };
}

import type { Actor, Right } from './process.ts';

/** What each right allows, in the words of a refusal. */
const allows: Readonly<Record<Right, string>> = {
  request: 'ask for features',
  steer: 'steer features of others',
  approve: 'approve specs, plans and budgets',
  stop: 'stop features and rollouts of others',
  'on-call': 'stop rollouts as the one on call',
  administer: 'administer Slipway',
};

/** Undefined when the actor may do it, else the sentence that says what is missing. */
export function missingRight(by: Actor, right: Right): string | undefined {
  if (by.kind === 'person' && by.rights.includes(right)) return undefined;
  return `You may not ${allows[right]} here. Someone with the right "${right}" in slipway.yml can.`;
}

import { type HoldReason, holdsForPerson, type RolloutState } from './state.ts';

/** Whether a hold is one that a person looks at and ends; some of them may end by themselves as well. */
export function asksPerson(reason: HoldReason): boolean {
  return holdsForPerson.includes(reason) || reason === 'max-soak' || reason === 'signal';
}

/** Whom a rollout waits for: its owner, anyone else to confirm an override, or nobody. */
export function rolloutWaitsFor(state: RolloutState): 'owner' | 'confirmer' | undefined {
  const { phase } = state;
  if (state.override) return 'confirmer';
  switch (phase.kind) {
    case 'planned':
      return phase.waitsFor && phase.checkAt === undefined ? 'owner' : undefined;
    case 'holding':
      return asksPerson(phase.reason) ? 'owner' : undefined;
    case 'halted':
      return 'owner';
    case 'new':
    case 'rehearsing':
    case 'ramping':
    case 'rolled-back':
    case 'finished':
      return undefined;
  }
}

/** Whether it waits for this person. */
export function rolloutWaitsForPerson(state: RolloutState, person: string): boolean {
  const whom = rolloutWaitsFor(state);
  if (whom === 'confirmer') return state.override?.by.id !== person;
  return whom === 'owner' && state.owner?.id === person;
}

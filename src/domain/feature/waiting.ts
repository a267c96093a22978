import type { FeatureState } from './state.ts';

/** Whom a feature waits for: its requester, anyone who may approve, or nobody. */
function waitsFor({ phase }: FeatureState): 'requester' | 'approver' | undefined {
  switch (phase.kind) {
    case 'choosing-repository':
    case 'answering':
    case 'splitting':
    case 'deciding':
    case 'blocked':
      return 'requester';
    case 'reviewing-spec':
    case 'reviewing-plan':
    case 'over-budget':
      return 'approver';
    case 'new':
    case 'working':
    case 'proposed':
    case 'merged':
    case 'closed':
    case 'split':
    case 'rejected':
    case 'taken-over':
    case 'stopped':
      return undefined;
  }
}

/** Whether it waits for this person. */
export function waitsForPerson(
  state: FeatureState,
  person: { readonly id: string; readonly approves: boolean },
): boolean {
  const whom = waitsFor(state);
  if (whom === 'approver') return person.approves;
  return whom === 'requester' && state.request?.by.id === person.id;
}

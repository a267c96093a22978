import type { Actor, Decision } from '../../process.ts';
import type { PersonCommand } from '../commands.ts';
import type { FeatureEvent } from '../events.ts';
import type { FeatureState, Person } from '../state.ts';

export type PersonActor = Extract<Actor, { kind: 'person' }>;
export type Of<Type extends PersonCommand['type']> = Extract<PersonCommand, { type: Type }>;
export type Decided = Decision<FeatureEvent>;

/** The person behind an actor, as a feature remembers them. */
export function person(by: PersonActor): Person {
  return { id: by.id, name: by.name };
}

/** The requester, or somebody who may steer the features of others. */
export function notTheirs(state: FeatureState, by: PersonActor): string | undefined {
  if (state.request?.by.id === by.id || by.rights.includes('steer')) return undefined;
  return `Only ${state.request?.by.name ?? 'the requester'}, who asked for this, or someone with the right "steer" can do that. Write it in the thread, and it is shown as your suggestion.`;
}

import type { Person } from '../../feature/state.ts';
import type { Actor, Decision, Right } from '../../process.ts';
import type { PersonCommand } from '../commands.ts';
import type { RolloutEvent } from '../events.ts';
import type { RolloutState } from '../state.ts';

export type PersonActor = Extract<Actor, { kind: 'person' }>;
export type Of<Type extends PersonCommand['type']> = Extract<PersonCommand, { type: Type }>;
export type Decided = Decision<RolloutEvent>;

/** The person behind an actor, as a rollout remembers them. */
export function person(by: PersonActor): Person {
  return { id: by.id, name: by.name };
}

function hasOne(by: PersonActor, rights: readonly Right[]): boolean {
  return rights.some((right) => by.rights.includes(right));
}

/** Anyone on call may stop anything. Undefined when the actor may. */
export function mayNotStop(state: RolloutState, by: PersonActor): string | undefined {
  if (state.owner?.id === by.id || hasOne(by, ['stop', 'on-call', 'administer'])) return undefined;
  return `Only ${ownerOf(state)}, whoever is on call, or someone with the right "stop" or "administer" in slipway.yml can stop this rollout.`;
}

/** Only the owner lets it go further. Undefined when the actor may. */
export function mayNotGoOn(state: RolloutState, by: PersonActor): string | undefined {
  if (state.owner?.id === by.id || by.rights.includes('administer')) return undefined;
  return `Only ${ownerOf(state)}, who owns this rollout, or someone with the right "administer" in slipway.yml can let it go on.`;
}

/** A second person who may let it advance without proof. Undefined when the actor may. */
export function mayNotConfirm(by: PersonActor): string | undefined {
  if (hasOne(by, ['approve', 'on-call', 'administer'])) return undefined;
  return 'Only someone with the right "approve" or "administer" in slipway.yml, or whoever is on call, can confirm this.';
}

function ownerOf(state: RolloutState): string {
  return state.owner?.name ?? 'the owner';
}

/** A reason at the end of a sentence, when one was given. */
export function withReason(reason: string | undefined): string {
  const text = reason?.trim() ?? '';
  return text === '' ? '.' : `: ${/[.!?]$/.test(text) ? text : `${text}.`}`;
}

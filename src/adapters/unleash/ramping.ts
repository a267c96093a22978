import type { ClientFeature } from './shapes.ts';

/** On for somebody, but not for everybody. Without a strategy, or with one for everybody, it is on for all. */
export function isRamping({ enabled, strategies }: ClientFeature): boolean {
  if (!enabled || strategies.length === 0) return false;
  return !strategies.some(forEverybody) && strategies.some((one) => !forNobody(one));
}

/** Whether anybody may get it. */
export function reaches({ enabled, strategies }: ClientFeature): boolean {
  return enabled && (strategies.length === 0 || !strategies.every(forNobody));
}

type Strategy = ClientFeature['strategies'][number];

function forEverybody({ name, parameters, constraints, segments }: Strategy): boolean {
  if (constraints.length > 0 || segments.length > 0) return false;
  return name === 'default' || (name === 'flexibleRollout' && Number(parameters.rollout) >= 100);
}

function forNobody({ name, parameters }: Strategy): boolean {
  return name === 'flexibleRollout' && !(Number(parameters.rollout) >= 1);
}

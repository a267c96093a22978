import type { FlagSight } from '../../domain/rollout/reading.ts';
import type { FlagPlace } from '../../ports.ts';
import { placeName } from './requests.ts';
import type { FeatureBody, StrategyBody } from './shapes.ts';

/** How a flag stands in an environment, for us. */
export type Standing =
  /** One enabled strategy, a gradual rollout for all users. */
  | { readonly kind: 'fit'; readonly flag: FlagSight; readonly group: string }
  /** No enabled strategy. When it is on like this, everybody gets it. */
  | { readonly kind: 'empty'; readonly enabled: boolean }
  /** Made in a way whose percentage we cannot vouch for. */
  | { readonly kind: 'unfit'; readonly because: string };

/** Judges without asking anything. Disabled strategies count for nothing, as in the SDKs. */
export function standingOf(feature: FeatureBody, place: FlagPlace): Standing {
  const environment = feature.environments.find(({ name }) => name === place.environment);
  if (environment === undefined) return { kind: 'unfit', because: noEnvironment(feature, place) };
  const { enabled } = environment;
  const unfit = (because: string): Standing => ({ kind: 'unfit', because });
  const active = environment.strategies.filter(({ disabled }) => disabled !== true);
  const [strategy, second] = active;
  if (strategy === undefined) return { kind: 'empty', enabled };
  if (second !== undefined)
    return unfit(
      `The flag ${placeName(place)} has ${active.length} enabled strategies (${active.map(described).join(', ')}). Whoever one of them admits gets it, so the percentage is not what it says: disable all but the gradual rollout.`,
    );
  const problem = problemOf(strategy);
  if (problem !== undefined) return unfit(`The flag ${placeName(place)} ${problem}`);
  const { rollout = '', stickiness = 'default', groupId } = strategy.parameters;
  return {
    kind: 'fit',
    flag: { enabled, percent: Number(rollout), strategy: strategy.id, stickiness },
    group: groupId || place.flag,
  };
}

export function noEnvironment(feature: FeatureBody, place: FlagPlace): string {
  const names = feature.environments.map(({ name }) => name).join(', ') || 'none';
  return `The flag ${place.flag} has no environment ${place.environment}; it has ${names}. Enable the environment in the project ${place.project}, or correct the name.`;
}

/** Why we cannot vouch for a strategy, or undefined. */
function problemOf(strategy: StrategyBody): string | undefined {
  if (strategy.name !== 'flexibleRollout')
    return `has the strategy ${strategy.name}, which has no percentage: replace it by a gradual rollout (flexibleRollout).`;
  const { rollout = '', stickiness } = strategy.parameters;
  if (!/^(\d|[1-9]\d|100)$/.test(rollout))
    return `stands at "${rollout}" %, which is no whole number from 0 to 100. Clients give it to ${givenTo(rollout)}: set a whole number.`;
  if (stickiness === 'random')
    return 'has the stickiness random, so that users flip between both versions at every request: choose userId or another field that stays.';
  const limits = [
    ...(strategy.constraints.length > 0 ? [`${strategy.constraints.length} constraints`] : []),
    ...(strategy.segments.length > 0 ? [`${strategy.segments.length} segments`] : []),
  ].join(' and ');
  if (limits !== '')
    return `has ${limits} on its gradual rollout, so that its percentage is not one of all users: remove them.`;
  return undefined;
}

/** The SDK's rule: `Number(rollout) > 0 && bucket <= Number(rollout)`, with buckets 1 to 100. */
function givenTo(rollout: string): string {
  const number = Number(rollout);
  if (number >= 100) return 'everybody';
  return number >= 1 ? `${Math.floor(number)} %` : 'nobody';
}

function described(strategy: StrategyBody): string {
  const { rollout, groupId } = strategy.parameters;
  return rollout === undefined ? strategy.name : `${strategy.name} ${rollout} % of group ${groupId ?? '-'}`;
}

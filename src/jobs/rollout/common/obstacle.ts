import { environmentNow, type RolloutState } from '../../../domain/rollout/state.ts';
import { rolloutWaitsFor } from '../../../domain/rollout/waiting.ts';
import type { Flags, Fleet } from '../../../ports.ts';

type Obstacle = { readonly reason: 'dependency' | 'other-rollout'; readonly because: string };

/**
 * Why a rollout has to wait for others: a flag it depends on is not at 100 %, or an earlier rollout shares a
 * guardrail, and two ramps at once could not be told apart.
 */
export async function obstacleOf(
  { fleet, flags }: { readonly fleet: Fleet; readonly flags: Flags },
  state: RolloutState,
): Promise<Obstacle | undefined> {
  const environment = environmentNow(state);
  const { plan } = state;
  if (!plan || environment === undefined) return undefined;
  for (const flag of plan.dependsOn) {
    const sight = await flags.look({ project: plan.project, flag, environment });
    if (sight.enabled && sight.percent === 100) continue;
    const now = sight.enabled ? `at ${sight.percent} %` : 'off';
    return {
      reason: 'dependency',
      because: `It depends on ${flag}, which is ${now} in ${environment} and has to be at 100 % first.`,
    };
  }
  const others = await rivals(fleet, state, environment);
  const first = others.find((other) => goesBefore(other, state));
  if (!first) return undefined;
  const begun = isBegun(first) ? 'is under way' : 'was asked for before';
  return {
    reason: 'other-rollout',
    because: `The rollout of ${first.flag} ${begun} and shares a guardrail in ${environment}: ${sharedGuardrail(first, state)}. Only one of them moves at a time, so that harm can be told apart.`,
  };
}

/**
 * Of two exactly one moves. One that has begun goes on before one that has not; of two alike the one that was
 * asked for first. A rollout whose plan is not read yet holds up nobody.
 */
function goesBefore(other: RolloutState, state: RolloutState): boolean {
  if (isBegun(other) !== isBegun(state)) return isBegun(other);
  return `${other.startedAt} ${other.id}` < `${state.startedAt} ${state.id}`;
}

function isBegun({ phase }: RolloutState): boolean {
  return phase.kind === 'rehearsing' || phase.kind === 'ramping' || phase.kind === 'holding';
}

type Index = ReadonlyMap<string, readonly RolloutState[]>;
const indexes = new WeakMap<readonly RolloutState[], Index>();

/** Begun, or about to begin by itself: one that waits for its owner to begin may wait for ever. */
function isMoving(state: RolloutState): boolean {
  if (state.plan === undefined) return false;
  return isBegun(state) || (state.phase.kind === 'planned' && rolloutWaitsFor(state) === undefined);
}

/** The rollouts that could move now and share a guardrail. The index is made once for each look at the fleet. */
async function rivals(
  fleet: Fleet,
  state: RolloutState,
  environment: string,
): Promise<readonly RolloutState[]> {
  const open = await fleet.open();
  const index = indexes.get(open) ?? indexOf(open);
  indexes.set(open, index);
  const sharing = guardrails(state).flatMap(({ source }) => index.get(`${environment} ${source}`) ?? []);
  return sharing.filter(({ id }) => id !== state.id);
}

function indexOf(open: readonly RolloutState[]): Index {
  const entries = open
    .filter(isMoving)
    .flatMap((state) =>
      guardrails(state).map(({ source }) => [`${environmentNow(state)} ${source}`, state] as const),
    );
  const grouped = Map.groupBy(entries, ([key]) => key);
  return new Map([...grouped].map(([key, found]) => [key, found.map(([, state]) => state)]));
}

function sharedGuardrail(other: RolloutState, state: RolloutState): string {
  const watched = new Set(guardrails(other).map(({ source }) => source));
  return guardrails(state).find(({ source }) => watched.has(source))?.name ?? '';
}

function guardrails({ plan }: RolloutState) {
  return (plan?.metrics ?? [])
    .filter(({ kind }) => kind === 'guardrail')
    .map(({ name, source }) => ({ name, source: JSON.stringify(source) }));
}

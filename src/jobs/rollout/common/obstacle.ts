import { environmentNow, type RolloutState } from '../../../domain/rollout/state.ts';
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
  const earlier = (await fleet.open()).find((other) => isBefore(other, state) && shares(other, state));
  if (!earlier) return undefined;
  return {
    reason: 'other-rollout',
    because: `The rollout of ${earlier.flag} began before and shares the guardrail "${shares(earlier, state)}" in ${environment}. It goes first, so that harm can be told apart.`,
  };
}

/** The order of starting decides, so that of two exactly one waits. */
function isBefore(other: RolloutState, state: RolloutState): boolean {
  if (other.id === state.id || !isMoving(other)) return false;
  return `${other.startedAt} ${other.id}` < `${state.startedAt} ${state.id}`;
}

/** A halted one stands still, one that waits for its plan too. */
function isMoving({ phase, plan }: RolloutState): boolean {
  if (!plan) return false;
  return ['rehearsing', 'ramping', 'holding'].includes(phase.kind) || phase.kind === 'planned';
}

/** The name of a guardrail that both watch in the same environment. */
function shares(other: RolloutState, state: RolloutState): string | undefined {
  if (environmentNow(other) !== environmentNow(state)) return undefined;
  const watched = sources(other);
  return sources(state).find((one) => watched.some(({ source }) => source === one.source))?.name;
}

function sources({ plan }: RolloutState) {
  return (plan?.metrics ?? [])
    .filter(({ kind }) => kind === 'guardrail')
    .map(({ name, source }) => ({ name, source: JSON.stringify(source) }));
}

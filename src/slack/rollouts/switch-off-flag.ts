import { environmentNow, isOver, type RolloutState } from '../../domain/rollout/state.ts';
import type { Desk, PersonActor, Spot } from '../desk.ts';
import { safe } from '../views/text.ts';
import { flagOff } from './flag-off.ts';
import { doWish } from './wish.ts';

/**
 * Switches off a flag that no recent rollout is about: in an emergency nobody asks first who ramped it. One that is
 * ramped here all the same is halted.
 */
export async function switchOffFlag(
  desk: Desk,
  request: {
    readonly flag: string;
    readonly environment?: string;
    readonly reason?: string;
    readonly by: PersonActor;
    readonly spot: Spot;
  },
): Promise<void> {
  const { flag, by, spot, reason } = request;
  const environment = request.environment ?? desk.environment;
  const all = await desk.engine.list({ kind: 'rollout', limit: 20_000 });
  const ofFlag = all
    .map(({ state }) => state)
    .filter((state) => state.flag === flag)
    .toSorted((one, other) => (other.startedAt ?? '').localeCompare(one.startedAt ?? ''));
  const here = ofFlag.filter((state) => (environmentNow(state) ?? environment) === environment);
  const ours = here.find(({ phase }) => !isOver(phase)) ?? finished(here[0]);
  if (ours) {
    const wish = { do: 'halt', ...(reason !== undefined && { reason }) } as const;
    return doWish(desk, { id: ours.id, wish, by, spot });
  }
  await flagOff(desk, {
    flag,
    environment,
    project: ofFlag.find(({ plan }) => plan !== undefined)?.plan?.project,
    reason,
    about: `${standing(ofFlag)}, so I do not watch it there.`,
    by,
    spot,
  });
}

/** Everybody has its flag, and it can still be rolled back. */
function finished(state: RolloutState | undefined): RolloutState | undefined {
  return state?.phase.kind === 'finished' ? state : undefined;
}

/** Why none of our rollouts of a flag, newest first, stops it where that was asked. */
function standing(ofFlag: readonly RolloutState[]): string {
  const newest = ofFlag.find(({ phase }) => !isOver(phase)) ?? ofFlag[0];
  if (!newest) return 'None of my rollouts is about it';
  if (newest.phase.kind === 'rolled-back') return 'My newest rollout of it is rolled back already';
  return `My rollout of it is in ${safe(environmentNow(newest) ?? 'no environment', 60)}`;
}

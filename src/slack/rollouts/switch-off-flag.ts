import { environmentNow, isOver } from '../../domain/rollout/state.ts';
import type { Desk, PersonActor, Spot } from '../desk.ts';
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
  const ofFlag = all.filter(({ state }) => state.flag === flag);
  const ours = ofFlag.find(
    ({ state }) => !isOver(state.phase) && (environmentNow(state) ?? environment) === environment,
  );
  if (ours) {
    const wish = { do: 'halt', ...(reason !== undefined && { reason }) } as const;
    return doWish(desk, { id: ours.id, wish, by, spot });
  }
  await flagOff(desk, {
    flag,
    environment,
    project: ofFlag.find(({ state }) => state.plan !== undefined)?.state.plan?.project,
    reason,
    about: 'None of my rollouts is about it, so I do not watch it.',
    by,
    spot,
  });
}

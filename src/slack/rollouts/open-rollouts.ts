import type { RolloutState } from '../../domain/rollout/state.ts';
import type { Desk } from '../desk.ts';

/** The most recently changed rollouts that a person may read about, newest first: their own, and those of channels open to them. */
export async function openRollouts(
  { engine, channels }: Pick<Desk, 'engine' | 'channels'>,
  user: string,
): Promise<readonly RolloutState[]> {
  const all = (await engine.list({ kind: 'rollout', limit: 200 })).map(({ state }) => state);
  const others = all.filter((state) => state.owner?.id !== user);
  const open = new Map<string, boolean>();
  for (const channel of new Set(others.flatMap((state) => state.channel ?? []))) {
    open.set(channel, await channels.isOpenTo(user, channel));
  }
  return all.filter((state) => state.owner?.id === user || open.get(state.channel ?? '') === true);
}

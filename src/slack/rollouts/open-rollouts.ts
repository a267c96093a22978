import type { RolloutState } from '../../domain/rollout/state.ts';
import type { Desk } from '../desk.ts';

/** The most recently changed rollouts, newest first. */
export async function recentRollouts({ engine }: Pick<Desk, 'engine'>): Promise<readonly RolloutState[]> {
  return (await engine.list({ kind: 'rollout', limit: 200 })).map(({ state }) => state);
}

/** The most recently changed rollouts that a person may read about, newest first: their own, and those of channels open to them. */
export async function openRollouts(
  desk: Pick<Desk, 'engine' | 'channels'>,
  user: string,
): Promise<readonly RolloutState[]> {
  const all = await recentRollouts(desk);
  const others = all.filter((state) => state.owner?.id !== user);
  const channels = [...new Set(others.flatMap((state) => state.channel ?? []))];
  const isOpen = await Promise.all(channels.map((channel) => desk.channels.isOpenTo(user, channel)));
  const open = new Set(channels.filter((_channel, index) => isOpen[index]));
  return all.filter((state) => state.owner?.id === user || open.has(state.channel ?? ''));
}

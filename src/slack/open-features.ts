import type { FeatureState } from '../domain/feature/state.ts';
import type { Desk } from './desk.ts';

/** The most recently changed features that a person may read about, newest first: their own, and those of channels open to them. */
export async function openFeatures(
  { engine, channels }: Pick<Desk, 'engine' | 'channels'>,
  user: string,
): Promise<readonly FeatureState[]> {
  const features = (await engine.list({ kind: 'feature', limit: 200 })).map((saved) => saved.state);
  const others = features.filter((state) => state.request?.by.id !== user);
  const open = new Map<string, boolean>();
  for (const channel of new Set(others.flatMap((state) => state.request?.channel ?? []))) {
    open.set(channel, await channels.isOpenTo(user, channel));
  }
  return features.filter(
    (state) => state.request?.by.id === user || open.get(state.request?.channel ?? '') === true,
  );
}

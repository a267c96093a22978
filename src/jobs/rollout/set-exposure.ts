import type { FlagSight } from '../../domain/rollout/reading.ts';
import type { RolloutState } from '../../domain/rollout/state.ts';
import { GiveUp, TryAgain } from '../../errors.ts';
import { flagPlace, type RolloutJob, type RolloutTools } from './job.ts';

/** Writes the wanted percentage over the one last seen, and makes sure that clients follow. */
export function setExposure({ flags, now }: Pick<RolloutTools, 'flags' | 'now'>): RolloutJob {
  return async ({ state, job }) => {
    const place = flagPlace(state);
    const { seen, wanted } = state;
    if (!seen) throw new GiveUp(`Setting ${place.flag} to ${wanted.percent} %: it was never looked at.`);
    const change = { strategy: seen.strategy, from: seen.percent, to: wanted.percent };
    const first = await flags.setPercent(place, change);
    const undone = first.kind === 'conflict' && isOwnUnderWay(state, first.flag);
    const { kind, flag } = undone
      ? await flags.setPercent(place, { ...change, from: first.flag.percent })
      : first;
    if (kind === 'conflict' || !flag.enabled) {
      const found = flag.enabled ? `is at ${flag.percent} %` : 'is off';
      return {
        type: 'exposure-conflict',
        key: job.key,
        flag,
        because: `${place.flag} ${found} in ${place.environment}, where ${seen.percent} % was left: somebody else changed it.`,
      };
    }
    const at = now().toISOString();
    const served = await flags.served(place, flag);
    if (!served.agrees) throw new TryAgain(served.because);
    return { type: 'exposure-set', key: job.key, flag, at };
  };
}

/**
 * Whether it stands at a higher percentage that was asked for since the last confirmed one. A step back may come
 * before the answer of the step up that it takes back; that one is ours to undo, and nobody else's change.
 */
function isOwnUnderWay({ stages, written, wanted, seen }: RolloutState, flag: FlagSight): boolean {
  if (written === undefined || flag.percent <= wanted.percent || flag.strategy !== seen?.strategy)
    return false;
  return stages.some(({ from, percent }) => from > written.at && percent === flag.percent);
}

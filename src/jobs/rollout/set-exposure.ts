import { GiveUp, TryAgain } from '../../errors.ts';
import { flagPlace, type RolloutJob, type RolloutTools } from './job.ts';

/** Writes the wanted percentage over the one last seen, and makes sure that clients follow. */
export function setExposure({ flags, now }: Pick<RolloutTools, 'flags' | 'now'>): RolloutJob {
  return async ({ state, job }) => {
    const place = flagPlace(state);
    const { seen, wanted } = state;
    if (!seen) throw new GiveUp(`Setting ${place.flag} to ${wanted.percent} %: it was never looked at.`);
    const change = { strategy: seen.strategy, from: seen.percent, to: wanted.percent };
    const { kind, flag } = await flags.setPercent(place, change);
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

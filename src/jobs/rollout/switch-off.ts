import { flagPlace, type RolloutJob, type RolloutTools } from './job.ts';

/** Off for everybody. The one who pressed the button has called the flag service already; this repeats it until it is true. */
export function switchOff({ flags, now }: Pick<RolloutTools, 'flags' | 'now'>): RolloutJob {
  return async ({ state, job }) => {
    const { route } = await flags.off(flagPlace(state));
    return { type: 'switched-off', key: job.key, route, at: now().toISOString() };
  };
}

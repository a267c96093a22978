import { markKey } from '../domain/feature/pending.ts';
import { GiveUp } from '../errors.ts';
import type { FeatureJob, Tools } from './common/job.ts';

/** Shows a state reaction on a message of the thread. */
export function mark({ chat }: Pick<Tools, 'chat'>): FeatureJob {
  return async ({ state, job }) => {
    const found = Object.entries(state.marks).find(([ts, { times }]) => markKey(ts, times) === job.key);
    if (!found || !state.request)
      throw new GiveUp(`Marking a message of ${state.id}: none has the key ${job.key}.`);
    const [ts, { wanted, shown }] = found;
    await chat.mark({ channel: state.request.channel, ts }, { from: shown, to: wanted });
    return { type: 'marked', key: job.key, ts, ...(wanted && { mark: wanted }) };
  };
}

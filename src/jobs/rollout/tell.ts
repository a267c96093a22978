import { tellKey } from '../../domain/rollout/pending.ts';
import { GiveUp } from '../../errors.ts';
import type { RolloutJob, RolloutTools } from './job.ts';

/** Draws one message of the thread as the state says now. */
export function tellRollout({ chat }: Pick<RolloutTools, 'chat'>): RolloutJob {
  return async ({ state, job, again }) => {
    const message = state.messages.find((candidate) => tellKey(candidate) === job.key);
    if (!message) throw new GiveUp(`Drawing a message of ${state.id}: none has the key ${job.key}.`);
    const { ts } = await chat.tell({ kind: 'rollout', state }, message.key, { again });
    return { type: 'told', key: job.key, message: message.key, version: message.version, ts };
  };
}

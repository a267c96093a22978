import { TryAgain } from '../../errors.ts';
import { obstacleOf } from './common/obstacle.ts';
import type { RolloutJob, RolloutTools } from './job.ts';

/** Whether other rollouts and other flags let this one begin. */
export function checkStart(tools: Pick<RolloutTools, 'fleet' | 'flags'>): RolloutJob {
  return async ({ state, job }) => {
    try {
      const obstacle = await obstacleOf(tools, state);
      return { type: 'start-checked', key: job.key, ...(obstacle && { obstacle }) };
    } catch (error) {
      if (!(error instanceof TryAgain)) throw error;
      const obstacle = { reason: 'flag-service' as const, because: error.message };
      return { type: 'start-checked', key: job.key, obstacle };
    }
  };
}

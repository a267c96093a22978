import { GiveUp, NotYet, TryAgain } from '../errors.ts';
import type { FeatureJob, Tools } from './common/job.ts';

/** Notices that a person has merged or closed the pull request. A forge that does not answer is asked again, for as long as it takes. */
export function watchPullRequest({ forge, pollMs }: Pick<Tools, 'forge' | 'pollMs'>): FeatureJob {
  return async ({ state, job }) => {
    const { repository, pullRequest } = state;
    if (!repository || !pullRequest)
      throw new GiveUp(`Watching the pull request of ${state.id}: there is none.`);
    const { number } = pullRequest;
    const outcome = await forge.outcome({ repository: repository.name, number }).catch((error: unknown) => {
      if (error instanceof TryAgain)
        throw new NotYet(error.message, { afterMs: Math.max(pollMs, error.afterMs ?? 0) });
      throw error;
    });
    switch (outcome.kind) {
      case 'open':
        throw new NotYet(`Pull request #${number} is open.`, { afterMs: pollMs });
      case 'closed':
        return { type: 'pull-request-closed', key: job.key };
      case 'merged':
        return { type: 'pull-request-merged', key: job.key, sha: outcome.sha, by: outcome.by };
    }
  };
}

import type { Work } from '../domain/feature/state.ts';
import { build } from './build.ts';
import type { FeatureJob, Tools } from './common/job.ts';
import { interview } from './interview.ts';
import { keepBranch } from './keep-branch.ts';
import { mark } from './mark.ts';
import { plan } from './plan.ts';
import { propose } from './propose.ts';
import { proveChange } from './prove.ts';
import { readRepository } from './read-repository.ts';
import { specify } from './specify.ts';
import { startRollout } from './start-rollout.ts';
import { tell } from './tell.ts';
import { watchPullRequest } from './watch-pull-request.ts';
import { writeTests } from './write-tests.ts';

export type { FeatureJob, JobContext, Tools } from './common/job.ts';

/** Every job of a feature by the name that `pendingJobs` gives it. */
export function featureJobs(
  tools: Tools,
): Readonly<
  Record<Work | 'watch-pull-request' | 'start-rollout' | 'keep-branch' | 'tell' | 'mark', FeatureJob>
> {
  return {
    'read-repository': readRepository(tools),
    interview: interview(tools),
    specify: specify(tools),
    plan: plan(tools),
    'write-tests': writeTests(tools),
    build: build(tools),
    prove: proveChange(tools),
    propose: propose(tools),
    'watch-pull-request': watchPullRequest(tools),
    'start-rollout': startRollout(tools),
    'keep-branch': keepBranch(tools),
    tell: tell(tools),
    mark: mark(tools),
  };
}

import { checkStart } from './check-start.ts';
import { confirmOff } from './confirm-off.ts';
import type { RolloutJob, RolloutTools } from './job.ts';
import { openIssue } from './open-issue.ts';
import { readPlan } from './read-plan.ts';
import { rehearse } from './rehearse.ts';
import { setExposure } from './set-exposure.ts';
import { switchOff } from './switch-off.ts';
import { tellRollout } from './tell.ts';
import { watch } from './watch.ts';

/** Every job of a rollout by the name that `pendingJobs` gives it. */
export function rolloutJobs(tools: RolloutTools): Readonly<Record<string, RolloutJob>> {
  return {
    'read-plan': readPlan(tools),
    'check-start': checkStart(tools),
    rehearse: rehearse(tools),
    'set-exposure': setExposure(tools),
    watch: watch(tools),
    'switch-off': switchOff(tools),
    'confirm-off': confirmOff(tools),
    'open-issue': openIssue(tools),
    tell: tellRollout(tools),
  };
}

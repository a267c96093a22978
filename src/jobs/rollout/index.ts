import { GiveUp } from '../../errors.ts';
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

/** Where no flag service is configured a rollout can say so, and nothing else. */
export function withoutFlagService({
  chat,
}: Pick<RolloutTools, 'chat'>): Readonly<Record<string, RolloutJob>> {
  return {
    'read-plan': async () => {
      throw new GiveUp(
        'This Slipway is connected to no flag service. Set UNLEASH_URL, UNLEASH_TOKEN and UNLEASH_CLIENT_TOKENS, start it again, and press Begin.',
      );
    },
    tell: tellRollout({ chat }),
  };
}

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

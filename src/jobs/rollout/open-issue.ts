import { GiveUp } from '../../errors.ts';
import type { RolloutJob, RolloutTools } from './job.ts';

/** Opens an issue in the tracker about a halt; finds the one it opened before. */
export function openIssue({ tracker, chat }: Pick<RolloutTools, 'tracker' | 'chat'>): RolloutJob {
  return async ({ state, job }) => {
    const { phase, flag } = state;
    if (!tracker)
      throw new GiveUp('No tracker is configured: set JIRA_URL and name its project in slipway.yml.');
    const because = 'because' in phase ? phase.because : '';
    const thread =
      state.channel !== undefined && state.thread !== undefined
        ? await chat.linkTo({ channel: state.channel, ts: state.thread })
        : '';
    const issue = await tracker.open({
      label: `slipway-${state.id}-${state.step}`,
      summary: `Rollout of ${flag} was halted`,
      description: [because, thread && `Thread: ${thread}`].filter(Boolean).join('\n\n'),
    });
    return { type: 'issue-opened', key: job.key, issue };
  };
}

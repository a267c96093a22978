import type { Decision } from '../../process.ts';
import type { JobCommand } from '../commands.ts';
import type { FeatureEvent } from '../events.ts';
import { releaseKey } from '../pending.ts';
import type { FeatureState } from '../state.ts';

export type ReleaseAnswer = Extract<
  JobCommand,
  { type: 'pull-request-merged' | 'pull-request-closed' | 'rollout-started' }
>;

/** What became of the pull request, and of the rollout that follows its merge. */
export function decideReleased(state: FeatureState, command: ReleaseAnswer): Decision<FeatureEvent> {
  if (command.key !== releaseKey(state)) return { refuse: `The answer of ${command.key} is late.` };
  return { accept: [eventOf(state, command)] };
}

function eventOf(state: FeatureState, command: ReleaseAnswer): FeatureEvent {
  const pull = `Pull request #${state.pullRequest?.number ?? '?'}`;
  switch (command.type) {
    case 'pull-request-merged': {
      const { sha, by } = command;
      return { type: 'merged', sha, by, because: `${pull} was merged by ${by} as ${sha.slice(0, 7)}.` };
    }
    case 'pull-request-closed':
      return { type: 'pull-request-closed', because: `${pull} was closed without a merge.` };
    case 'rollout-started':
      return {
        type: 'rollout-started',
        rollout: command.rollout,
        because: `The rollout ${command.rollout} takes it to users.`,
      };
  }
}

import type { KnownBlock } from '@slack/types';
import { dollars } from '../../domain/feature/next.ts';
import type { FeatureState } from '../../domain/feature/state.ts';
import { isFinal } from '../../domain/feature/state.ts';
import { isOver, type RolloutState } from '../../domain/rollout/state.ts';
import { context, header, section } from './parts.ts';
import { rolloutLineOf } from './rollout/words.ts';
import { lines } from './text.ts';
import { oneLineOf } from './words.ts';

/** The App Home: what waits for this person, and what became of what they asked for. */
export function homeOf(lists: {
  readonly mine: readonly FeatureState[];
  readonly waiting: readonly FeatureState[];
  readonly rollouts: {
    readonly mine: readonly RolloutState[];
    readonly waiting: readonly RolloutState[];
  };
}): readonly KnownBlock[] {
  const running = lists.mine.filter((state) => !isFinal(state.phase));
  const ended = lists.mine.filter((state) => isFinal(state.phase));
  const ramping = lists.rollouts.mine.filter((state) => !isOver(state.phase));
  const over = lists.rollouts.mine.filter((state) => isOver(state.phase));
  const spent = lists.mine.reduce((sum, state) => sum + state.spent.dollars, 0);
  return [
    header('Waiting for you'),
    section(
      [list(lists.waiting), rolloutList(lists.rollouts.waiting)].filter(Boolean).join('\n') ||
        'Nothing waits for you.',
    ),
    header('Your features'),
    section(list(running) || 'None is under way. Ask for one with `/feature` and what it should do.'),
    ...(ramping.length > 0 ? [header('Your rollouts'), section(rolloutList(ramping))] : []),
    ...(ended.length + over.length > 0
      ? [header('Ended'), section([list(ended), rolloutList(over)].filter(Boolean).join('\n'))]
      : []),
    context(`${dollars(spent)} spent on the features you asked for.`),
  ];
}

function rolloutList(states: readonly RolloutState[]): string {
  return lines(states, { max: 1_300, draw: (state) => `• ${rolloutLineOf(state)}` });
}

function list(states: readonly FeatureState[]): string {
  return lines(states.slice(0, 200), { max: 1_500, draw: (state) => `• ${oneLineOf(state)}` });
}

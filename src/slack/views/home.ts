import type { KnownBlock } from '@slack/types';
import { dollars } from '../../domain/feature/next.ts';
import type { FeatureState } from '../../domain/feature/state.ts';
import { isFinal } from '../../domain/feature/state.ts';
import { context, header, section } from './parts.ts';
import { lines } from './text.ts';
import { oneLineOf } from './words.ts';

/** The App Home: what waits for this person, and what became of what they asked for. */
export function homeOf(lists: {
  readonly mine: readonly FeatureState[];
  readonly waiting: readonly FeatureState[];
}): readonly KnownBlock[] {
  const running = lists.mine.filter((state) => !isFinal(state.phase));
  const ended = lists.mine.filter((state) => isFinal(state.phase));
  const spent = lists.mine.reduce((sum, state) => sum + state.spent.dollars, 0);
  return [
    header('Waiting for you'),
    section(list(lists.waiting) || 'Nothing waits for you.'),
    header('Your features'),
    section(list(running) || 'None is under way. Ask for one with `/feature` and what it should do.'),
    ...(ended.length > 0 ? [header('Ended'), section(list(ended))] : []),
    context(`${dollars(spent)} spent on the features you asked for.`),
  ];
}

function list(states: readonly FeatureState[]): string {
  return lines(states.slice(0, 200), { max: 2_800, draw: (state) => `• ${oneLineOf(state)}` });
}

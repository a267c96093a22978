import type { RolloutState } from '../../../domain/rollout/state.ts';
import { type MessageView, section } from '../parts.ts';
import { code, mention, named, safe } from '../text.ts';

/** Opens the thread of a rollout that no message of a person belongs to. */
export function rolloutRootView(state: RolloutState): MessageView {
  const { owner, flag, origin } = state;
  const who = owner ? mention(owner) : 'Somebody';
  const what = origin?.kind === 'feature' ? `, which came with ${code(origin.feature, 60)}` : '';
  return {
    text: `${named(owner)} starts the rollout of ${safe(flag, 150)}.`,
    blocks: [section(`${who} starts the rollout of ${code(flag)}${what}.`)],
  };
}

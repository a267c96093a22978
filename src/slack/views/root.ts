import type { FeatureState } from '../../domain/feature/state.ts';
import { type MessageView, section } from './parts.ts';
import { mention, named, quote, safe } from './text.ts';

/** Opens the thread after a slash command, which leaves no message of its own. */
export function rootView(state: FeatureState): MessageView {
  const by = state.request?.by;
  const words = state.request?.words ?? '';
  return {
    text: `${named(by)} asked for a feature: ${safe(words, 300)}`,
    blocks: [section(`${by ? mention(by) : 'Somebody'} asked for a feature:\n${quote(words, 2_500)}`)],
  };
}

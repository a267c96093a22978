import type { RolloutState } from '../../../domain/rollout/state.ts';
import { type MessageView, section } from '../parts.ts';
import type { RolloutViewOptions } from './options.ts';

/** Draws one message of a rollout as its state says now. Within Slack's limits whatever the state holds. */
export function rolloutViewOf(
  _state: RolloutState,
  _messageKey: string,
  _options: RolloutViewOptions,
): MessageView {
  return { text: 'This message is not on record.', blocks: [section('This message is not on record.')] };
}

import type { RolloutState } from '../../../domain/rollout/state.ts';
import { type MessageView, section } from '../parts.ts';
import { rolloutCardView } from './card.ts';
import { rolloutFinishedView, rolloutPromotedView, rolloutRolledBackView } from './ended.ts';
import { rolloutHaltView } from './halt.ts';
import { rolloutHoldView } from './hold.ts';
import type { RolloutViewOptions } from './options.ts';
import { rolloutOverrideView } from './override.ts';
import { rolloutPlanView } from './plan.ts';
import { rolloutRootView } from './root.ts';

export { rolloutCardView } from './card.ts';
export type { RolloutViewOptions } from './options.ts';
export { rolloutPlanView } from './plan.ts';
export { rolloutWhyView } from './why.ts';
export { rolloutLineOf } from './words.ts';

/** Draws one message of a rollout as its state says now. Within Slack's limits whatever the state holds. */
export function rolloutViewOf(
  state: RolloutState,
  messageKey: string,
  options: RolloutViewOptions,
): MessageView {
  const about = state.messages.find((message) => message.key === messageKey)?.about;
  switch (about?.kind) {
    case 'rollout-root':
      return rolloutRootView(state);
    case 'rollout-card':
      return rolloutCardView(state, options);
    case 'rollout-plan':
      return rolloutPlanView(state, options);
    case 'rollout-hold':
      return rolloutHoldView(state, about, options);
    case 'rollout-override':
      return rolloutOverrideView(state, about);
    case 'rollout-halt':
      return rolloutHaltView(state, messageKey, options);
    case 'rollout-rolled-back':
      return rolloutRolledBackView(state, options);
    case 'rollout-promoted':
      return rolloutPromotedView(state, about);
    case 'rollout-finished':
      return rolloutFinishedView(state, options);
    case undefined:
      return { text: 'This message is not on record.', blocks: [section('This message is not on record.')] };
  }
}

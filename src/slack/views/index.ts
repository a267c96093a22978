import type { FeatureState } from '../../domain/feature/state.ts';
import { blockedView } from './blocked.ts';
import { budgetView } from './budget.ts';
import { cardView } from './card.ts';
import { endedView } from './ended.ts';
import { type MessageView, section, type ViewOptions } from './parts.ts';
import { planView } from './plan.ts';
import { proofView } from './proof.ts';
import { pullRequestView } from './pull-request.ts';
import { questionsView } from './questions.ts';
import { repositoryPickerView } from './repository-picker.ts';
import { rootView } from './root.ts';
import { specView } from './spec.ts';
import { splitView } from './split.ts';
import { suggestionView } from './suggestion.ts';

export type { Action, ActionName, ActionValue, Modal, ModalName, ModalValue } from './actions.ts';
export { actionId, callbackId, decode, decodeModal, encode, encodeModal } from './actions.ts';
export { homeOf } from './home.ts';
export { askModal, readAsk } from './modals/ask.ts';
export { budgetModal, readBudget } from './modals/budget.ts';
export { editSpecModal, readSpecEdit } from './modals/edit-spec.ts';
export { noteModal, readNote, readReason, readRetry, rejectModal, retryModal } from './modals/notes.ts';
export { overrideModal, readOverride } from './modals/override.ts';
export { ownWordsModal, readOwnWords } from './modals/own-words.ts';
export type { MessageView, ViewOptions } from './parts.ts';
export { readAnswers } from './questions.ts';
export { readRepository } from './repository-picker.ts';
export type { RolloutViewOptions } from './rollout/index.ts';
export {
  rolloutCardView,
  rolloutLineOf,
  rolloutPlanView,
  rolloutViewOf,
  rolloutWhyView,
} from './rollout/index.ts';
export type { Read, Values } from './values.ts';
export { oneLineOf } from './words.ts';

/** Draws one message of a feature as its state says now. Within Slack's limits whatever the state holds. */
export function viewOf(state: FeatureState, messageKey: string, options: ViewOptions): MessageView {
  const about = state.messages.find((message) => message.key === messageKey)?.about;
  switch (about?.kind) {
    case 'root':
      return rootView(state);
    case 'card':
      return cardView(state, options);
    case 'repository-picker':
      return repositoryPickerView(state, options);
    case 'questions':
      return questionsView(state, about.round, options);
    case 'split':
      return splitView(state, options);
    case 'spec':
      return specView(state, about.version, options);
    case 'suggestion':
      return suggestionView(state, about.ts, options);
    case 'plan':
      return planView(state, about.hash, options);
    case 'proof':
      return proofView(state, about.attempt, options);
    case 'blocked':
      return blockedView(state, about, options);
    case 'budget':
      return budgetView(state, about, options);
    case 'pull-request':
      return pullRequestView(state, options);
    case 'ended':
      return endedView(state, options);
    case undefined:
      return { text: 'This message is not on record.', blocks: [section('This message is not on record.')] };
  }
}

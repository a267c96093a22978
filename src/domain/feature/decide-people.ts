import type { PersonCommand } from './commands.ts';
import { decideAnswer, decideAsk, decideRepository, decideSplit } from './decide/asking.ts';
import {
  decideBudget,
  decidePlanApproval,
  decideRetry,
  decideStop,
  decideTakeOver,
  decideTryAgain,
} from './decide/course.ts';
import type { Decided, PersonActor } from './decide/people.ts';
import { decideEdit, decideReject, decideSpecApproval, decideSuggestion } from './decide/spec.ts';
import { decideSay } from './say.ts';
import type { FeatureState } from './state.ts';
import { isFinal } from './state.ts';

/** Decides about what people ask for. Each refusal is the sentence that person reads, in private. */
export function decidePerson(
  state: FeatureState,
  command: PersonCommand,
  by: PersonActor,
  now: Date,
): Decided {
  if (command.type === 'ask') return decideAsk(state, command, by, now);
  if (state.phase.kind === 'new') return { refuse: 'There is no such feature. Ask for one with /feature.' };
  if (isFinal(state.phase)) return { refuse: `${endedInWords(state)} Ask for a new feature with /feature.` };
  switch (command.type) {
    case 'choose-repository':
      return decideRepository(state, command, by);
    case 'answer':
      return decideAnswer(state, command, by);
    case 'say':
      return decideSay(state, command, by);
    case 'decide-suggestion':
      return decideSuggestion(state, command, by);
    case 'edit-spec':
      return decideEdit(state, command, by);
    case 'approve-spec':
      return decideSpecApproval(state, command, by);
    case 'reject':
      return decideReject(state, command, by);
    case 'decide-split':
      return decideSplit(state, command, by);
    case 'approve-plan':
      return decidePlanApproval(state, command, by);
    case 'retry':
      return decideRetry(state, command, by);
    case 'take-over':
      return decideTakeOver(state, command, by);
    case 'try-again':
      return decideTryAgain(state, command, by);
    case 'raise-budget':
      return decideBudget(state, command, by);
    case 'stop':
      return decideStop(state, by);
  }
}

function endedInWords(state: FeatureState): string {
  switch (state.phase.kind) {
    case 'proposed':
      return `This feature is in pull request #${state.pullRequest?.number} already.`;
    case 'merged':
      return `This feature was merged in pull request #${state.pullRequest?.number}. Ask for what is missing as a new feature.`;
    case 'closed':
      return `Pull request #${state.pullRequest?.number} of this feature was closed. Ask again as a new feature.`;
    case 'split':
      return 'This feature was split into smaller ones.';
    case 'rejected':
      return `This feature was rejected by ${state.phase.by.name}.`;
    case 'taken-over':
      return `${state.phase.by.name} has taken this feature over.`;
    default:
      return 'This feature was stopped.';
  }
}

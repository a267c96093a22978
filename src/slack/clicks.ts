import type { PersonCommand } from '../domain/feature/commands.ts';
import type { FeatureState } from '../domain/feature/state.ts';
import { ask } from './asks.ts';
import { type Desk, openDialog, type PersonActor, type Spot, sendAs, tellPrivately } from './desk.ts';
import type { Inbound } from './inbound.ts';
import { clickRollout } from './rollouts/click.ts';
import { decode, type FeatureAction, isRolloutAction } from './views/actions.ts';
import {
  budgetModal,
  editSpecModal,
  noteModal,
  ownWordsModal,
  readAnswers,
  readRepository,
  rejectModal,
  retryModal,
} from './views/index.ts';

type Click = Extract<Inbound, { kind: 'action' }>;

/** A button: rights and state are checked again now, whatever the button said when it was drawn. */
export async function click(desk: Desk, seen: Click, by: PersonActor): Promise<void> {
  const spot: Spot = { user: seen.user, channel: seen.channel, thread: seen.thread };
  const action = decode(seen.action, seen.value);
  if (!action) {
    if (seen.value !== '')
      await tellPrivately(desk, spot, 'This button is not one of mine, or it was changed. Nothing happened.');
    return;
  }
  if (isRolloutAction(action)) return clickRollout(desk, { action, trigger: seen.trigger, by, spot });
  if (action.action === 'view-log') return;
  const { id } = action.value;
  const saved = await desk.engine.read('feature', id);
  if (!saved)
    return tellPrivately(desk, spot, `The feature ${id} of this button does not exist. Nothing happened.`);
  if (saved.state.request?.channel !== seen.channel)
    return tellPrivately(
      desk,
      spot,
      'This button belongs to a feature of another channel. Nothing happened.',
    );
  const view = dialogOf(action, saved.state);
  if (view) {
    return openDialog(desk, { trigger: seen.trigger, view, spot });
  }
  const command = commandOf(action, saved.state, seen);
  if (!command) return;
  await sendAs(desk, { id, command, by, spot });
  if (action.action === 'decide-split' && action.value.split) await askParts(desk, { id, by, spot });
}

/** The dialog a button opens, if it opens one. */
function dialogOf(action: FeatureAction, state: FeatureState) {
  switch (action.action) {
    case 'edit-spec':
      return editSpecModal(state, action.value.version);
    case 'reject':
      return rejectModal(action.value);
    case 'retry':
      return retryModal(action.value);
    case 'raise-budget':
      return budgetModal(state, action.value.step);
    case 'answer-in-own-words':
      return ownWordsModal(state, action.value.round);
    case 'add-note':
      return noteModal(action.value);
    default:
      return undefined;
  }
}

function commandOf(action: FeatureAction, state: FeatureState, seen: Click): PersonCommand | undefined {
  switch (action.action) {
    case 'choose-repository':
      return { type: 'choose-repository', name: action.value.name ?? readRepository(seen.values) ?? '' };
    case 'use-defaults':
      return { type: 'answer', round: action.value.round, answers: [], byDefault: true };
    case 'answer': {
      const questions = state.rounds[action.value.round - 1]?.questions ?? [];
      const answers = readAnswers({ questions }, seen.values);
      return { type: 'answer', round: action.value.round, answers, byDefault: false };
    }
    case 'approve-spec':
      return { type: 'approve-spec', version: action.value.version, hash: action.value.hash };
    case 'decide-suggestion':
      return { type: 'decide-suggestion', ts: action.value.ts, accept: action.value.accept };
    case 'decide-split':
      return { type: 'decide-split', split: action.value.split };
    case 'approve-plan':
      return { type: 'approve-plan', hash: action.value.hash };
    case 'take-over':
      return { type: 'take-over', attempt: action.value.attempt };
    case 'try-again':
      return { type: 'try-again', step: action.value.step };
    case 'stop':
      return { type: 'stop' };
    case 'edit-spec':
    case 'reject':
    case 'retry':
    case 'raise-budget':
    case 'answer-in-own-words':
    case 'add-note':
    case 'view-log':
      return undefined;
  }
}

/** Each part of a split becomes a feature. Their names follow from the whole's, so that doing it again makes none twice. */
async function askParts(
  desk: Desk,
  whole: { readonly id: string; readonly by: PersonActor; readonly spot: Spot },
): Promise<void> {
  const saved = await desk.engine.read('feature', whole.id);
  const split = saved?.state.split;
  if (!saved || split?.decision !== 'split') return;
  for (const [index, part] of split.parts.entries()) {
    const { by, spot } = whole;
    await ask(desk, {
      source: `${whole.id}/part/${index}`,
      words: part.words,
      ...(saved.state.repositoryName !== undefined && { repositories: [saved.state.repositoryName] }),
      by,
      spot: { ...spot, thread: undefined },
    });
  }
}

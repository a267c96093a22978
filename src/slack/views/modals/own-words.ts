import type { ModalView } from '@slack/types';
import type { FeatureState } from '../../../domain/feature/state.ts';
import { callbackId, encodeModal, type ModalValue } from '../actions.ts';
import { plain, textInput } from '../parts.ts';
import { type Read, typed, type Values } from '../values.ts';

/** A field for each question of a round, for answers that are not among the options. Its name is the question's id. */
export function ownWordsModal(state: FeatureState, value: ModalValue<'answer-in-own-words'>): ModalView {
  const questions = state.rounds[value.round - 1]?.questions ?? [];
  return {
    type: 'modal',
    callback_id: callbackId('answer-in-own-words'),
    private_metadata: encodeModal('answer-in-own-words', value),
    title: plain('Answer in own words'),
    submit: plain('Send these answers'),
    close: plain('Cancel'),
    blocks: questions.slice(0, 20).map((question) =>
      textInput({
        name: question.id,
        label: question.text,
        hint: `Without an answer: ${question.default}`,
        optional: true,
        multiline: true,
      }),
    ),
  };
}

/** The answers of a submitted `ownWordsModal`; questions left empty keep their defaults. */
export function readOwnWords(
  values: Values,
): Read<readonly { readonly question: string; readonly answer: string }[]> {
  const questions = Object.keys(values);
  const answers = questions
    .map((question) => ({ question, answer: typed(values, question) }))
    .filter(({ answer }) => answer !== '');
  if (answers.length > 0) return { value: answers };
  return { errors: { [questions[0] ?? 'Q-1']: 'Answer at least one question, or use the defaults.' } };
}

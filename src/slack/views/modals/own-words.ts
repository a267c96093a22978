import type { ModalView } from '@slack/types';
import type { Question } from '../../../domain/feature/spec.ts';
import type { FeatureState } from '../../../domain/feature/state.ts';
import { callbackId, encodeModal } from '../actions.ts';
import { plain, textInput } from '../parts.ts';
import { type Read, typed, type Values } from '../values.ts';

/** A field for each question of a round, for answers that are not among the options. */
export function ownWordsModal(state: FeatureState, round: number): ModalView {
  const questions = state.rounds[round - 1]?.questions ?? [];
  return {
    type: 'modal',
    callback_id: callbackId('answer-in-own-words'),
    private_metadata: encodeModal('answer-in-own-words', { id: state.id, round }),
    title: plain('Answer in own words'),
    submit: plain('Send these answers'),
    close: plain('Cancel'),
    blocks: questions.slice(0, 20).map((question, index) =>
      textInput({
        name: fieldOf(index),
        label: question.text,
        hint: `Without an answer: ${question.default}`,
        optional: true,
        multiline: true,
      }),
    ),
  };
}

function fieldOf(index: number): string {
  return `answer-${index + 1}`;
}

/** The answers of a submitted `ownWordsModal`; questions left empty keep their defaults. */
export function readOwnWords(
  round: { readonly questions: readonly Question[] },
  values: Values,
): Read<readonly { readonly question: string; readonly answer: string }[]> {
  const answers = round.questions.flatMap((question, index) => {
    const answer = typed(values, fieldOf(index));
    return answer === '' ? [] : [{ question: question.id, answer }];
  });
  if (answers.length > 0) return { value: answers };
  return { errors: { [fieldOf(0)]: 'Answer at least one question, or use the defaults.' } };
}

import type { KnownBlock, PlainTextOption } from '@slack/types';
import type { Question } from '../../domain/feature/spec.ts';
import type { FeatureState } from '../../domain/feature/state.ts';
import {
  button,
  buttons,
  context,
  inputId,
  type MessageView,
  plain,
  section,
  type ViewOptions,
} from './parts.ts';
import { count, lines, mention, named, plainly, safe, time } from './text.ts';
import { chosen, type Values } from './values.ts';
import { asked } from './words.ts';

/** More are never asked at once. */
const most = 3;

/** Asks what the request leaves open, each question with its stated default; later says what was answered. */
export function questionsView(state: FeatureState, round: number, options: ViewOptions): MessageView {
  const open = state.phase.kind === 'answering' && state.phase.round === round;
  const questions = state.rounds[round - 1]?.questions ?? [];
  return open ? openView(state, round, options) : closedView(state, round, questions);
}

function openView(state: FeatureState, round: number, options: ViewOptions): MessageView {
  const { id } = state;
  const questions = state.rounds[round - 1]?.questions ?? [];
  const shown = questions.slice(0, most);
  const number = count(questions.length, 'question');
  const left = questions.length - shown.length;
  return {
    text: `${named(state.request?.by)}, ${number} before the spec is written: ${safe(questions[0]?.text ?? '', 200)}`,
    blocks: [
      section(`${asked(state, 'requester', options)}, ${number} before the spec is written:`),
      ...shown.map(questionBlock),
      ...buttons([
        button({ action: 'answer', value: { id, round }, label: 'Send these answers', style: 'primary' }),
        button({ action: 'use-defaults', value: { id, round }, label: 'Use defaults' }),
        button({
          action: 'answer-in-own-words',
          value: { id, round },
          label: 'Answer in own words…',
        }),
      ]),
      context(
        `A reply in your own words in this thread works as well; where it says nothing, the defaults hold.${left > 0 ? ` … (${left} more, which keep their defaults)` : ''}`,
      ),
    ],
  };
}

function questionBlock(question: Question, index: number): KnownBlock {
  const options = choicesOf(question).map(
    (choice, at): PlainTextOption => ({
      text: plain(plainly(choice, 75)),
      value: String(at),
      ...(choice === question.default && { description: plain('Default: assumed without an answer') }),
    }),
  );
  const initial = options[choicesOf(question).indexOf(question.default)];
  return {
    type: 'input',
    block_id: blockOf(index),
    label: plain(plainly(`${index + 1}. ${question.text}`, 600)),
    element: {
      type: 'radio_buttons',
      action_id: inputId,
      options,
      ...(initial && { initial_option: initial }),
    },
  };
}

/** The default can be chosen even when the options forgot it. */
function choicesOf(question: Question): readonly string[] {
  const choices = question.options.slice(0, 9);
  return choices.includes(question.default) ? choices : [...choices, question.default];
}

function blockOf(index: number): string {
  return `question-${index + 1}`;
}

function closedView(state: FeatureState, round: number, questions: readonly Question[]): MessageView {
  const answered = state.rounds[round - 1];
  const by = answered?.answeredBy;
  if (!answered || !by) {
    const text = `${count(questions.length, 'question')} stayed without an answer.`;
    return { text, blocks: [section(text)] };
  }
  const answers = new Map(answered.answers.map(({ question, answer }) => [question, answer]));
  const how = answered.byDefault ? 'kept the defaults of' : 'answered';
  const what = count(questions.length, 'question');
  const when = answered.answeredAt ? ` · ${time(answered.answeredAt)}` : '';
  const body = lines(questions, {
    max: 2_400,
    draw: (question, room) =>
      `${safe(question.text, room / 2 - 4)} → *${safe(answers.get(question.id) ?? question.default, room / 2 - 4)}*`,
  });
  return {
    text: `${named(by)} ${how} ${what}.`,
    blocks: [section(`${mention(by)} ${how} ${what}${when}:\n${body}`)],
  };
}

/** The answers that stand in a click's message state, for the command `answer`; a missing one keeps its default. */
export function readAnswers(
  round: { readonly questions: readonly Question[] },
  values: Values,
): readonly { readonly question: string; readonly answer: string }[] {
  return round.questions.slice(0, most).flatMap((question, index) => {
    const value = chosen(values, blockOf(index));
    const answer = value === undefined ? undefined : choicesOf(question)[Number(value)];
    return answer === undefined ? [] : [{ question: question.id, answer }];
  });
}

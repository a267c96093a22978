import { missingRight } from '../../permissions.ts';
import type { FeatureEvent } from '../events.ts';
import { begin } from '../next.ts';
import type { FeatureState } from '../state.ts';
import { type Decided, notTheirs, type Of, type PersonActor, person } from './people.ts';

/** Starts a feature. The same request again changes nothing. */
export function decideAsk(state: FeatureState, command: Of<'ask'>, by: PersonActor, now: Date): Decided {
  if (state.phase.kind !== 'new') return { accept: [] };
  const missing = missingRight(by, 'request');
  if (missing) return { refuse: missing };
  const words = command.words.trim();
  if (words === '')
    return { refuse: 'Say what the feature should do, for example: /feature Orders over €50 ship free.' };
  const [first] = command.repositories;
  if (first === undefined) {
    return {
      refuse:
        'No repository is set for this channel. Ask in a channel that has one, or have someone with the right "administer" add this one to slipway.yml under channels.',
    };
  }
  const asked: FeatureEvent = {
    type: 'asked',
    id: command.id,
    request: {
      by: person(by),
      words,
      channel: command.channel,
      ...(command.message !== undefined && { message: command.message }),
      at: now.toISOString(),
    },
    choices: command.repositories,
    because: `${by.name} asked for it in ${words.length} characters.`,
  };
  if (command.repositories.length > 1) return { accept: [asked] };
  return {
    accept: [asked, ...chooseRepository(state, first, by, 'It is the only repository of the channel.')],
  };
}

function chooseRepository(
  state: FeatureState,
  name: string,
  by: PersonActor,
  because: string,
): readonly FeatureEvent[] {
  return [
    { type: 'repository-chosen', name, by: person(by), because },
    ...begin(state, 'read-repository', `${name} is read at its newest commit.`),
  ];
}

/** The requester picks one of the repositories of the channel. */
export function decideRepository(
  state: FeatureState,
  command: Of<'choose-repository'>,
  by: PersonActor,
): Decided {
  const refuse = notTheirs(state, by);
  if (refuse) return { refuse };
  if (state.phase.kind !== 'choosing-repository')
    return { refuse: `The repository is ${state.repositoryName} already.` };
  if (!state.phase.choices.includes(command.name)) {
    return {
      refuse: `${command.name} is not a repository of this channel; choose one of ${state.phase.choices.join(', ')}.`,
    };
  }
  return { accept: chooseRepository(state, command.name, by, `${by.name} chose it.`) };
}

/** The open questions are answered; what is left out keeps its default. */
export function decideAnswer(state: FeatureState, command: Of<'answer'>, by: PersonActor): Decided {
  const refuse = notTheirs(state, by);
  if (refuse) return { refuse };
  if (state.phase.kind !== 'answering' || state.phase.round !== command.round) {
    return { refuse: 'These questions are answered already. Write in the thread what you want to change.' };
  }
  const { questions } = state.phase;
  const given = new Map(command.answers.map((answer) => [answer.question, answer.answer.trim()]));
  const answers = questions.map((question) => ({
    question: question.id,
    answer: given.get(question.id) || question.default,
  }));
  const chosen = questions.filter((question) => given.get(question.id)).length;
  return {
    accept: [
      {
        type: 'answered',
        by: person(by),
        answers,
        byDefault: command.byDefault,
        because: `${by.name} answered ${chosen} of ${questions.length}; the rest keep their defaults.`,
      },
      ...begin(state, 'specify', 'The questions are answered.'),
    ],
  };
}

/** A request that is too large is split, or kept as it is. */
export function decideSplit(state: FeatureState, command: Of<'decide-split'>, by: PersonActor): Decided {
  const refuse = notTheirs(state, by);
  if (refuse) return { refuse };
  if (state.phase.kind !== 'splitting') return { refuse: 'Whether to split this was decided already.' };
  const decision = command.split ? 'split' : 'kept';
  const decided: FeatureEvent = {
    type: 'split-decided',
    decision,
    by: person(by),
    because: command.split
      ? `${by.name} split it into ${state.phase.parts.length} features.`
      : `${by.name} keeps it as one feature.`,
  };
  if (command.split) return { accept: [decided] };
  return { accept: [decided, ...begin(state, 'specify', 'The request stays one feature.')] };
}

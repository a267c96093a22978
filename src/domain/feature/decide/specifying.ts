import type { FeatureEvent } from '../events.ts';
import { begin } from '../next.ts';
import type { FeatureState, SpecVersion } from '../state.ts';
import { newestSpec } from '../state.ts';
import { cost, missedNotes, type Of, read } from './answers.ts';

/** The questions of the interviewer; without any the spec is next. */
export function interviewed(state: FeatureState, command: Of<'interviewed'>): readonly FeatureEvent[] {
  const { questions, thinking, notes } = command;
  const count = `${questions.length} question${questions.length === 1 ? '' : 's'}`;
  const asked: FeatureEvent = {
    type: 'questions-asked',
    questions,
    thinking,
    because:
      questions.length === 0 ? 'The request leaves no question open.' : `The request leaves ${count} open.`,
  };
  const next =
    questions.length === 0 ? begin(state, 'specify', 'Nothing is left to ask.', cost(thinking)) : [];
  return [asked, ...read(notes), ...next];
}

/** A new version of the spec; another follows when messages came in meanwhile. */
export function specified(state: FeatureState, command: Of<'specified'>): readonly FeatureEvent[] {
  const version: SpecVersion = {
    version: (newestSpec(state)?.version ?? 0) + 1,
    spec: command.spec,
    hash: command.hash,
    from: 'model',
  };
  const missed = missedNotes(state, command.notes);
  return [
    {
      type: 'spec-written',
      version,
      thinking: command.thinking,
      because: `Spec v${version.version} has ${command.spec.criteria.length} criteria and ${command.spec.risk.level} risk: ${command.spec.risk.because}`,
    },
    ...read(command.notes),
    ...(missed > 0
      ? begin(
          state,
          'specify',
          `${missed} messages came in while the spec was written.`,
          cost(command.thinking),
        )
      : []),
  ];
}

import type { Actor, Decision } from '../process.ts';
import type { PersonCommand } from './commands.ts';
import type { FeatureEvent } from './events.ts';
import { begin } from './next.ts';
import type { FeatureState, Note } from './state.ts';

/**
 * Words in the thread. The requester's count: they answer open questions, revise an open spec or plan, and
 * otherwise wait for the next model call. Words of others become suggestions that the requester accepts.
 */
export function decideSay(
  state: FeatureState,
  command: Extract<PersonCommand, { type: 'say' }>,
  by: Extract<Actor, { kind: 'person' }>,
): Decision<FeatureEvent> {
  if (state.notes.some((note) => note.ts === command.ts)) return { accept: [] };
  const text = command.text.trim();
  if (text === '') return { accept: [] };
  const counts = state.request?.by.id === by.id;
  const note: Note = {
    ts: command.ts,
    by: { id: by.id, name: by.name },
    text,
    standing: counts ? 'counts' : 'suggested',
    read: false,
  };
  const because = counts
    ? `${by.name} wrote in the thread; the next model call reads it.`
    : `${by.name} suggested something; ${state.request?.by.name ?? 'the requester'} decides about it.`;
  const heard: FeatureEvent = { type: 'heard', note, because };
  return { accept: counts ? [heard, ...effectOfWords(state, by.name)] : [heard] };
}

/** What words that count set off at once; while a job is at work they wait for the next model call. */
export function effectOfWords(state: FeatureState, name: string): readonly FeatureEvent[] {
  switch (state.phase.kind) {
    case 'answering':
      return [
        {
          type: 'answered',
          by: state.request?.by ?? { id: '', name },
          answers: state.phase.questions.map((question) => ({
            question: question.id,
            answer: question.default,
          })),
          byDefault: false,
          because: `${name} answered in their own words; where they say nothing, the defaults hold.`,
        },
        ...begin(state, 'specify', `${name} answered in the thread.`),
      ];
    case 'splitting':
    case 'reviewing-spec':
      return begin(state, 'specify', `${name} asked for a change.`);
    case 'reviewing-plan':
      return begin(state, 'plan', `${name} asked for a change of the plan.`);
    case 'new':
    case 'choosing-repository':
    case 'working':
    case 'deciding':
    case 'blocked':
    case 'over-budget':
    case 'proposed':
    case 'merged':
    case 'closed':
    case 'split':
    case 'rejected':
    case 'taken-over':
    case 'stopped':
      return [];
  }
}

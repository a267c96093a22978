import type { JobCommand } from '../commands.ts';
import type { FeatureEvent, Thinking } from '../events.ts';
import { unreadNotes } from '../next.ts';
import type { FeatureState } from '../state.ts';

export type Of<Type extends JobCommand['type']> = Extract<JobCommand, { type: Type }>;

/** What a model call cost, in dollars. */
export function cost(thinking: Thinking): number {
  return thinking.cost.dollars;
}

/** Records that messages were in a prompt. */
export function read(notes: readonly string[]): readonly FeatureEvent[] {
  if (notes.length === 0) return [];
  return [
    {
      type: 'notes-read',
      notes,
      because: `${notes.length} message${notes.length === 1 ? ' was' : 's were'} in the model's prompt.`,
    },
  ];
}

/** The notes that came in while the model was thinking and are not in its answer. */
export function missedNotes(state: FeatureState, readNow: readonly string[]): number {
  return unreadNotes(state).filter((note) => !readNow.includes(note.ts)).length;
}

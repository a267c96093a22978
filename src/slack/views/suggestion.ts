import type { FeatureState } from '../../domain/feature/state.ts';
import { isFinal } from '../../domain/feature/state.ts';
import { button, buttons, type MessageView, section, type ViewOptions } from './parts.ts';
import { mention, named, quote, safe, time } from './text.ts';
import { asked } from './words.ts';

/** Shows what somebody else than the requester wrote, for the requester to take or leave. */
export function suggestionView(state: FeatureState, ts: string, options: ViewOptions): MessageView {
  const note = state.notes.find((candidate) => candidate.ts === ts);
  if (!note) {
    const text = 'This suggestion is not on record.';
    return { text, blocks: [section(text)] };
  }
  const by = named(note.by);
  const words = section(quote(note.text, 2_000));
  if (note.standing !== 'suggested') {
    const counts = note.standing === 'counts';
    const what = counts ? 'was accepted' : 'was declined';
    const effect = counts ? '; it counts as the requester’s own words' : '';
    const who = note.decided ? ` by ${mention(note.decided.by)} · ${time(note.decided.at)}` : '';
    return {
      text: `The suggestion of ${by} ${what}${effect}.`,
      blocks: [section(`The suggestion of ${by} ${what}${who}${effect}.`), words],
    };
  }
  if (isFinal(state.phase)) {
    const text = `The suggestion of ${by} was not decided before the feature ended.`;
    return { text, blocks: [section(text), words] };
  }
  const { id } = state;
  return {
    text: `${named(state.request?.by)}, ${by} suggests: ${safe(note.text, 200)}`,
    blocks: [
      section(`${asked(state, 'requester', options)}, ${by} suggests:`),
      words,
      ...buttons([
        button({
          action: 'decide-suggestion',
          value: { id, ts, accept: true },
          label: 'Accept this suggestion',
          which: 'accept',
          style: 'primary',
        }),
        button({
          action: 'decide-suggestion',
          value: { id, ts, accept: false },
          label: 'Decline it',
          which: 'decline',
        }),
      ]),
    ],
  };
}

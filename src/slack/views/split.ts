import type { FeatureState } from '../../domain/feature/state.ts';
import { button, buttons, type MessageView, section, type ViewOptions } from './parts.ts';
import { count, lines, mention, named, safe } from './text.ts';
import { asked } from './words.ts';

/** Proposes smaller features for a request that is too large for one. */
export function splitView(state: FeatureState, options: ViewOptions): MessageView {
  const { id, split } = state;
  const parts = split?.parts ?? [];
  const number = count(parts.length, 'smaller feature');
  const list = section(
    lines(parts, {
      max: 2_800,
      draw: (part, room) => `• *${safe(part.title, room * 0.3)}*: ${safe(part.words, room * 0.6)}`,
    }) || 'No parts were named.',
  );
  if (state.phase.kind === 'splitting') {
    return {
      text: `${named(state.request?.by)}, this is large; split it into ${number}?`,
      blocks: [
        section(
          `${asked(state, 'requester', options)}, the goal does not fit in three sentences. It could be ${number}:`,
        ),
        list,
        ...buttons([
          button({
            action: 'decide-split',
            value: { id, split: true },
            label: `Split into ${number}`,
            which: 'split',
            style: 'primary',
          }),
          button({
            action: 'decide-split',
            value: { id, split: false },
            label: 'Keep it as one feature',
            which: 'keep',
          }),
        ]),
      ],
    };
  }
  const outcome = split?.decision === 'split' ? `Split into ${number}` : 'Kept as one feature';
  const decided = split?.decision !== undefined;
  const text = decided
    ? `${outcome} by ${named(split?.by)}.`
    : 'The split was not decided; the feature went on.';
  const shown = decided && split?.by ? `${outcome} by ${mention(split.by)}.` : text;
  return { text, blocks: [section(shown), list] };
}

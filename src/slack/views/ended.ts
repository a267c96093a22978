import { dollars } from '../../domain/feature/next.ts';
import type { FeatureState, Person } from '../../domain/feature/state.ts';
import { buttons, context, logButton, type MessageView, section, type ViewOptions } from './parts.ts';
import { code, count, lines, link, listed, mention, named, safe, sentence, time } from './text.ts';
import { isRequester } from './words.ts';

/** How a feature ended without a pull request, in one factual message. */
export function endedView(state: FeatureState, options: ViewOptions): MessageView {
  const [text, ...shown] = ending(state);
  return {
    text: text ?? 'This feature has ended.',
    blocks: [
      ...[...shown, kept(state)].filter((body) => body !== '').map(section),
      context(
        `${dollars(state.spent.dollars)} spent · ${code(state.id, 60)} stays on record with everything that was made.`,
      ),
      ...buttons(logButton(state.id, options)),
    ],
  };
}

/** The sentence for notifications, then what is shown. */
function ending(state: FeatureState): readonly string[] {
  const { phase } = state;
  switch (phase.kind) {
    case 'stopped':
      return [
        `${named(phase.by)} stopped this feature.`,
        `Stopped by ${whoFor(state, phase.by)}.`,
        [
          `*Done* ${phase.done.length > 0 ? safe(listed(phase.done), 600) : 'nothing yet'}`,
          ...(phase.inProgress === undefined ? [] : [`*Was in progress* ${safe(phase.inProgress, 200)}`]),
          `*Remains* ${phase.remains.length > 0 ? safe(listed(phase.remains), 600) : 'nothing'}`,
        ].join('\n'),
      ];
    case 'rejected':
      return [
        `${named(phase.by)} rejected this feature: ${safe(phase.because, 250)}`,
        `Rejected by ${whoFor(state, phase.by)}.\n${safe(sentence(phase.because), 1_500)}`,
      ];
    case 'taken-over':
      return [
        `${named(phase.by)} has taken this feature over; no further attempt is made here.`,
        `Taken over by ${whoFor(state, phase.by)}. No further attempt is made here.`,
      ];
    case 'split':
      return split(state);
    default:
      return ['This feature has gone on.', 'This feature has gone on.'];
  }
}

/** Where the unfinished work is. */
function kept(state: FeatureState): string {
  const found = state.kept;
  if (!found) return '';
  if ('because' in found) return safe(sentence(found.because), 500);
  return `What was built is on the branch ${link(found.url, found.branch)} at ${code(found.headSha.slice(0, 7), 7)}. It is not proved.`;
}

function split(state: FeatureState): readonly string[] {
  const parts = state.split?.parts ?? [];
  const number = count(parts.length, 'smaller feature');
  const by = state.split?.by;
  return [
    `This feature was split into ${number}; each of them becomes a feature of its own.`,
    `Split into ${number}${by ? ` by ${whoFor(state, by)}` : ''}. Each becomes a feature of its own:`,
    lines(parts, {
      max: 2_700,
      draw: (part, room) => `• *${safe(part.title, room * 0.3)}*: ${safe(part.words, room * 0.6)}`,
    }),
  ];
}

/** Who did it; the requester is told when it was somebody else. One mention either way. */
function whoFor(state: FeatureState, by: Person): string {
  const when = time(state.updatedAt);
  const requester = state.request?.by;
  const done =
    isRequester(state, by) || !requester ? mention(by) : `${named(by)}, for ${mention(requester)} to know`;
  return when ? `${done} · ${when}` : done;
}

import type { KnownBlock } from '@slack/types';
import { workInWords } from '../../domain/feature/next.ts';
import type { FeatureState, MessageAbout } from '../../domain/feature/state.ts';
import {
  button,
  buttons,
  logButton,
  type MessageView,
  section,
  stopButton,
  type ViewOptions,
} from './parts.ts';
import { codeBlock, lines, mention, named, safe, sentence, time } from './text.ts';
import { asked } from './words.ts';

/** Work cannot go on until a person changes something; later, that it went on. */
export function blockedView(
  state: FeatureState,
  about: Extract<MessageAbout, { kind: 'blocked' }>,
  options: ViewOptions,
): MessageView {
  const { id, phase } = state;
  const [first = '', ...details] = about.because.split('\n');
  const because = safe(sentence(first), 1_200);
  if (phase.kind === 'blocked' && state.step === about.step) {
    const work = workInWords(phase.on);
    return {
      text: `${named(state.request?.by)}, ${work} is blocked: ${safe(first, 250)}`,
      blocks: [
        section(`${asked(state, 'requester', options)}, ${work} is blocked.\n${because}`),
        ...listOf(details),
        ...(phase.suggestion === undefined ? [] : [section(codeBlock(phase.suggestion, 2_800))]),
        ...buttons([
          button({
            action: 'try-again',
            value: { id, step: about.step },
            label: `Try again: ${work}`,
            style: 'primary',
          }),
          stopButton(id),
          ...logButton(id, options),
        ]),
      ],
    };
  }
  const stopped = phase.kind === 'stopped' && state.step === about.step;
  const outcome = stopped
    ? `Stopped by ${mention(phase.by)} · ${time(state.updatedAt)}`
    : 'It was tried again.';
  return {
    text: `${stopped ? `Stopped by ${named(phase.by)}.` : 'It was tried again.'} It had been blocked: ${safe(first, 250)}`,
    blocks: [section(`Was blocked: ${because}`), section(outcome)],
  };
}

const inOneSection = 15;
const mostSections = 3;

/** Every problem on a line of its own: a person goes through them with the file beside the thread. */
function listOf(details: readonly string[]): readonly KnownBlock[] {
  const found = details.filter((line) => line.trim() !== '');
  const count = Math.min(mostSections, Math.ceil(found.length / inOneSection));
  return Array.from({ length: count }, (_, index) => {
    const last = index === mostSections - 1;
    const mine = found.slice(index * inOneSection, last ? undefined : (index + 1) * inOneSection);
    return section(lines(mine, { max: 2_700, draw: (line, room) => safe(line, room) }));
  });
}

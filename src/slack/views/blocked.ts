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
import { mention, named, safe, sentence, time } from './text.ts';
import { asked } from './words.ts';

/** Work cannot go on until a person changes something; later, that it went on. */
export function blockedView(
  state: FeatureState,
  about: Extract<MessageAbout, { kind: 'blocked' }>,
  options: ViewOptions,
): MessageView {
  const { id, phase } = state;
  const because = safe(sentence(about.because), 1_200);
  if (phase.kind === 'blocked' && state.step === about.step) {
    const work = workInWords(phase.on);
    return {
      text: `${named(state.request?.by)}, ${work} is blocked: ${safe(about.because, 250)}`,
      blocks: [
        section(`${asked(state, 'requester', options)}, ${work} is blocked.\n${because}`),
        ...(phase.suggestion === undefined
          ? []
          : [section(`*What can be done*\n${safe(sentence(phase.suggestion), 800)}`)]),
        ...buttons([
          button({
            action: 'try-again',
            value: { id, step: about.step },
            label: `Try ${work} again`,
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
    text: `${stopped ? `Stopped by ${named(phase.by)}.` : 'It was tried again.'} It had been blocked: ${safe(about.because, 250)}`,
    blocks: [section(`Was blocked: ${because}`), section(outcome)],
  };
}

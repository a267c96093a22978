import type { Button } from '@slack/types';
import { holdInWords, sentence } from '../../../domain/rollout/say.ts';
import type { RolloutMessageAbout, RolloutState } from '../../../domain/rollout/state.ts';
import { asksPerson } from '../../../domain/rollout/waiting.ts';
import { buttons, type MessageView, section } from '../parts.ts';
import { code, safe, time } from '../text.ts';
import { nextPercent } from './card.ts';
import type { RolloutViewOptions } from './options.ts';
import { backButton, haltButton, overrideButton, recordButton, resumeButton } from './parts.ts';
import { ownerOf } from './words.ts';

/** Why it stays where it is, told once; later, that it went on. */
export function rolloutHoldView(
  state: RolloutState,
  about: Extract<RolloutMessageAbout, { kind: 'rollout-hold' }>,
  options: RolloutViewOptions,
): MessageView {
  const { phase } = state;
  const because = safe(sentence(about.because), 1_500);
  if (phase.kind !== 'holding' || phase.since !== about.at) {
    const text = `Held because ${holdInWords(about.reason)}; that is over.`;
    return { text, blocks: [section(`${text} ${time(state.updatedAt)}\n${because}`)] };
  }
  const personal = asksPerson(about.reason);
  const asks = personal
    ? `${ownerOf(state)} is asked to decide. Watching goes on meanwhile.`
    : 'It goes on by itself when that is over. Nothing advances meanwhile.';
  return {
    text: `The rollout of ${safe(state.flag, 150)} holds at ${state.wanted.percent} %: ${holdInWords(about.reason)}.`,
    blocks: [
      section(
        `*${code(state.flag)} holds at ${state.wanted.percent} %: ${holdInWords(about.reason)}.*\n${because}`,
      ),
      section(asks),
      ...buttons(holdButtons(state, about, options)),
    ],
  };
}

function holdButtons(
  state: RolloutState,
  { reason, at }: Extract<RolloutMessageAbout, { kind: 'rollout-hold' }>,
  options: RolloutViewOptions,
): readonly Button[] {
  const unproved = (reason === 'max-soak' || reason === 'signal') && nextPercent(state) !== undefined;
  const back = reason === 'harm' || reason === 'sample-ratio' ? backButton(state) : [];
  return [
    ...(asksPerson(reason)
      ? [resumeButton(state, at, reason === 'max-soak' ? 'Keep waiting' : 'Resume')]
      : []),
    ...(unproved ? [overrideButton(state)] : []),
    haltButton(state),
    ...(unproved ? [] : back.length > 0 ? back : recordButton(state, options)),
  ];
}

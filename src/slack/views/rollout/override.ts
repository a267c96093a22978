import { sentence } from '../../../domain/rollout/say.ts';
import type { RolloutMessageAbout, RolloutState } from '../../../domain/rollout/state.ts';
import { button, buttons, type MessageView, section } from '../parts.ts';
import { code, mention, named, quote, safe, time } from '../text.ts';
import { nextPercent } from './card.ts';
import { haltButton, holdButton } from './parts.ts';

/** Somebody wants to advance without proof: a second person reads why, and confirms. */
export function rolloutOverrideView(
  state: RolloutState,
  about: Extract<RolloutMessageAbout, { kind: 'rollout-override' }>,
): MessageView {
  const { override } = state;
  if (!override || (about.at !== undefined && override.at !== about.at)) {
    const run = state.stages.findLast(({ left }) => left === 'overridden');
    const text = 'An advance without proof was asked for; that is decided or past.';
    return {
      text,
      blocks: [section(run?.because ? `${text}\n${safe(sentence(run.because), 1_500)}` : text)],
    };
  }
  const next = nextPercent(state) ?? 100;
  const who = named(override.by);
  return {
    text: `${who} asks to advance ${safe(state.flag, 150)} to ${next} % without proof; another person has to confirm.`,
    blocks: [
      section(
        `${mention(override.by)} asks to advance ${code(state.flag)} to *${next} %* without proof · ${time(override.at)}`,
      ),
      section(quote(override.reason, 1_500) || ' '),
      ...(state.verdict ? [section(`What is missing: ${safe(state.verdict.because, 900)}`)] : []),
      section(`Another person than ${who} has to confirm. Until then it stays at ${state.wanted.percent} %.`),
      ...buttons([
        button({
          action: 'rollout-confirm',
          value: { id: state.id, at: override.at },
          label: `Confirm: advance to ${next} %`,
          style: 'danger',
          confirm: {
            title: `Advance to ${next} % without proof?`,
            text: 'Your name stands beside the reason in the record.',
            yes: 'Confirm',
          },
        }),
        holdButton(state),
        haltButton(state),
      ]),
    ],
  };
}

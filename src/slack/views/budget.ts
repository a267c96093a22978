import { dollars, workInWords } from '../../domain/feature/next.ts';
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
import { mention, named, time } from './text.ts';
import { asked } from './words.ts';

/** The money is used up before the next piece of work: a pause with everything kept, not an end. */
export function budgetView(
  state: FeatureState,
  about: Extract<MessageAbout, { kind: 'budget' }>,
  options: ViewOptions,
): MessageView {
  const { id, phase } = state;
  const bill = `${dollars(about.spent)} of ${dollars(about.cap)} is spent`;
  if (phase.kind === 'over-budget' && state.step === about.step) {
    const next = workInWords(phase.next);
    return {
      text: `${bill}; ${next} waits until someone who may approve raises the budget.`,
      blocks: [
        section(
          `${bill}, and ${next} comes next. Everything made so far is kept.\n${asked(state, 'approver', options)} is asked to raise the budget, or to stop.`,
        ),
        ...buttons([
          button({
            action: 'raise-budget',
            value: { id, step: about.step },
            label: 'Raise the budget…',
            style: 'primary',
          }),
          stopButton(id),
          ...logButton(id, options),
        ]),
      ],
    };
  }
  if (phase.kind === 'stopped' && state.step === about.step) {
    return {
      text: `${bill}; ${named(phase.by)} stopped the feature.`,
      blocks: [section(`${bill}. Stopped by ${mention(phase.by)} · ${time(state.updatedAt)}`)],
    };
  }
  const raised = state.budgetRaised;
  if (!raised || raised.from !== about.cap) {
    const text = `${bill}; the budget was raised, and work went on.`;
    return { text, blocks: [section(text)] };
  }
  const text = `${bill}; the budget was raised to ${dollars(raised.to)}, and work went on.`;
  return { text, blocks: [section(`${text} ${mention(raised.by)} · ${time(raised.at)}`)] };
}

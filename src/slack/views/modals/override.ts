import type { ModalView } from '@slack/types';
import { callbackId, encodeModal, type ModalValue } from '../actions.ts';
import { plain, section, textInput } from '../parts.ts';
import { type Read, typed, type Values } from '../values.ts';

const field = 'reason';
/** A reason that says something. */
const shortest = 10;

/** Asks why it should advance without proof; another person reads the answer and confirms. */
export function overrideModal(value: ModalValue<'rollout-override'>): ModalView {
  return {
    type: 'modal',
    callback_id: callbackId('rollout-override'),
    private_metadata: encodeModal('rollout-override', value),
    title: plain('Advance without proof'),
    submit: plain('Ask for it'),
    close: plain('Cancel'),
    blocks: [
      section('Another person has to confirm it. Both names and the reason stay in the record.'),
      textInput({
        name: field,
        label: 'Why may it advance although it is not proved safe?',
        hint: 'What you looked at instead, for example a dashboard or a call to the shop.',
        multiline: true,
        max: 1_000,
      }),
    ],
  };
}

/** The reason of a submitted `overrideModal`. */
export function readOverride(values: Values): Read<string> {
  const text = typed(values, field);
  return text.length < shortest
    ? { errors: { [field]: `Say why, in at least ${shortest} letters: another person decides on it.` } }
    : { value: text };
}

import type { ModalView } from '@slack/types';
import { callbackId, encodeModal, type ModalName, type ModalValue } from '../actions.ts';
import { plain, textInput } from '../parts.ts';
import { type Read, typed, type Values } from '../values.ts';

const field = 'note';

type NoteModal = Extract<ModalName, 'reject' | 'retry' | 'add-note'>;

function oneField<Name extends NoteModal>(options: {
  readonly name: Name;
  readonly value: ModalValue<Name>;
  readonly title: string;
  readonly submit: string;
  readonly label: string;
  readonly hint: string;
  readonly optional: boolean;
}): ModalView {
  const { name, value, title, submit, label, hint, optional } = options;
  return {
    type: 'modal',
    callback_id: callbackId(name),
    private_metadata: encodeModal(name, value),
    title: plain(title),
    submit: plain(submit),
    close: plain('Cancel'),
    blocks: [textInput({ name: field, label, hint, optional, multiline: true })],
  };
}

/** Asks why a spec is rejected. */
export function rejectModal(value: ModalValue<'reject'>): ModalView {
  return oneField({
    name: 'reject',
    value,
    title: `Reject spec v${value.version}`,
    submit: 'Reject',
    label: 'Why?',
    hint: 'This ends the feature; the reason is shown in the thread.',
    optional: true,
  });
}

/** Asks what the next attempt should heed. */
export function retryModal(value: ModalValue<'retry'>): ModalView {
  return oneField({
    name: 'retry',
    value,
    title: `Retry after attempt ${value.attempt}`,
    submit: 'Retry',
    label: 'What should the next attempt heed?',
    hint: 'It is shown the failures anyway; say what it cannot see from them.',
    optional: true,
  });
}

/** Asks for words that the next model call reads, like a message in the thread. */
export function noteModal(value: ModalValue<'add-note'>): ModalView {
  return oneField({
    name: 'add-note',
    value,
    title: 'Add a note',
    submit: 'Add the note',
    label: 'Note',
    hint: 'The next step reads it. From anyone but the requester it is a suggestion.',
    optional: false,
  });
}

/** The reason of a submitted `rejectModal`; may be empty. */
export function readReason(values: Values): string {
  return typed(values, field);
}

/** The note of a submitted `retryModal`; may be empty. */
export function readRetry(values: Values): string {
  return typed(values, field);
}

/** The note of a submitted `noteModal`. */
export function readNote(values: Values): Read<string> {
  const text = typed(values, field);
  return text === '' ? { errors: { [field]: 'Write what the next step should heed.' } } : { value: text };
}

import type { ModalView } from '@slack/types';
import { callbackId, encodeModal } from '../actions.ts';
import { plain, textInput } from '../parts.ts';
import { type Read, typed, type Values } from '../values.ts';

const words = 'words';
const most = 3_000;

/** Asks for the words of a feature: after an empty command, or from a message, whose words are filled in. */
export function askModal(options: {
  readonly channel: string;
  readonly words?: string;
  /** The message the thread will hang on. */
  readonly message?: string;
}): ModalView {
  const { channel, message } = options;
  const cut = (options.words?.length ?? 0) > most;
  return {
    type: 'modal',
    callback_id: callbackId('ask'),
    private_metadata: encodeModal('ask', { channel, ...(message !== undefined && { message }) }),
    title: plain('Ask for a feature'),
    submit: plain('Ask for it'),
    close: plain('Cancel'),
    blocks: [
      textInput({
        name: words,
        label: 'What should it do?',
        hint: cut
          ? `The message was longer than ${most} characters; this is its beginning.`
          : 'Say it as you would to a colleague, for example: Orders over €50 ship free.',
        multiline: true,
        max: most,
        ...(options.words && { initial: options.words }),
      }),
    ],
  };
}

/** The words of a submitted `askModal`. */
export function readAsk(values: Values): Read<string> {
  const text = typed(values, words);
  return text === '' ? { errors: { [words]: 'Say what the feature should do.' } } : { value: text };
}

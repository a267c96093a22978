import type { SlashCommand } from './command.ts';

/** `/feature <words>` starts a feature; without words it opens a dialog. */
export const feature: SlashCommand = {
  name: '/feature',
  async run({ text, longest }) {
    const words = text.trim();
    if (words === '') return { kind: 'dialog', words: '' };
    if (words.length > longest) {
      return {
        kind: 'tell',
        text: `This request has ${words.length} characters; ${longest} are the most. Say what the feature should do, and put the rest in the thread as messages. Your words, so that they are not lost:\n${escaped(words).slice(0, mostText)}`,
      };
    }
    return { kind: 'ask', words };
  },
};

/** Slack takes 40,000 characters of text. */
const mostText = 39_000;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

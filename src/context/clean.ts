import {
  codePointName,
  hiddenCharactersIn,
  withoutHiddenCharacters,
} from '../domain/edits/hidden-characters.ts';

export type Cleaned = {
  readonly text: string;
  /** What was taken out, one sentence each. It is a signal in itself: honest files rarely hide anything. */
  readonly stripped: readonly string[];
};

/** Takes out what a reader would not see: control and invisible characters, and, in Markdown, HTML comments. */
export function clean(text: string, kind: 'markdown' | 'plain'): Cleaned {
  const stripped: string[] = [];
  const hidden = hiddenCharactersIn(text.startsWith('\ufeff') ? text.slice(1) : text);
  if (hidden.length > 0) {
    const names = [...new Set(hidden.map(codePointName))];
    stripped.push(`${count(hidden.length, 'hidden character')} (${names.slice(0, 5).join(', ')})`);
  }
  const visible = withoutHiddenCharacters(text);
  if (kind === 'plain') return { text: visible, stripped };
  const comments = visible.match(/<!--[\s\S]*?(?:-->|$)/g) ?? [];
  if (comments.length > 0) stripped.push(count(comments.length, 'HTML comment'));
  return { text: visible.replace(/<!--[\s\S]*?(?:-->|$)/g, ''), stripped };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

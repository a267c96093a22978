import { withoutHiddenCharacters } from './edits/hidden-characters.ts';

/**
 * Fences untrusted text. The marker is random for each request, so that the text cannot end its own fence;
 * any occurrence of it is removed, and so is every character a reader would not see.
 */
export function fence(options: {
  readonly marker: string;
  /** What it is and whose: "request, from the requester Raj". */
  readonly label: string;
  readonly text: string;
}): string {
  const { marker } = options;
  const clean = withoutHiddenCharacters(options.text);
  const removed = clean.length < options.text.length ? ', hidden characters removed' : '';
  return [
    `<<${marker} ${oneLine(options.label.replaceAll(marker, '[marker removed]'))}${removed}>>`,
    clean.replaceAll(marker, '[marker removed]').trimEnd(),
    `<<${marker} end>>`,
  ].join('\n');
}

/** A name or title that cannot pretend to be more than one line. */
export function oneLine(text: string): string {
  const line = withoutHiddenCharacters(text).replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

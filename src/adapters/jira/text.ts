/** The longest summary, description and label that Jira takes, in UTF-16 code units. */
const summaryLength = 255;
const descriptionLength = 32_767;
export const labelLength = 255;

/** Not seen, not a blank, and never part of markup: what stands behind it is no longer at the start of its line. */
const joiner = '\u2060';

/** One line. */
export function summaryOf(text: string): string {
  return cut(visible(text).replace(/\s+/g, ' ').trim(), summaryLength) || 'No summary';
}

/** Plain text as wiki markup that shows just that text: addresses stay links, everything else loses its meaning. */
export function descriptionOf(text: string): string {
  return cut(literal(visible(text).trim()), descriptionLength);
}

/** Marks mean something at the edge of a word, brackets everywhere. */
const address = /https?:\/\/[\w./:?&=%#~+,@;-]+/;
const mark =
  /[{}[\]|^~]|!(?=\S)|\?(?=\?)|(?<=\?)\?|(?<![\p{L}\p{N}])[*_+-]|[*_+-](?![\p{L}\p{N}])|\\(?![A-Za-z0-9 ])/u;
const special = new RegExp(`${address.source}|${mark.source}`, 'gu');

function literal(text: string): string {
  return text.replace(/^([ \t]*)(?=#|(?:h[1-6]|bq)\.)/gm, `$1${joiner}`).replace(special, (found) => {
    if (found.length > 1) return found;
    // Two backslashes are a line break: one cannot be escaped by another.
    return found === '\\' ? `\\${joiner}` : `\\${found}`;
  });
}

function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, ' ');
}

function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const kept = text.slice(0, length - 1).replace(/[\\\uD800-\uDBFF]$/u, '');
  return `${kept}…`;
}

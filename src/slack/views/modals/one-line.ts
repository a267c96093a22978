/** A text as it stands in a field with one item per line. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** How much of a field a text takes, with room to write. */
export function shownLength(text: string): number {
  return JSON.stringify(text).length;
}

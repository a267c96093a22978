/** The relative path of a module or file, as code names it. */
const relative = /(['"`])\.{1,2}(?:\/[^'"`\n]*)?\1/g;

/** Whether a file is the same text in another place, where only its relative paths had to follow. */
export function onlyMoved(before: string, after: string): boolean {
  return withoutFolders(before) === withoutFolders(after);
}

/** A name that its code shares with the old one: `'../src/a.ts'` and `'../../src/a.ts'` are both `a`. */
function withoutFolders(text: string): string {
  return text.replace(relative, (path) => `<${path.slice(1, -1).split('/').at(-1) ?? ''}>`);
}

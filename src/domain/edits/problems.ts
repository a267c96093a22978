import type { Edit } from '../change.ts';
import type { NearestLines } from './nearest-lines.ts';

/** Why an edit cannot be applied. */
export type EditProblemReason =
  | { readonly kind: 'path'; readonly because: string }
  | { readonly kind: 'no-file' }
  | { readonly kind: 'folder-is-file'; readonly folder: string }
  | { readonly kind: 'empty-search' }
  | { readonly kind: 'no-match'; readonly nearest?: NearestLines }
  | { readonly kind: 'already-there' }
  | { readonly kind: 'ambiguous'; readonly lines: readonly number[] }
  | { readonly kind: 'large-write'; readonly lines: number }
  | { readonly kind: 'placeholder'; readonly placeholder: string }
  | { readonly kind: 'hidden-characters'; readonly names: readonly string[] };

export type EditProblem = {
  /** Which edit, from 1. */
  readonly edit: number;
  readonly path: string;
  readonly reason: EditProblemReason;
  /** For people and for the model. It may quote lines of the file, so it is redacted like any text that leaves. */
  readonly message: string;
};

export function problemOf(number: number, edit: Edit, reason: EditProblemReason): EditProblem {
  const what = `Edit ${number} (${edit.kind} ${JSON.stringify(edit.path)})`;
  return { edit: number, path: edit.path, reason, message: `${what} ${sentence(edit, reason)}` };
}

/** All problems of one answer, with what to send next. */
export function describeProblems(problems: readonly EditProblem[], total: number): string {
  const count = `${problems.length} of ${total} ${total === 1 ? 'edit' : 'edits'}`;
  const verb = problems.length === 1 ? 'does' : 'do';
  return [
    `${count} ${verb} not fit, so none was applied. Send every edit again, with these corrected.`,
    ...problems.map((problem) => problem.message),
  ].join('\n\n');
}

function sentence(edit: Edit, reason: EditProblemReason): string {
  switch (reason.kind) {
    case 'path':
      return `is refused. ${reason.because}`;
    case 'no-file':
      return edit.kind === 'replace'
        ? 'cannot be applied: the file does not exist. Write it as a new file, or name one that exists.'
        : 'cannot be applied: the file does not exist.';
    case 'folder-is-file':
      return `cannot be applied: ${JSON.stringify(reason.folder)} is a file, not a folder.`;
    case 'empty-search':
      return 'has an empty search. Search for the lines to replace; write the whole file only when it is new or small.';
    case 'no-match':
      return `does not match: the search is not in the file, character for character.${nearestSentence(reason.nearest)}`;
    case 'already-there':
      return 'does not match, but the replacement lines are already in the file. Leave this edit out if nothing else is to change.';
    case 'ambiguous':
      return `matches ${reason.lines.length} places (lines ${list(reason.lines)}). Add lines around it until the search is unique.`;
    case 'large-write':
      return `would overwrite a file of ${reason.lines} lines. Change a file this large by search and replace.`;
    case 'placeholder':
      return `holds the placeholder ${reason.placeholder}, which stands for a value you were not shown. Leave those lines as they are.`;
    case 'hidden-characters':
      return `adds characters that a reader does not see (${reason.names.join(', ')}). Write them as escapes or leave them out.`;
  }
}

function nearestSentence(nearest: NearestLines | undefined): string {
  if (nearest === undefined)
    return ' Nothing in the file looks like it; copy the lines from the file as it was shown.';
  const why = nearest.onlyIndentation ? ' Only the indentation differs.' : '';
  return `${why} Did you mean these lines, from line ${nearest.line}?\n${nearest.text}`;
}

function list(lines: readonly number[]): string {
  return lines.length <= 8 ? lines.join(', ') : `${lines.slice(0, 8).join(', ')}, ...`;
}

import { z } from 'zod';
import type { Edit } from '../domain/change.ts';
import { applyEdits, describeProblems, mostLinesToOverwrite, type PathOptions } from '../domain/edits.ts';

/** How edits are asked for, in the system prompts of those who write. */
export const editRules = `edits, applied in order, all or none:
- {"kind": "replace", "path", "search", "replace"}: "search" is copied from the file as it is shown, character for character with its indentation, in whole lines, and occurs exactly once in it; take as few lines as make it unique. Later edits see what earlier ones did.
- {"kind": "write", "path", "content"}: the whole content of a new file, or of one of at most ${mostLinesToOverwrite} lines that changes almost everywhere.
- {"kind": "delete", "path"}.
Paths are relative to the repository. [SECRET:…] stands for a value you are not shown: leave such lines alone.`;

export const wireEdits = z.array(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('replace'), path: z.string(), search: z.string(), replace: z.string() }),
    z.object({ kind: z.literal('write'), path: z.string(), content: z.string() }),
    z.object({ kind: z.literal('delete'), path: z.string() }),
  ]),
);

/** The files as they are now; undefined: no such file. */
export type ReadFile = (path: string) => string | undefined;

/** Which paths are symbolic links; an edit may lead through none of them. */
export type IsLink = NonNullable<PathOptions['isLink']>;

/** What is wrong with edits before anything runs: those that may not be, and those that do not apply. */
export function editProblems(
  edits: readonly Edit[],
  options: {
    readonly read: ReadFile;
    readonly isLink: IsLink;
    readonly forbidden: (path: string) => string | undefined;
  },
): readonly string[] {
  if (edits.length === 0) return ['There are no edits.'];
  const forbidden = [...new Set(edits.map(({ path }) => path))].flatMap(
    (path) => options.forbidden(path) ?? [],
  );
  const applied = applyEdits(options.read, edits, { isLink: options.isLink });
  if ('problems' in applied) return [...forbidden, describeProblems(applied.problems, edits.length)];
  return applied.files.length > 0 ? forbidden : [...forbidden, 'The edits change nothing.'];
}

/** A change to a repository, as the model proposes it and as we commit it. */

/** One edit. Paths are relative to the repository, with forward slashes. */
export type Edit =
  /** Replace the one exact occurrence of `search`. */
  | { readonly kind: 'replace'; readonly path: string; readonly search: string; readonly replace: string }
  /** Write a whole new or small file. */
  | { readonly kind: 'write'; readonly path: string; readonly content: string }
  | { readonly kind: 'delete'; readonly path: string };

/** A file after the edits; `content: null` means it is deleted. */
export type ChangedFile = { readonly path: string; readonly content: string | null };

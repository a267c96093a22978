import type { Change } from './changes.ts';
import type { Dependencies } from './dependencies.ts';

export type Tree = { readonly directory: string; readonly dependencies: Dependencies };

/** The two sides of a proof, and what lies between them. */
export type Trees = {
  readonly base: Tree;
  readonly head: Tree;
  readonly changes: readonly Change[];
  /** Changes to what judges, which have a base version to run. */
  readonly judging: readonly Change[];
  readonly baseHasTests: boolean;
};

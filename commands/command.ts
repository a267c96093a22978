import type { FeatureState } from '../src/domain/feature/state.ts';

/** What a slash command, or the same words in a mention, is given. */
export type Input = {
  readonly text: string;
  readonly person: { readonly id: string; readonly name: string; readonly approves: boolean };
  /** Longest request, in characters. */
  readonly longest: number;
  /** The most recently changed features, newest first. */
  readonly features: () => Promise<readonly FeatureState[]>;
  /** Work that waits and work in hand, by what limits it. */
  readonly queue: () => Promise<
    Readonly<Record<string, { readonly waiting: number; readonly active: number }>>
  >;
};

/** What it answers: a text only the person sees, a dialog to fill in, or a request to start. */
export type Reply =
  | { readonly kind: 'tell'; readonly text: string }
  | { readonly kind: 'dialog'; readonly words: string }
  | { readonly kind: 'ask'; readonly words: string };

export type SlashCommand = {
  /** With its slash. */
  readonly name: string;
  run(input: Input): Promise<Reply>;
};

import type { FeatureState } from '../src/domain/feature/state.ts';
import type { RolloutState } from '../src/domain/rollout/state.ts';

/** What a slash command, or the same words in a mention, is given. */
export type Input = {
  readonly text: string;
  readonly person: { readonly id: string; readonly name: string; readonly approves: boolean };
  /** Longest request, in characters. */
  readonly longest: number;
  /** The most recently changed features, newest first. */
  readonly features: () => Promise<readonly FeatureState[]>;
  /** The most recently changed rollouts, newest first. */
  readonly rollouts: () => Promise<readonly RolloutState[]>;
  /** The rollout in whose thread it was said. */
  readonly here?: RolloutState | undefined;
  /** Work that waits and work in hand, by what limits it. */
  readonly queue: () => Promise<
    Readonly<Record<string, { readonly waiting: number; readonly active: number }>>
  >;
};

/** What somebody wants of a rollout that exists. */
export type RolloutWish =
  | { readonly do: 'show'; readonly what: 'status' | 'why' | 'plan' }
  | { readonly do: 'begin' | 'resume' | 'back' }
  | { readonly do: 'hold'; readonly reason?: string }
  | { readonly do: 'halt'; readonly reason?: string }
  | { readonly do: 'roll-back'; readonly reason?: string }
  /** With a reason it is asked for without proof. */
  | { readonly do: 'advance'; readonly reason?: string };

/** What it answers: a text only the person sees, a dialog to fill in, or something to do. */
export type Reply =
  | { readonly kind: 'tell'; readonly text: string }
  | { readonly kind: 'dialog'; readonly words: string }
  | { readonly kind: 'ask'; readonly words: string }
  | { readonly kind: 'rollout'; readonly id: string; readonly wish: RolloutWish }
  | {
      readonly kind: 'start-rollout';
      readonly flag: string;
      readonly environments?: readonly string[];
      readonly stages?: readonly number[];
    }
  /** A flag that none of our rollouts is about; without an environment that of the users. */
  | {
      readonly kind: 'switch-off';
      readonly flag: string;
      readonly environment?: string;
      readonly reason?: string;
    }
  /** Every rollout, or those in an environment. */
  | { readonly kind: 'halt-all'; readonly environment?: string; readonly reason?: string };

export type SlashCommand = {
  /** With its slash. */
  readonly name: string;
  /** It sees every rollout, and nothing is asked of Slack before it: who uses it has no time. */
  readonly urgent?: true;
  /** The words for it in what somebody said to the bot; undefined when they are not meant for it. */
  hears?(
    text: string,
    about: {
      /** Whether it was said in the thread of a rollout. */
      readonly here: boolean;
      /** Flags of rollouts that the person can see. */
      readonly flags: readonly string[];
    },
  ): string | undefined;
  run(input: Input): Promise<Reply>;
};

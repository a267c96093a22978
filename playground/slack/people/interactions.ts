import { addEphemeral } from '../messages.ts';
import { SLACKBOT } from '../model.ts';
import type { World } from '../world.ts';

/** How it went, as the person sees it. */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly text: string }
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> };

export const DONE: Outcome = { kind: 'done' };

/** Slackbot tells one person something. */
export function sayPrivately(
  world: World,
  notice: {
    readonly user: string;
    readonly channel: string;
    readonly threadTs: string | undefined;
    readonly text: string;
  },
): Outcome {
  const { user, channel, threadTs, text } = notice;
  addEphemeral(world, { user, channel, threadTs, text, from: SLACKBOT, blocks: undefined });
  return { kind: 'failed', text };
}

/** The warnings of an earlier try go when somebody tries again. */
export function forgetWarnings(world: World, user: string, target: string): void {
  const kept = world.warnings.filter((warning) => warning.user !== user || warning.target !== target);
  world.warnings.splice(0, world.warnings.length, ...kept);
}

import type { SlashCommand } from './command.ts';
import { feature } from './feature.ts';
import { halt } from './halt.ts';
import { rollout } from './rollout.ts';
import { slipway } from './slipway.ts';

/** Every slash command of the bot. */
export const commands: readonly SlashCommand[] = [feature, halt, rollout, slipway];

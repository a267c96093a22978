import type { SlashCommand } from './command.ts';
import { feature } from './feature.ts';
import { slipway } from './slipway.ts';

/** Every slash command of the bot. */
export const commands: readonly SlashCommand[] = [feature, slipway];

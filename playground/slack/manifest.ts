import { parse } from 'yaml';
import { z } from 'zod';
import type { Shortcut, SlashCommand } from './model.ts';

/** The app as its manifest declares it. */
export type AppDeclaration = {
  readonly name: string;
  readonly commands: readonly SlashCommand[];
  readonly shortcuts: readonly Shortcut[];
  readonly events: readonly string[];
  /** Undefined: no manifest was given, nothing is withheld. */
  readonly scopes: readonly string[] | undefined;
};

const manifestSchema = z.object({
  display_information: z.object({ name: z.string() }),
  features: z
    .object({
      bot_user: z.object({ display_name: z.string() }).optional(),
      slash_commands: z
        .array(
          z.object({
            command: z.string().startsWith('/'),
            description: z.string(),
            usage_hint: z.string().default(''),
            should_escape: z.boolean().default(false),
          }),
        )
        .default([]),
      shortcuts: z
        .array(z.object({ name: z.string(), type: z.enum(['message', 'global']), callback_id: z.string() }))
        .default([]),
    })
    .default({ slash_commands: [], shortcuts: [] }),
  oauth_config: z
    .object({
      scopes: z
        .object({ bot: z.array(z.string()).default([]), bot_optional: z.array(z.string()).default([]) })
        .default({ bot: [], bot_optional: [] }),
    })
    .default({ scopes: { bot: [], bot_optional: [] } }),
  settings: z
    .object({
      event_subscriptions: z
        .object({ bot_events: z.array(z.string()).default([]) })
        .default({ bot_events: [] }),
    })
    .default({ event_subscriptions: { bot_events: [] } }),
});

/** Reads an app manifest (YAML or JSON), as far as a workspace acts on it. */
export function readManifest(manifest: string): AppDeclaration {
  const read = manifestSchema.safeParse(parse(manifest));
  if (!read.success) {
    throw new Error(
      `The app manifest given to the workspace cannot be used: ${z.prettifyError(read.error)}. Correct it and start again.`,
    );
  }
  const { display_information, features, oauth_config, settings } = read.data;
  return {
    name: features.bot_user?.display_name ?? display_information.name,
    commands: features.slash_commands.map((command) => ({
      command: command.command,
      description: command.description,
      usageHint: command.usage_hint,
      shouldEscape: command.should_escape,
    })),
    shortcuts: features.shortcuts.map((shortcut) => ({
      kind: shortcut.type,
      name: shortcut.name,
      callbackId: shortcut.callback_id,
    })),
    events: settings.event_subscriptions.bot_events,
    scopes: [...oauth_config.scopes.bot, ...oauth_config.scopes.bot_optional],
  };
}

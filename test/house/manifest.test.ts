import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

/** Slack's documented limits, https://docs.slack.dev/reference/app-manifest. */
const manifestShape = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(2), minor_version: z.literal(1) }),
  display_information: z.strictObject({
    name: z.string().max(35),
    description: z.string().max(140),
    long_description: z.string().min(174).max(4000),
    background_color: z.string().regex(/^#[0-9a-f]{6}$/),
  }),
  features: z.strictObject({
    bot_user: z.strictObject({ display_name: z.string().max(80), always_online: z.boolean() }),
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    slash_commands: z
      .array(
        z.strictObject({
          command: z.string().regex(/^\/[a-z0-9_-]{1,31}$/),
          description: z.string().min(1).max(2000),
          usage_hint: z.string().max(1000),
          should_escape: z.boolean(),
        }),
      )
      .max(50),
    shortcuts: z
      .array(
        z.strictObject({
          name: z.string().max(24),
          type: z.enum(['message', 'global']),
          callback_id: z.string().max(255),
          description: z.string().max(150),
        }),
      )
      .max(10),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()).max(255) }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({ bot_events: z.array(z.string()).max(100) }),
    interactivity: z.strictObject({ is_enabled: z.literal(true) }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.literal(true),
    token_rotation_enabled: z.literal(false),
  }),
});

const manifest = manifestShape.parse(parse(readFileSync('manifest.yml', 'utf8')));
const scopes = manifest.oauth_config.scopes.bot;
const events = manifest.settings.event_subscriptions.bot_events;
const commands = manifest.features.slash_commands.map(({ command }) => command);

/** The scope that Slack asks for before it delivers an event; absent when it needs none. */
const scopeOfEvent: Readonly<Record<string, string | undefined>> = {
  app_home_opened: undefined,
  app_mention: 'app_mentions:read',
  'message.channels': 'channels:history',
  'message.groups': 'groups:history',
  'message.im': 'im:history',
};

/** One scope that allows the method; of methods with several, those we ask for. */
const scopeOfMethod: Readonly<Record<string, string | undefined>> = {
  'auth.test': undefined,
  'chat.delete': 'chat:write',
  'chat.getPermalink': undefined,
  'chat.postEphemeral': 'chat:write',
  'chat.postMessage': 'chat:write',
  'chat.update': 'chat:write',
  'conversations.history': 'channels:history',
  'conversations.info': 'channels:read',
  'conversations.members': 'channels:read',
  'conversations.list': 'channels:read',
  'conversations.open': 'im:write',
  'conversations.replies': 'channels:history',
  'files.completeUploadExternal': 'files:write',
  'files.getUploadURLExternal': 'files:write',
  'files.uploadV2': 'files:write',
  'reactions.add': 'reactions:write',
  'reactions.remove': 'reactions:write',
  'usergroups.users.list': 'usergroups:read',
  'users.info': 'users:read',
  'users.list': 'users:read',
  'views.open': undefined,
  'views.publish': undefined,
  'views.push': undefined,
  'views.update': undefined,
};

/** The TypeScript sources of a room; none when the room does not exist. */
function sourcesOf(room: string): readonly string[] {
  if (!existsSync(room)) return [];
  return readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(path.join(room, file), 'utf8'));
}

/** What the bot listens to: the first argument of every `app.<kind>('…'`. */
function listenersOf(kind: 'event' | 'command' | 'shortcut'): readonly string[] {
  const call = new RegExp(String.raw`\bapp\.${kind}\(\s*['"]([^'"]+)['"]`, 'g');
  return sourcesOf('src/slack').flatMap((source) => [...source.matchAll(call)].map(([, name]) => name ?? ''));
}

test('nothing is listed twice', () => {
  for (const list of [scopes, events, commands]) expect(list).toEqual([...new Set(list)]);
});

test.each(events)('the event %s comes with its scope', (event) => {
  expect(Object.keys(scopeOfEvent)).toContain(event);
  const scope = scopeOfEvent[event];
  if (scope !== undefined) expect(scopes).toContain(scope);
});

test('commands/ and the manifest name the same commands', () => {
  const files = existsSync('commands')
    ? readdirSync('commands').filter(
        (file) => file.endsWith('.ts') && !/^(index|command|naming)\.ts$/.test(file),
      )
    : commands.map((command) => `${command.slice(1)}.ts`);
  expect(files.map((file) => `/${path.basename(file, '.ts')}`).sort()).toEqual([...commands].sort());
});

describe('what the bot listens to and calls', () => {
  test('every event, command and shortcut it listens to is in the manifest', () => {
    const messageEvents = events.map((event) => event.split('.')[0]);
    expect(listenersOf('event').filter((event) => !messageEvents.includes(event))).toEqual([]);
    expect(listenersOf('command').filter((command) => !commands.includes(command))).toEqual([]);
    const callbacks = manifest.features.shortcuts.map(({ callback_id }) => callback_id);
    expect(listenersOf('shortcut').filter((callback) => !callbacks.includes(callback))).toEqual([]);
  });

  test('every Web API method it calls has its scope', () => {
    const family = '(?:auth|chat|conversations|files|reactions|usergroups\\.users|users|views)';
    const call = new RegExp(String.raw`\b(?:client|web|slack)\w*\.(${family}\.\w+)\(`, 'gi');
    const called = [...sourcesOf('src/slack'), ...sourcesOf('src/adapters')].flatMap((source) =>
      [...source.matchAll(call)].map(([, method]) => method ?? ''),
    );
    const unknown = called.filter((method) => !(method in scopeOfMethod));
    expect(unknown, 'methods without a row in scopeOfMethod').toEqual([]);
    const missing = called
      .map((method) => scopeOfMethod[method])
      .filter((scope) => scope !== undefined && !scopes.includes(scope));
    expect(missing).toEqual([]);
  });
});

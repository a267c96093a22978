import type { World } from '../world.ts';
import { findChannel } from '../world.ts';

/** Already in Slack's form: a mention, a link. Such text is kept, everything else a person typed is escaped. */
const MARKUP = /<(?:[@#!][^<>]+|https?:[^<>]+|mailto:[^<>]+)>/g;

/** What a person types, as Slack stores it: `@name` and `#channel` become references, `&`, `<` and `>` are escaped. */
export function storedText(world: World, typed: string): string {
  let rest = '';
  let from = 0;
  for (const match of typed.matchAll(MARKUP)) {
    rest += reference(world, escapeText(typed.slice(from, match.index))) + match[0];
    from = match.index + match[0].length;
  }
  return rest + reference(world, escapeText(typed.slice(from)));
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function reference(world: World, text: string): string {
  const users = [...world.users.values()];
  return text
    .replace(/(^|[\s(])@([a-z0-9._-]*[a-z0-9])/gi, (all, before: string, name: string) => {
      if (['here', 'channel', 'everyone'].includes(name)) return `${before}<!${name}>`;
      const user = users.find((each) => each.name === name.toLowerCase());
      if (user) return `${before}<@${user.id}>`;
      const group = world.setup.userGroups.find((each) => each.handle === name);
      return group ? `${before}<!subteam^${group.id}|@${group.handle}>` : all;
    })
    .replace(/(^|[\s(])#([a-z0-9_-]+)/g, (all, before: string, name: string) => {
      const channel = findChannel(world, `#${name}`);
      return channel ? `${before}<#${channel.id}|${channel.name}>` : all;
    })
    .replace(/(^|[\s(])(https?:\/\/[^\s<>]+)/g, '$1<$2>');
}

import type { UserGroup } from '../model.ts';
import { Refusal } from '../refusal.ts';
import { wireChannel, wireUser } from '../wire.ts';
import { page } from './args.ts';
import { listedChannels } from './conversations.ts';
import type { Method } from './method.ts';

const info: Method = {
  scopes: ['users:read'],
  token: 'bot',
  run(args, { world }) {
    const user = world.users.get(args.need('user', 'user_not_found'));
    if (!user) throw new Refusal('user_not_found');
    return { user: wireUser(world, user) };
  },
};

const list: Method = {
  scopes: ['users:read'],
  token: 'bot',
  run(args, { world }) {
    const { items, next } = page([...world.users.values()], args, 200);
    return {
      members: items.map((user) => wireUser(world, user)),
      cache_ts: Math.floor(Date.now() / 1_000),
      response_metadata: { next_cursor: next },
    };
  },
};

const lookupByEmail: Method = {
  scopes: ['users:read.email'],
  token: 'bot',
  run(args, { world }) {
    const email = args.need('email');
    const user = [...world.users.values()].find((each) => each.email === email);
    if (!user) throw new Refusal('users_not_found');
    return { user: wireUser(world, user) };
  },
};

const conversations: Method = {
  scopes: ['channels:read', 'groups:read', 'im:read'],
  token: 'bot',
  run(args, { world }) {
    const user = args.text('user') ?? world.setup.credentials.botUserId;
    if (!world.users.has(user)) throw new Refusal('user_not_found');
    const theirs = listedChannels(world, args).filter((channel) => channel.members.includes(user));
    const { items, next } = page(theirs, args, 100);
    return {
      channels: items.map((channel) => wireChannel(world, channel)),
      response_metadata: { next_cursor: next },
    };
  },
};

const wireGroup = (group: UserGroup, teamId: string) => ({
  id: group.id,
  team_id: teamId,
  is_usergroup: true,
  name: group.name,
  handle: group.handle,
  description: '',
  is_external: false,
  date_delete: 0,
  users: group.users,
  user_count: group.users.length,
});

const groups: Method = {
  scopes: ['usergroups:read'],
  token: 'bot',
  run(args, { world }) {
    const withUsers = args.flag('include_users');
    return {
      usergroups: world.setup.userGroups.map((group) => {
        const { users, ...rest } = wireGroup(group, world.setup.team.id);
        return withUsers ? { ...rest, users } : rest;
      }),
    };
  },
};

const groupUsers: Method = {
  scopes: ['usergroups:read'],
  token: 'bot',
  run(args, { world }) {
    const group = world.setup.userGroups.find((each) => each.id === args.need('usergroup'));
    if (!group) throw new Refusal('no_such_subteam');
    return { users: group.users };
  },
};

const botInfo: Method = {
  scopes: ['users:read'],
  token: 'bot',
  run(args, { world }) {
    const { credentials, app } = world.setup;
    if (args.need('bot', 'bot_not_found') !== credentials.botId) throw new Refusal('bot_not_found');
    return {
      bot: {
        id: credentials.botId,
        app_id: credentials.appId,
        user_id: credentials.botUserId,
        name: app.name,
        deleted: false,
        updated: 1_700_000_000,
      },
    };
  },
};

const authTest: Method = {
  scopes: [],
  token: 'bot',
  run(_args, { world }) {
    const { credentials, team } = world.setup;
    return {
      url: `${world.url}/`,
      team: team.name,
      user: world.users.get(credentials.botUserId)?.name,
      team_id: team.id,
      user_id: credentials.botUserId,
      bot_id: credentials.botId,
      is_enterprise_install: false,
    };
  },
};

const connectionsOpen: Method = {
  scopes: [],
  token: 'app',
  run: (_args, { world, sockets }) => ({ url: sockets.openUrl(world.url) }),
};

/** Who is who: users, user groups, the app itself. */
export const peopleMethods: Readonly<Record<string, Method>> = {
  'users.info': info,
  'users.list': list,
  'users.lookupByEmail': lookupByEmail,
  'users.conversations': conversations,
  'usergroups.list': groups,
  'usergroups.users.list': groupUsers,
  'bots.info': botInfo,
  'auth.test': authTest,
  'apps.connections.open': connectionsOpen,
};

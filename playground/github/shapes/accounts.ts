import { createHash } from 'node:crypto';

/** Who has an account on this GitHub. */
export type Person = {
  readonly login: string;
  readonly name?: string;
  readonly email?: string;
  readonly type?: 'User' | 'Bot';
  /** Lets this account use the API and read over git. */
  readonly token?: string;
  /** Without it, every repository. */
  readonly repositories?: readonly string[];
};

/** Where this server is, for the addresses in its answers. */
export type Addresses = {
  /** The pages and git. */
  readonly web: string;
  /** The REST API. */
  readonly api: string;
};

export type AccountShapes = ReturnType<typeof accountShapes>;

/** GitHub's opaque id of anything. */
export const nodeId = (kind: string, id: number | string) => Buffer.from(`${kind}:${id}`).toString('base64');
const numberOf = (text: string) =>
  Number.parseInt(createHash('sha1').update(text).digest('hex').slice(0, 7), 16);
const since = '2026-01-01T00:00:00Z';

const userPaths: Readonly<Record<string, string>> = {
  followers_url: '/followers',
  following_url: '/following{/other_user}',
  gists_url: '/gists{/gist_id}',
  starred_url: '/starred{/owner}{/repo}',
  subscriptions_url: '/subscriptions',
  organizations_url: '/orgs',
  repos_url: '/repos',
  events_url: '/events{/privacy}',
  received_events_url: '/received_events',
};

/** Accounts, as they are shown to others and to themselves. */
export function accountShapes({ web, api }: Addresses, people: readonly Person[]) {
  const user = (login: string) => {
    const url = `${api}/users/${encodeURIComponent(login)}`;
    return {
      login,
      id: numberOf(login),
      node_id: nodeId('User', login),
      avatar_url: `${web}/avatars/${encodeURIComponent(login)}`,
      gravatar_id: '',
      url,
      html_url: `${web}/${encodeURIComponent(login)}`,
      ...Object.fromEntries(Object.entries(userPaths).map(([key, path]) => [key, `${url}${path}`])),
      type: people.find((person) => person.login === login)?.type ?? 'User',
      site_admin: false,
    };
  };
  const userOf = (email: string) => {
    const person = people.find((one) => one.email === email);
    return person ? user(person.login) : null;
  };
  return {
    user,
    userOf,
    account: (person: Pick<Person, 'login' | 'type' | 'name' | 'email'>) => ({
      ...user(person.login),
      name: person.name ?? null,
      email: person.email ?? null,
      company: null,
      blog: null,
      location: null,
      hireable: null,
      bio: null,
      public_repos: 0,
      public_gists: 0,
      followers: 0,
      following: 0,
      created_at: since,
      updated_at: since,
    }),
  };
}

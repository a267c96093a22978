import { z } from 'zod';
import { type Ask, apiOf, wanted } from './api.ts';

/** Root roles of Unleash. */
export const roles = { admin: 1, editor: 2, viewer: 3 } as const;
// Nobody but this machine can reach the server, and it lives as long as the demo.
const password = 'Playground-only-7';
const year = 365 * 24 * 60 * 60 * 1000;

export type Account = {
  readonly id: number;
  readonly email: string;
  readonly token: string;
  readonly ask: Ask;
};

/** A new user with a personal access token. */
export async function accountOf(
  at: { readonly url: () => string; readonly admin: Ask },
  who: { readonly name: string; readonly role: keyof typeof roles },
): Promise<Account> {
  const email = `${who.name}@example.com`;
  await wanted(at.admin, 'POST', '/api/admin/user-admin', {
    name: who.name,
    username: who.name,
    email,
    password,
    rootRole: roles[who.role],
    sendEmail: false,
  });
  const login = await fetch(new URL('/auth/simple/login', at.url()), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: who.name, password }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!login.ok) throw new Error(`${who.name} cannot log in (${login.status}): ${await login.text()}`);
  const { id } = z.object({ id: z.number() }).parse(await login.json());
  const response = await fetch(new URL('/api/admin/user/tokens', at.url()), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      cookie: login.headers
        .getSetCookie()
        .map((one) => one.split(';')[0] ?? '')
        .join('; '),
    },
    body: JSON.stringify({
      description: `playground ${Date.now()}`,
      expiresAt: new Date(Date.now() + year).toISOString(),
    }),
    signal: AbortSignal.timeout(10_000),
  });
  const { secret } = z.object({ secret: z.string() }).parse(await response.json());
  return { id, email, token: secret, ask: apiOf(at.url, secret) };
}

/** Somebody who edits flags by hand while a rollout runs. All flags are in the project `default`. */
export type FlagEditor = Account & {
  create(flag: string): Promise<void>;
  /** Sets the percentage of every gradual rollout of the flag, whatever it was. */
  setPercent(flag: string, environment: string, percent: number | string): Promise<void>;
  /** Adds a strategy and answers its id; a gradual rollout unless a body says otherwise. */
  addStrategy(flag: string, environment: string, body?: StrategyBody): Promise<string>;
  /** JSON Patch on every strategy of the flag. */
  patch(flag: string, environment: string, operations: readonly unknown[]): Promise<void>;
  removeStrategies(flag: string, environment: string): Promise<void>;
  enable(flag: string, environment: string): Promise<void>;
  disable(flag: string, environment: string): Promise<void>;
  archive(flag: string): Promise<void>;
  strategies(flag: string, environment: string): Promise<readonly Strategy[]>;
};
export type StrategyBody = {
  readonly name?: string;
  readonly disabled?: boolean;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly constraints?: readonly unknown[];
  readonly variants?: readonly unknown[];
};
const strategy = z.object({
  id: z.string(),
  name: z.string(),
  disabled: z.boolean(),
  parameters: z.record(z.string(), z.string()),
  variants: z.array(z.unknown()),
});
export type Strategy = z.infer<typeof strategy>;

export function editorOf(account: Account): FlagEditor {
  const { ask } = account;
  const features = '/api/admin/projects/default/features';
  const place = (flag: string, environment: string) => `${features}/${flag}/environments/${environment}`;
  const strategies = async (flag: string, environment: string) =>
    z.array(strategy).parse(await wanted(ask, 'GET', `${place(flag, environment)}/strategies`));
  const patch = async (flag: string, environment: string, operations: readonly unknown[]) => {
    for (const { id } of await strategies(flag, environment))
      await wanted(ask, 'PATCH', `${place(flag, environment)}/strategies/${id}`, operations);
  };
  return {
    ...account,
    strategies,
    patch,
    create: async (flag) => {
      await wanted(ask, 'POST', features, { name: flag, type: 'release' });
    },
    setPercent: (flag, environment, percent) =>
      patch(flag, environment, [{ op: 'replace', path: '/parameters/rollout', value: `${percent}` }]),
    addStrategy: async (flag, environment, body = {}) => {
      const made = await wanted(ask, 'POST', `${place(flag, environment)}/strategies`, {
        name: 'flexibleRollout',
        parameters: { rollout: '10', stickiness: 'userId', groupId: flag },
        ...body,
      });
      return z.object({ id: z.string() }).parse(made).id;
    },
    removeStrategies: async (flag, environment) => {
      for (const { id } of await strategies(flag, environment))
        await wanted(ask, 'DELETE', `${place(flag, environment)}/strategies/${id}`);
    },
    enable: async (flag, environment) => {
      await wanted(ask, 'POST', `${place(flag, environment)}/on`);
    },
    disable: async (flag, environment) => {
      await wanted(ask, 'POST', `${place(flag, environment)}/off`);
    },
    archive: async (flag) => {
      await wanted(ask, 'DELETE', `${features}/${flag}`);
    },
  };
}

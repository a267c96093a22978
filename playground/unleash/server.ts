import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type Ask, apiOf, wanted } from './api.ts';
import { accountOf, editorOf, type FlagEditor, type roles } from './people.ts';
import { spawnUnleash, type UnleashProcess } from './process.ts';

const environments = ['development', 'production'];

export type Unleash = {
  readonly url: string;
  /** Rights to everything; `admin` speaks with it. */
  readonly adminToken: string;
  readonly admin: Ask;
  /** Of a user of its own named slipway (Editor), so that the event log names the bot. */
  readonly token: string;
  /** Of the SDKs, by environment, for all projects. */
  readonly clientTokens: Readonly<Record<string, string>>;
  readonly people: {
    /** Somebody who works with flags by hand; made on first use. */
    as(name: string, role?: keyof typeof roles): Promise<FlagEditor>;
  };
  maintenance(on: boolean): Promise<void>;
  /** Of the server that runs now; undefined between `crash` and `recover`. */
  pid(): number | undefined;
  /** Ends it without a word. */
  crash(): Promise<void>;
  /** Starts it again where it was. */
  recover(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * A real unleash-server on an empty database, with a user for the bot and SDK tokens. Its
 * environments are `development` and `production`: the open-source server has no way to make others, and
 * refuses users any change in them.
 * In a browser: user `admin`, password `unleash4all`.
 */
export async function startUnleash(options: {
  readonly databaseUrl: string;
  readonly log?: (line: string) => void;
}): Promise<Unleash> {
  const { databaseUrl } = options;
  const adminToken = `*:*.${randomBytes(24).toString('hex')}`;
  const run = (port: number) =>
    spawnUnleash({ databaseUrl, adminToken, port, ...(options.log && { log: options.log }) });
  const first = await run(0);
  let server: UnleashProcess | undefined = first;
  const url = `http://127.0.0.1:${first.port}`;
  const admin = apiOf(() => url, adminToken);
  const stop = async () => {
    await server?.end();
    server = undefined;
  };
  try {
    const at = { url: () => url, admin };
    const [bot, tokens] = await Promise.all([
      accountOf(at, { name: 'slipway', role: 'editor' }),
      Promise.all(environments.map(async (one) => [one, await clientToken(admin, one)] as const)),
    ]);
    const known = new Map<string, Promise<FlagEditor>>();
    const as = (name: string, role: keyof typeof roles = 'editor') => {
      const found = known.get(name) ?? accountOf(at, { name, role }).then(editorOf);
      known.set(name, found);
      return found;
    };
    return {
      url,
      adminToken,
      admin,
      token: bot.token,
      clientTokens: Object.fromEntries(tokens),
      people: { as },
      maintenance: async (on) => {
        await wanted(admin, 'POST', '/api/admin/maintenance', { enabled: on });
      },
      pid: () => server?.pid,
      crash: async () => {
        await server?.end('crash');
        server = undefined;
      },
      recover: async () => {
        server ??= await run(first.port);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function clientToken(admin: Ask, environment: string): Promise<string> {
  const made = await wanted(admin, 'POST', '/api/admin/api-tokens', {
    tokenName: `sdk-${environment}`,
    type: 'backend',
    environment,
    projects: ['*'],
  });
  return z.object({ secret: z.string() }).parse(made).secret;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { InMemStorageProvider, Unleash } from 'unleash-client';
import type { FlagSight } from '../../domain/rollout/reading.ts';
import { GiveUp, TryAgain } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { FlagPlace } from '../../ports.ts';
import { bucket } from './bucket.ts';
import { type Ask, bodyOf, placeName } from './requests.ts';
import { type ClientFeature, clientBody } from './shapes.ts';

/** The users' side: what the server tells SDKs, and what an SDK makes of it. */
export type Clients = {
  /** All flags of an environment, as the server tells SDKs. */
  told(environment: string): Promise<Told>;
  /** Seconds until what clients are told of the flag is as it should be; undefined when it is not in time. */
  until(
    place: FlagPlace,
    wait: {
      readonly met: (told: ClientFeature | undefined, revision: number | undefined) => boolean;
      readonly withinMs: number;
    },
  ): Promise<number | undefined>;
  served(
    place: FlagPlace,
    flag: FlagSight,
  ): Promise<{ readonly percent: number; readonly agrees: boolean; readonly because: string }>;
  close(): void;
};

export type Told = { readonly features: readonly ClientFeature[]; readonly revision: number | undefined };

const users = Array.from({ length: 10_000 }, (_, index) => `slipway-${index}`);
const pollMs = 100;

export function createClients(options: {
  readonly url: string;
  readonly ask: Ask;
  readonly tokens: Readonly<Record<string, string>>;
  readonly refreshMs: number;
  readonly log?: Log;
}): Clients {
  const { ask, refreshMs, log } = options;
  const running = new Map<string, Unleash>();
  const patienceMs = 3000 + 2 * refreshMs;

  const tokenOf = (environment: string): string => {
    const token = options.tokens[environment];
    if (token !== undefined) return token;
    throw new GiveUp(
      `There is no SDK token of the environment ${environment}, so that nobody can check what users get there. Add one to UNLEASH_CLIENT_TOKENS.`,
    );
  };
  const told = async (environment: string): Promise<Told> => {
    const body = await bodyOf(
      ask,
      {
        method: 'GET',
        path: '/api/client/features',
        doing: `reading what clients in ${environment} get`,
        token: tokenOf(environment),
      },
      clientBody,
    );
    return { features: body.features, revision: body.meta?.revisionId };
  };
  const until: Clients['until'] = async (place, { met, withinMs }) => {
    const began = performance.now();
    while (performance.now() - began < withinMs) {
      const { features, revision } = await told(place.environment);
      const feature = features.find(({ name }) => name === place.flag);
      if (met(feature, revision)) return (performance.now() - began) / 1000;
      await sleep(pollMs);
    }
    return undefined;
  };
  const start = (environment: string): Unleash => {
    const client = new Unleash({
      appName: 'slipway',
      url: `${options.url}/api`,
      refreshInterval: refreshMs,
      timeout: 5000,
      disableMetrics: true,
      skipInstanceCountWarning: true,
      // The usual one writes a backup file, and would serve from it when Unleash is down.
      storageProvider: new InMemStorageProvider(),
      customHeaders: { Authorization: tokenOf(environment) },
    });
    client.on('error', (error) => log?.warn(`The SDK client of ${environment} has a problem.`, { error }));
    client.on('warn', (warning) => log?.debug(`The SDK client of ${environment} warns.`, { warning }));
    running.set(environment, client);
    return client;
  };
  const stop = (environment: string) => {
    running.get(environment)?.destroy();
    running.delete(environment);
  };
  const isTold = async (place: FlagPlace, flag: FlagSight) => {
    const { features } = await told(place.environment);
    return holds(
      features.find(({ name }) => name === place.flag),
      flag,
    );
  };
  /** The SDK client, once the flag in it is the wanted one; undefined when it did not follow in time. */
  const follow = async (place: FlagPlace, flag: FlagSight): Promise<Unleash | undefined> => {
    const deadline = performance.now() + patienceMs;
    while (performance.now() < deadline) {
      // Another call may have started it anew.
      const client = running.get(place.environment) ?? start(place.environment);
      if (client.isSynchronized() && holds(client.getFeatureToggleDefinition(place.flag), flag))
        return client;
      await sleep(pollMs);
    }
    return undefined;
  };

  return {
    served: async (place, flag) => {
      // Asked first because its errors are clear.
      await told(place.environment);
      let client = await follow(place, flag);
      if (client === undefined && (await isTold(place, flag))) {
        // An SDK that was refused once (401, 403) never asks again by itself.
        stop(place.environment);
        client = await follow(place, flag);
      }
      client ??= running.get(place.environment);
      if (client === undefined || !client.isSynchronized())
        throw new TryAgain(`An SDK client of ${place.environment} has not read anything from Unleash yet.`);
      return judge({ place, flag, client });
    },
    told,
    until,
    close: () => {
      for (const environment of [...running.keys()]) stop(environment);
    },
  };
}

type Definition =
  | {
      readonly enabled: boolean;
      readonly strategies?: readonly {
        readonly parameters?: Readonly<Record<string, unknown>> | undefined;
      }[];
    }
  | undefined;

/** Whether it gives the flag to the wanted share of users; by which of the two ways off it is nobody, is the same. */
function holds(definition: Definition, flag: FlagSight): boolean {
  const share = flag.enabled ? flag.percent : 0;
  if (definition?.enabled !== true) return share === 0;
  const [strategy, second] = definition.strategies ?? [];
  return second === undefined && strategy?.parameters?.rollout === `${share}`;
}

function judge(given: { readonly place: FlagPlace; readonly flag: FlagSight; readonly client: Unleash }): {
  readonly percent: number;
  readonly agrees: boolean;
  readonly because: string;
} {
  const { place, flag, client } = given;
  const definition = client.getFeatureToggleDefinition(place.flag);
  const group = `${definition?.strategies?.[0]?.parameters?.groupId || place.flag}`;
  const share = flag.enabled ? flag.percent : 0;
  const verdicts = users.map((id) => {
    const on = client.isEnabled(place.flag, contextOf(flag.stickiness, id), false);
    const due = bucket(id, group) <= share;
    return { on, right: on === due };
  });
  const served = verdicts.filter(({ on }) => on).length;
  const wrong = verdicts.filter(({ right }) => !right).length;
  const percent = (served / users.length) * 100;
  const figures = `${served} of ${users.length} made-up users get ${placeName(place)} (${percent.toFixed(2)} %)`;
  if (wrong === 0)
    return {
      percent,
      agrees: true,
      because: `${figures}, exactly those of the ${share} % that the hash says.`,
    };
  const parents = definition?.dependencies?.map(({ feature }) => feature) ?? [];
  const why = holds(definition, flag)
    ? parents.length > 0
      ? ` It depends on ${parents.join(', ')}.`
      : ''
    : ' Clients have not got the newest change.';
  return {
    percent,
    agrees: false,
    because: `${figures}, and ${wrong} of them are not as the hash says for ${share} %.${why}`,
  };
}

/** Stickiness names the field of the context that deals the users. */
function contextOf(stickiness: string, id: string) {
  if (stickiness === 'default' || stickiness === 'userId') return { userId: id };
  if (stickiness === 'sessionId') return { sessionId: id };
  return { properties: { [stickiness]: id } };
}

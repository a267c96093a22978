import { clock } from '../domain/rollout/say.ts';
import { GiveUp } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Flags } from '../ports.ts';
import { createClients } from './unleash/clients.ts';
import { foreignChange, identityWith } from './unleash/foreign.ts';
import { off } from './unleash/off.ts';
import { isRamping } from './unleash/ramping.ts';
import { sightOf, stand } from './unleash/read.ts';
import { rehearse } from './unleash/rehearse.ts';
import { askWith } from './unleash/requests.ts';
import { on, prepare, setPercent } from './unleash/write.ts';

export type UnleashOptions = {
  readonly url: string;
  /** A personal access token of a user of our own: the events then name us, and others are told from us. */
  readonly token: string;
  /** SDK tokens by environment, for checking what users get. */
  readonly clientTokens: Readonly<Record<string, string>>;
  /** How often our SDK clients ask. */
  readonly refreshMs?: number;
  readonly log?: Log;
};

/**
 * Flags in Unleash (seen on 7.5 and 8.2): changed through the Admin API, checked through `unleash-client`.
 * Never a PUT: what it leaves out becomes 100 %. After each write the flag is read again.
 */
export function createUnleash(options: UnleashOptions): Flags & { close(): Promise<void> } {
  // SDKs are given the address with /api, and people copy it from there.
  const url = options.url.replace(/\/+$/, '').replace(/\/api$/, '');
  const ask = askWith({ url, token: options.token });
  const identity = identityWith(ask);
  const clients = createClients({
    url,
    ask,
    tokens: options.clientTokens,
    refreshMs: options.refreshMs ?? 2000,
    ...(options.log && { log: options.log }),
  });
  return {
    look: async (place, { since } = {}) => {
      const foreign = since === undefined ? undefined : await foreignChange(place, { ask, identity, since });
      try {
        const flag = sightOf(await stand(place, ask), place);
        return foreign === undefined ? flag : { ...flag, foreign };
      } catch (error) {
        if (!(error instanceof GiveUp) || foreign === undefined) throw error;
        const { by, what, at } = foreign;
        throw new GiveUp(`${error.message} Last change: ${by} ${what}, ${clock(at)}.`, { cause: error });
      }
    },
    prepare: (place, wanted) => prepare(place, wanted, ask),
    setPercent: (place, change) => setPercent(place, change, ask),
    off: (place) => off(place, { ask, clients }),
    on: (place) => on(place, ask),
    rehearse: (place) => rehearse(place, { ask, clients, identity }),
    served: clients.served,
    ramping: async (environment) =>
      (await clients.told(environment)).features
        .filter(isRamping)
        .map(({ name, project }) => ({ project, flag: name })),
    close: async () => clients.close(),
  };
}

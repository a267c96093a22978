import type { FlagEditor } from '../../../playground/unleash/people.ts';
import { startUnleash, type Unleash } from '../../../playground/unleash/server.ts';
import { createUnleash } from '../../../src/adapters/unleash.ts';
import type { FlagPlace } from '../../../src/ports.ts';
import { freshDatabase } from '../../setup/database.ts';

export type House = {
  readonly unleash: Unleash;
  readonly databaseUrl: string;
  readonly flags: ReturnType<typeof createUnleash>;
  /** Somebody who edits flags by hand. */
  readonly ann: FlagEditor;
  close(): Promise<void>;
};

/** A real server of its own for a test file, and our door to it. */
export async function openHouse(): Promise<House> {
  const database = await freshDatabase();
  const unleash = await startUnleash({ databaseUrl: database.url });
  const ann = await unleash.people.as('ann');
  const flags = createUnleash({ ...unleash, refreshMs: 200 });
  return {
    unleash,
    databaseUrl: database.url,
    flags,
    ann,
    close: async () => {
      await flags.close();
      await unleash.stop();
      await database.drop();
    },
  };
}

export const inProduction = (flag: string): FlagPlace => ({
  project: 'default',
  flag,
  environment: 'production',
});

export const wanted = { create: true, stickiness: 'userId', description: 'A flag of a test.' } as const;

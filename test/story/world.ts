import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type Bot, launchBot } from '../../playground/bot.ts';
import { firstFeature } from '../../playground/story/scripts.ts';
import { startWorld, type World } from '../../playground/world.ts';
import type { FeatureState } from '../../src/domain/feature/state.ts';
import { freshDatabase } from '../setup/database.ts';

const house = fileURLToPath(new URL('../..', import.meta.url));

/** A whole world on this machine with a real bot process in it: what a story test plays in. */
export type Stage = {
  readonly world: World;
  readonly databaseUrl: string;
  readonly logFile: string;
  /** Starts a bot, or another one after the last was stopped or killed. */
  bot(environment?: Readonly<Record<string, string>>): Promise<Bot>;
  /** Starts one without waiting until it is well. */
  launch(environment?: Readonly<Record<string, string>>): ReturnType<typeof launchBot>;
  /** The newest feature, as the bot's run page tells it. */
  feature(bot: Bot): Promise<FeatureState | undefined>;
  /** How many rows of the bot's database there are; `what` is a table and what holds for its rows. */
  count(what: string): Promise<number>;
  close(): Promise<void>;
};

/** Fast answers, generous rates; everything else is as it is in the demo. */
export async function setStage(options: Partial<Parameters<typeof startWorld>[0]> = {}): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-story-'));
  const database = await freshDatabase();
  const world = await startWorld({
    directory: join(directory, 'world'),
    cassettes: [firstFeature.cassette],
    manifest: join(house, 'manifest.yml'),
    instantModel: true,
    pace: { rateScale: 50, retryDelaysMs: [0, 500, 2000] },
    ...options,
  });
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  const bots: Bot[] = [];
  const logFile = join(directory, 'bot.log');
  const launch = async (environment: Readonly<Record<string, string>> = {}) => {
    const bot = await launchBot({
      entry: join(house, 'src/main.ts'),
      environment: { ...world.environment, DATABASE_URL: database.url, ...environment },
      logFile,
    });
    bots.push(bot);
    return bot;
  };
  return {
    world,
    databaseUrl: database.url,
    logFile,
    launch,
    async bot(environment) {
      const bot = await launch(environment);
      await bot.untilWell();
      return bot;
    },
    async feature(bot) {
      const list = await (await fetch(`${bot.url}/features`)).text();
      const id = /\/features\/(f-[a-z0-9]+)/.exec(list)?.[1];
      if (id === undefined) return undefined;
      const { state }: { state: FeatureState } = await (await fetch(`${bot.url}/features/${id}.json`)).json();
      return state;
    },
    async count(what) {
      const { rows } = await pool.query<{ count: number }>(`select count(*)::integer as count from ${what}`);
      return rows[0]?.count ?? 0;
    },
    async close() {
      await pool.end();
      await Promise.all(bots.map((bot) => bot.kill()));
      await world.stop();
      await database.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type Bot, freePort, startBot } from '../../../playground/bot.ts';
import { firstFeature } from '../../../playground/story/scripts.ts';
import { startWorld, type World } from '../../../playground/world.ts';
import { startEmbedded } from '../../engine/postgres/embedded.ts';

const house = fileURLToPath(new URL('../../..', import.meta.url));

export type OpenWorld = {
  readonly world: World;
  readonly bot: Bot;
  readonly logFile: string;
  stop(): Promise<void>;
};

/**
 * The whole playground with the bot in it, made anew in `directory`. `environment` is for the bot, beside what the
 * world gives it.
 */
export async function openWorld(options: {
  readonly directory: string;
  readonly environment?: Readonly<Record<string, string>>;
}): Promise<OpenWorld> {
  const { directory, environment = {} } = options;
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const one of stops.toReversed()) await one();
  };
  try {
    const port = await freePort();
    // Beside the world, which makes its directory anew.
    const flags = await startFlagDatabase(`${directory}-flags`);
    stops.push(flags.stop);
    const world = await startWorld({
      directory,
      cassettes: [firstFeature.cassette],
      manifest: join(house, 'manifest.yml'),
      webUrl: `http://127.0.0.1:${port}`,
      releaseDatabaseUrl: flags.url,
    });
    stops.push(world.stop);
    const logFile = join(directory, 'bot.log');
    const bot = await startBot({
      entry: join(house, 'src/main.ts'),
      environment: { ...world.environment, ...environment },
      logFile,
      port,
    });
    stops.push(bot.stop);
    return { world, bot, logFile, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** An empty database for the flag service, on a server of its own: what it held before is gone. */
async function startFlagDatabase(
  directory: string,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  // Nothing here outlives the playground, so the disk is not waited for.
  const server = await startEmbedded({
    directory,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  });
  const client = new pg.Client({ connectionString: server.urlOf('postgres') });
  await client.connect();
  await client.query('drop database if exists unleash with (force)');
  await client.query('create database unleash');
  await client.end();
  return { url: server.urlOf('unleash'), stop: server.stop };
}

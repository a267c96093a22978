import { once } from 'node:events';
import { join } from 'node:path';
import { freePort, startBot } from '../../playground/bot.ts';
import { firstFeature } from '../../playground/story/scripts.ts';
import { startWorld } from '../../playground/world.ts';
import { sentenceOf } from '../errors.ts';
import { startFlagDatabase } from './demo/flag-database.ts';
import { house, worldOptions } from './demo.ts';
import type { Command } from './io.ts';

/** The local workspace with the bot in it, until Ctrl-C. With OPENAI_BASE_URL and OPENAI_API_KEY set, a real model answers. */
export const playgroundCommand: Command = async (_args, io) => {
  const directory = join(io.cwd, '.slipway', 'playground');
  const stops: (() => Promise<unknown>)[] = [];
  try {
    const port = await freePort();
    const flags = await startFlagDatabase(join(io.cwd, '.slipway', 'playground-flags'));
    stops.push(flags.stop);
    const world = await startWorld({
      ...worldOptions(directory),
      webUrl: `http://127.0.0.1:${port}`,
      releaseDatabaseUrl: flags.url,
    });
    stops.push(world.stop);
    world.release?.follow((error) => io.err(`The shop could not be deployed: ${sentenceOf(error)}`));
    world.release?.open();
    const { OPENAI_BASE_URL, OPENAI_API_KEY } = io.env;
    const bot = await startBot({
      entry: join(house, 'src/main.ts'),
      environment: {
        ...world.environment,
        ...(OPENAI_BASE_URL && { OPENAI_BASE_URL }),
        ...(OPENAI_BASE_URL && OPENAI_API_KEY && { OPENAI_API_KEY }),
      },
      logFile: join(directory, 'bot.log'),
      port,
    });
    stops.push(bot.stop);
    io.out(`The workspace is at   ${world.slack.url}`);
    io.out(`GitHub is at          ${world.github.url}`);
    io.out(`Unleash is at         ${world.release?.unleash.url} (admin, unleash4all)`);
    io.out(`The shop is at        ${world.release?.production.url}, with customers`);
    io.out(`The run pages are at  ${bot.url}`);
    io.out(`The bot's log is      ${join(directory, 'bot.log')}\n`);
    io.out(
      OPENAI_BASE_URL
        ? 'Your own model answers.'
        : `A recorded model answers one request, in ${firstFeature.channel}:\n  /feature ${firstFeature.words}\nFor any other, set OPENAI_BASE_URL and OPENAI_API_KEY.`,
    );
    io.out(
      'Merge the pull request on its page, and the shop is deployed and its rollout begins.\nCtrl-C ends it.',
    );
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    return 0;
  } finally {
    for (const stop of stops.toReversed()) await stop();
  }
};

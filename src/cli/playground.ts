import { once } from 'node:events';
import { join } from 'node:path';
import { freePort, startBot } from '../../playground/bot.ts';
import { firstFeature } from '../../playground/story/scripts.ts';
import { startWorld } from '../../playground/world.ts';
import { house, worldOptions } from './demo.ts';
import type { Command } from './io.ts';

/** The local workspace with the bot in it, until Ctrl-C. With OPENAI_BASE_URL and OPENAI_API_KEY set, a real model answers. */
export const playgroundCommand: Command = async (_args, io) => {
  const directory = join(io.cwd, '.slipway', 'playground');
  const port = await freePort();
  const world = await startWorld({ ...worldOptions(directory), webUrl: `http://127.0.0.1:${port}` });
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
  io.out(`The workspace is at   ${world.slack.url}`);
  io.out(`GitHub is at          ${world.github.url}`);
  io.out(`The run pages are at  ${bot.url}`);
  io.out(`The bot's log is      ${join(directory, 'bot.log')}\n`);
  io.out(
    OPENAI_BASE_URL
      ? 'Your own model answers.'
      : `A recorded model answers one request, in ${firstFeature.channel}:\n  /feature ${firstFeature.words}\nFor any other, set OPENAI_BASE_URL and OPENAI_API_KEY.`,
  );
  io.out('Ctrl-C ends it.');
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await bot.stop();
  await world.stop();
  return 0;
};

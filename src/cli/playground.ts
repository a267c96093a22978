import { once } from 'node:events';
import { join } from 'node:path';
import { firstFeature } from '../../playground/story/scripts.ts';
import { sentenceOf } from '../errors.ts';
import { openWorld } from './demo/open-world.ts';
import type { Command } from './io.ts';

/** The local workspace with the bot in it, until Ctrl-C. With OPENAI_BASE_URL and OPENAI_API_KEY set, a real model answers. */
export const playgroundCommand: Command = async (_args, io) => {
  const { OPENAI_BASE_URL, OPENAI_API_KEY } = io.env;
  const { world, bot, logFile, stop } = await openWorld({
    directory: join(io.cwd, '.slipway', 'playground'),
    environment: {
      ...(OPENAI_BASE_URL && { OPENAI_BASE_URL }),
      ...(OPENAI_BASE_URL && OPENAI_API_KEY && { OPENAI_API_KEY }),
    },
  });
  const { slack, github, release } = world;
  release?.follow((error) => io.err(`The shop could not be deployed: ${sentenceOf(error)}`));
  release?.open();
  io.out(`The workspace is at   ${slack.url}`);
  io.out(`GitHub is at          ${github.url}`);
  io.out(`Unleash is at         ${release?.unleash.url} (admin, unleash4all)`);
  io.out(`The shop is at        ${release?.production.url}, with customers`);
  io.out(`The run pages are at  ${bot.url}`);
  io.out(`The bot's log is      ${logFile}\n`);
  io.out(
    OPENAI_BASE_URL
      ? 'Your own model answers.'
      : `A recorded model answers one request, in ${firstFeature.channel}:\n  /feature ${firstFeature.words}\nFor any other, set OPENAI_BASE_URL and OPENAI_API_KEY.`,
  );
  io.out('Merge the pull request on its page: the shop is deployed, and its rollout begins.');
  io.out('Ctrl-C ends it.');
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await stop();
  return 0;
};

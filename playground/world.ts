import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type GitHubServer, startGitHub } from './github/server.ts';
import { type PlaygroundModel, startModel } from './model/model.ts';
import { type Release, startRelease } from './release.ts';
import { buildShopHistory, shopAuthors } from './shop-history.ts';
import type { SlackOptions } from './slack/options.ts';
import { type SlackWorkspace, startSlack } from './slack/start-slack.ts';

/** A local Slack, GitHub and model, and what a bot needs to be pointed at them. */
export type World = {
  readonly slack: SlackWorkspace;
  readonly github: GitHubServer;
  readonly model: PlaygroundModel;
  /** Undefined unless it was asked for. */
  readonly release: Release | undefined;
  /** The environment of a bot that lives in this world. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
};

const repository = 'acme/shop';
const botToken = 'github_pat_playground';

const people = [
  { login: 'slipway-bot', name: 'Slipway', email: 'slipway@acme.test', token: botToken },
  ...Object.values(shopAuthors).map((author) => ({ ...author, token: `github_pat_${author.login}` })),
];

/** The deployment of the playground: one channel, one repository, and a reviewer who may approve. */
const deployment = `version: 1
channels:
  '#checkout': [${repository}]
models:
  light: { name: cassette-light, inputPerMillion: 0.4, outputPerMillion: 1.6 }
  standard: { name: cassette-standard, inputPerMillion: 2, outputPerMillion: 8 }
  strong: { name: cassette-strong, inputPerMillion: 10, outputPerMillion: 40 }
people:
  request: everyone
  approve: [U0MEI]
  stop: [U0MEI, U0TOM]
  administer: [U0TOM]
onCall: { people: [U0TOM], from: '2026-11-02T09:00:00Z', hours: 168 }
limits: { pollSeconds: 1 }
`;

/**
 * Starts everything on free ports. `directory` holds the repositories, the configuration and the bot's own
 * home; it is made anew.
 */
export async function startWorld(options: {
  readonly directory: string;
  readonly cassettes: readonly string[];
  readonly manifest: string;
  readonly slackPort?: number;
  readonly instantModel?: boolean;
  /** Slack's own times and rates, changed; the real ones when it is not said. */
  readonly pace?: SlackOptions['pace'];
  /** Instead of the playground's own people and channels. */
  readonly workspace?: Pick<SlackOptions, 'users' | 'channels'>;
  /** Instead of the playground's deployment: the text of another slipway.yml. */
  readonly deployment?: string;
  /** An empty database for a flag service; with it the shop runs for users, and features can be ramped up. */
  readonly releaseDatabaseUrl?: string;
  /** Where the bot's run pages will be; the thread links to them when it is said. */
  readonly webUrl?: string;
}): Promise<World> {
  const { directory } = options;
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const slack = await startSlack({
    manifest: await readFile(options.manifest, 'utf8'),
    ...(options.slackPort !== undefined && { port: options.slackPort }),
    ...(options.pace && { pace: options.pace }),
    ...options.workspace,
  });
  const github = await startGitHub({ directory: join(directory, 'github'), people });
  const history = join(directory, 'shop-history');
  await buildShopHistory(history);
  await github.people.createRepository({ name: repository, from: history, defaultBranch: 'main' });
  const model = await startModel({
    cassettes: options.cassettes,
    ...(options.instantModel && { pace: 'instant' as const }),
  });
  const release =
    options.releaseDatabaseUrl === undefined
      ? undefined
      : await startRelease({
          directory: join(directory, 'release'),
          databaseUrl: options.releaseDatabaseUrl,
          github,
          repository,
          token: botToken,
        });
  const config = join(directory, 'slipway.yml');
  const web = options.webUrl ? `web: { url: '${options.webUrl}' }\n` : '';
  await writeFile(config, `${options.deployment ?? deployment}${web}`);
  return {
    slack,
    github,
    model,
    release,
    environment: {
      ...release?.environment,
      SLACK_BOT_TOKEN: slack.credentials.botToken,
      SLACK_APP_TOKEN: slack.credentials.appToken,
      SLACK_API_URL: slack.apiUrl,
      GITHUB_TOKEN: botToken,
      GITHUB_API_URL: github.apiUrl,
      GITHUB_GIT_URL: github.url,
      OPENAI_API_KEY: 'playground',
      OPENAI_BASE_URL: model.url,
      SLIPWAY_CONFIG: config,
      SLIPWAY_HOME: join(directory, 'home'),
      HOST: '127.0.0.1',
    },
    async stop() {
      await Promise.all([slack.stop(), github.stop(), model.close(), release?.stop()]);
    },
  };
}

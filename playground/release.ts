import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { GitHubServer } from './github/server.ts';
import { checkOut, type Production, startProduction } from './production/start.ts';
import { startTraffic, type Traffic } from './production/traffic.ts';
import { type Prometheus, startPrometheus } from './prometheus/start.ts';
import { startUnleash, type Unleash } from './unleash/server.ts';

/** Where the shop meets its users: its flags, the shop as it runs, and what counts it. */
export type Release = {
  readonly unleash: Unleash;
  readonly prometheus: Prometheus;
  readonly production: Production;
  /** Puts a commit of the shop's repository into production. */
  deploy(commit: string): Promise<void>;
  /** From now on every new commit of main goes into production, as a pipeline would do it. */
  follow(onError: (error: unknown) => void): void;
  /** Lets customers in; the same ones however often it is called. */
  open(): Traffic;
  /** What a bot needs to ramp features up here. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
};

const scrapeMs = 500;
const followMs = 2000;
const git = promisify(execFile);

/** Starts a real unleash-server on an empty database, the shop as its newest commit has it, and a Prometheus. */
export async function startRelease(options: {
  readonly directory: string;
  readonly databaseUrl: string;
  readonly github: Pick<GitHubServer, 'url'>;
  readonly repository: string;
  /** A token that may read the repository. */
  readonly token: string;
  /** Orders a second. */
  readonly perSecond?: number;
}): Promise<Release> {
  const { directory, databaseUrl, github, repository, token, perSecond = 600 } = options;
  const address = `${github.url.replace('://', `://x-access-token:${token}@`)}/${repository}.git`;
  let versions = 0;
  const filesOf = (commit: string) =>
    checkOut({ repository: address, commit, directory: join(directory, `version-${++versions}`) });
  const [unleash, first] = await Promise.all([startUnleash({ databaseUrl }), filesOf('origin/main')]);
  const started: { stop(): Promise<unknown> }[] = [unleash];
  const stop = async () => {
    for (const one of started.toReversed()) await one.stop();
  };
  try {
    const clientToken = unleash.clientTokens.production ?? '';
    const production = await startProduction({
      directory: first,
      unleash: { url: unleash.url, clientToken, refreshMs: 500 },
    });
    started.push(production);
    const prometheus = await startPrometheus({
      targets: [production.url],
      job: 'shop',
      scrapeMs,
      directory: join(directory, 'prometheus'),
    });
    started.push(prometheus);
    let traffic: Traffic | undefined;
    return {
      unleash,
      prometheus,
      production,
      deploy: async (commit) => production.deploy(await filesOf(commit)),
      follow(onError) {
        let last = '';
        const look = async () => {
          const { stdout } = await git('git', ['ls-remote', address, 'refs/heads/main']);
          const commit = stdout.split('\t')[0] ?? '';
          if (last !== '' && commit !== last) await production.deploy(await filesOf(commit));
          last = commit;
        };
        let looking = Promise.resolve();
        const timer = setInterval(() => {
          looking = looking.then(look).catch(onError);
        }, followMs);
        started.push({
          stop: async () => {
            clearInterval(timer);
            await looking;
          },
        });
      },
      open() {
        if (traffic) return traffic;
        traffic = startTraffic({ url: production.url, perSecond, users: 5000, seed: 1 });
        started.push(traffic);
        return traffic;
      },
      environment: {
        UNLEASH_URL: unleash.url,
        UNLEASH_TOKEN: unleash.token,
        UNLEASH_CLIENT_TOKENS: Object.values(unleash.clientTokens).join(','),
        PROMETHEUS_URL: prometheus.url,
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GitHubServer } from '../../playground/github/server.ts';
import { startGitHub } from '../../playground/github/server.ts';
import { createGitHub } from '../../src/adapters/github.ts';
import type { Forge } from '../../src/ports.ts';

export type ForgeBench = {
  readonly github: GitHubServer;
  readonly forge: Forge;
  /** The newest commit of `acme/shop`. */
  readonly base: string;
  /** An empty directory that is removed with the bench. */
  fresh(): string;
  stop(): Promise<void>;
};

export const botToken = 'ghs_the-token-of-the-bot';

/** A forge on a fresh GitHub whose `acme/shop` is what the shell script makes of an empty git repository. */
export async function forgeOn(
  script: string,
  options: { readonly callTimeoutMs?: number } = {},
): Promise<ForgeBench> {
  const directory = mkdtempSync(join(tmpdir(), 'forge-'));
  const source = join(directory, 'source');
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', source]);
  execFileSync('sh', ['-ec', `${script}\ngit add -A\ngit commit -q --allow-empty -m last`], {
    cwd: source,
    stdio: 'pipe',
    env: {
      PATH: process.env.PATH,
      HOME: directory,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'Ada',
      GIT_AUTHOR_EMAIL: 'ada@acme.example',
      GIT_AUTHOR_DATE: '2026-11-01T10:00:00Z',
      GIT_COMMITTER_NAME: 'Ada',
      GIT_COMMITTER_EMAIL: 'ada@acme.example',
      GIT_COMMITTER_DATE: '2026-11-01T10:00:00Z',
    },
  });
  const github = await startGitHub({
    directory: join(directory, 'github'),
    people: [
      { login: 'slipway[bot]', type: 'Bot', token: botToken, repositories: ['acme/shop'] },
      { login: 'ada', name: 'Ada', email: 'ada@acme.example', token: 'ghp_ada' },
    ],
  });
  await github.people.createRepository({ name: 'acme/shop', from: source });
  await github.people.createRepository({ name: 'acme/secret', from: source });
  const forge = createGitHub({
    baseUrl: github.apiUrl,
    gitUrl: github.url,
    token: botToken,
    workDirectory: join(directory, 'work'),
    ...options,
  });
  const main = (await github.people.branches('acme/shop')).find((branch) => branch.name === 'main');
  return {
    github,
    forge,
    base: main?.sha ?? '',
    fresh: () => mkdtempSync(join(directory, 'fresh-')),
    async stop() {
      await github.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GiveUp, TryAgain } from '../../errors.ts';
import type { Place } from './branch.ts';
import { runGit } from './git.ts';

export type MirrorOptions = {
  readonly gitUrl: string;
  readonly token: string;
  readonly workDirectory: string;
};
type Wanted = { readonly place: Place; readonly commit: string; readonly signal: AbortSignal };

/** Brings a commit and its history into the bare mirror of its repository and answers the mirror's directory. */
export async function mirrorWith(wanted: Wanted, options: MirrorOptions): Promise<string> {
  const { place, commit, signal } = wanted;
  const directory = join(options.workDirectory, place.owner, `${place.repo}.git`);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const git = { directory, signal };
  // The ref is written after the objects are all there, and so says that the commit is whole.
  const ref = `refs/slipway/${commit}`;
  const known = await runGit(['rev-parse', '--verify', '--quiet', ref], git);
  if (known.status === 0) return directory;
  // Also when there is one: it repairs what a kill in the middle left behind, and changes nothing else.
  const made = await runGit(['init', '--quiet', '--bare', '--template=', '--initial-branch=none'], git);
  if (made.status !== 0) throw new TryAgain(`Making the mirror ${directory}: ${made.stderr.trim()}`);

  const credentials = Buffer.from(`x-access-token:${options.token}`).toString('base64');
  const url = `${options.gitUrl}/${place.owner}/${place.repo}.git`;
  const flags = [
    '--quiet',
    '--no-tags',
    '--no-recurse-submodules',
    '--no-write-fetch-head',
    '--no-auto-maintenance',
  ];
  const fetched = await runGit(['fetch', ...flags, '--end-of-options', url, `+${commit}:${ref}`], {
    ...git,
    settings: { [`http.${options.gitUrl}/.extraHeader`]: `Authorization: Basic ${credentials}` },
  });
  if (fetched.status !== 0) throw refusal(fetched.stderr, wanted);
  return directory;
}

/** Git has no codes for what went wrong, only its own words, which LC_ALL=C keeps the same everywhere. */
function refusal(stderr: string, { place, commit }: Wanted): Error {
  const repository = `${place.owner}/${place.repo}`;
  if (/not found|returned error: 404/i.test(stderr))
    return new GiveUp(
      `The bot cannot see ${repository}. Install the app on it or correct the name in slipway.yml.`,
    );
  if (/Authentication failed|returned error: 40[13]|could not read Username/i.test(stderr))
    return new GiveUp(
      `GitHub does not let the token read ${repository}. Give it contents: read, or put a valid one in GITHUB_TOKEN.`,
    );
  if (/not our ref|no such remote ref|couldn't find remote ref|unadvertised object/i.test(stderr))
    return new GiveUp(
      `${repository} has no commit ${commit}; it may have been rewritten. Start again from its newest.`,
    );
  if (/redirect/i.test(stderr))
    return new GiveUp(`${repository} has moved. Correct its name in slipway.yml.`);
  return new TryAgain(`Fetching ${repository} did not work: ${stderr.trim().split('\n').at(-1) ?? ''}`);
}

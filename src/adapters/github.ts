import { GiveUp } from '../errors.ts';
import type { Forge } from '../ports.ts';
import { type Author, keep } from './github/branch.ts';
import { checkOut } from './github/check-out.ts';
import { repositoryName } from './github/names.ts';
import { propose } from './github/propose.ts';
import { makeAsk, nothingOn404 } from './github/requests.ts';
import { makeTurns } from './github/turns.ts';

export type GitHubOptions = {
  /** The REST API: `https://api.github.com`, or `https://HOST/api/v3`. */
  readonly baseUrl: string;
  /** Where git fetches: `https://github.com`, or `https://HOST`. */
  readonly gitUrl: string;
  /** Needs, on the repositories it works in: metadata read, contents write, pull requests write. No more. */
  readonly token: string;
  /** Bare mirrors are kept here, away from anything a sandbox can reach. It can be deleted at any time. */
  readonly workDirectory: string;
  /** Who the commits are by; also how a branch of ours is told from one that a person pushed to. */
  readonly author?: Author;
  /** Longest wait for one REST call; 20 s when it is not said. */
  readonly callTimeoutMs?: number;
  /** Longest wait for one fetch; ten minutes when it is not said. */
  readonly fetchTimeoutMs?: number;
};

/** GitHub as a forge: REST for what is written, git over HTTPS for what is read. */
export function createGitHub(options: GitHubOptions): Forge {
  const { octokit, ask } = makeAsk({
    baseUrl: options.baseUrl.replace(/\/+$/, ''),
    token: options.token,
    timeoutMs: options.callTimeoutMs ?? 20_000,
  });
  // The reserved domain belongs to nobody, so no stranger's account is shown beside the commits.
  const author = options.author ?? { name: 'Slipway', email: 'slipway@noreply.invalid' };

  const inTurn = makeTurns();

  return {
    async look(repository, wanted) {
      const place = repositoryName(repository);
      const found = await ask(repository, `looking at ${repository}`, () => octokit.repos.get(place));
      const branch = wanted ?? found.data.default_branch;
      const ref = await ask(repository, `reading branch ${branch} of ${repository}`, () =>
        nothingOn404(octokit.git.getRef({ ...place, ref: `heads/${branch}` })),
      );
      if (!ref) throw new GiveUp(`${repository} has no commit on ${branch} yet. Push a first commit to it.`);
      return { branch, commit: ref.data.object.sha };
    },

    checkOut: (request) =>
      checkOut(request, {
        gitUrl: options.gitUrl.replace(/\/+$/, ''),
        token: options.token,
        workDirectory: options.workDirectory,
        timeoutMs: options.fetchTimeoutMs ?? 600_000,
        inTurn,
      }),

    keep: (change) => keep(change, { octokit, ask, author }),

    propose: (change) => propose(change, { octokit, ask, author }),

    async outcome({ repository, number }) {
      const { data: pull } = await ask(
        repository,
        `looking at pull request #${number} of ${repository}`,
        () => octokit.pulls.get({ ...repositoryName(repository), pull_number: number }),
      );
      if (pull.merged && pull.merge_commit_sha !== null)
        return { kind: 'merged', sha: pull.merge_commit_sha, by: pull.merged_by?.login ?? 'somebody' };
      return { kind: pull.state === 'closed' ? 'closed' : 'open' };
    },
  };
}

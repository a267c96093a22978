import type { Octokit } from '@octokit/rest';
import { GiveUp, TryAgain } from '../../errors.ts';
import type { KeptChange } from '../../ports.ts';
import { branchName, commitId, isPlainPath, repositoryName } from './names.ts';
import type { Ask } from './requests.ts';
import { nothingOn404, refusalOf } from './requests.ts';
import { writeTree } from './tree.ts';

export type Author = { readonly name: string; readonly email: string };
export type Tools = { readonly octokit: Octokit; readonly ask: Ask; readonly author: Author };
export type Place = { readonly owner: string; readonly repo: string };

/** Makes commit and branch, without a pull request. */
export async function keep(
  change: KeptChange,
  tools: Tools,
): Promise<{ readonly url: string; readonly headSha: string }> {
  const place = checked(change);
  const page = await refuseDefaultBranch(change, { place, tools });
  const headSha = await writeBranch(change, { place, tools });
  return { url: `${page}/tree/${change.branch}`, headSha };
}

/** The place of a change that may be written, or why it may not. */
export function checked(change: KeptChange): Place {
  const place = repositoryName(change.repository);
  branchName(change.branch);
  branchName(change.baseBranch);
  commitId(change.baseCommit);
  if (change.branch === change.baseBranch)
    throw new GiveUp(`A change cannot be proposed from ${change.branch} to itself.`);
  if (change.files.length === 0) throw new GiveUp('There is nothing to propose: the change has no files.');
  const bad = change.files.find((file) => !isPlainPath(file.path));
  if (bad) throw new GiveUp(`"${bad.path}" is not a path inside a repository.`);
  return place;
}

/** Answers the address of the repository's page. */
export async function refuseDefaultBranch(
  { repository, branch }: KeptChange,
  { place, tools }: { readonly place: Place; readonly tools: Tools },
): Promise<string> {
  const seen = await tools.ask(repository, `looking at ${repository}`, () => tools.octokit.repos.get(place));
  if (branch === seen.data.default_branch)
    throw new GiveUp(`${branch} is the default branch of ${repository}; Slipway never writes to it.`);
  return seen.data.html_url;
}

/** The commit on the branch, made or found, and its sha. */
export async function writeBranch(change: KeptChange, at: { place: Place; tools: Tools }): Promise<string> {
  const { place, tools } = at;
  const { octokit, ask } = tools;
  const { repository, branch, baseCommit } = change;
  const base = await ask(repository, `reading commit ${baseCommit} of ${repository}`, () =>
    octokit.git.getCommit({ ...place, commit_sha: baseCommit }),
  );
  const tree = await writeTree(change, { place, tools, baseTree: base.data.tree.sha });
  if (tree === base.data.tree.sha)
    throw new GiveUp(`There is nothing to propose: ${repository} has these files already at ${baseCommit}.`);

  const ref = await ask(repository, `looking for branch ${branch}`, () =>
    nothingOn404(octokit.git.getRef({ ...place, ref: `heads/${branch}` })),
  );
  if (!ref) {
    const sha = await commitTree(change, {
      place,
      tools,
      tree,
      parents: [baseCommit],
      after: base.data.committer.date,
    });
    await ask(repository, `making branch ${branch}`, () =>
      octokit.git
        .createRef({ ...place, ref: `refs/heads/${branch}`, sha })
        .catch(raceOr('Reference already exists')),
    );
    return sha;
  }

  const head = await ask(repository, `reading the head of ${branch}`, () =>
    octokit.git.getCommit({ ...place, commit_sha: ref.data.object.sha }),
  );
  if (head.data.tree.sha === tree) return head.data.sha;
  const parents = await parentsOnTop(change, { place, tools, head: head.data.sha });
  const sha = await commitTree(change, { place, tools, tree, parents, after: head.data.committer.date });
  await ask(repository, `moving branch ${branch}`, () =>
    octokit.git
      .updateRef({ ...place, ref: `heads/${branch}`, sha, force: false })
      .catch(raceOr('Update is not a fast forward')),
  );
  return sha;
}

/** The parents of a new version: the old one, and the base commit when that has moved on. */
async function parentsOnTop(
  change: KeptChange,
  at: { place: Place; tools: Tools; head: string },
): Promise<readonly string[]> {
  const { repository, branch, baseCommit } = change;
  const { octokit, ask, author } = at.tools;
  const compared = await ask(repository, `comparing ${branch} with ${baseCommit}`, () =>
    octokit.repos.compareCommitsWithBasehead({ ...at.place, basehead: `${baseCommit}...${at.head}` }),
  );
  const { commits, total_commits: total, status } = compared.data;
  const stranger = commits.find((one) => one.commit.committer?.email !== author.email);
  if (stranger || total > commits.length)
    throw new GiveUp(
      `${stranger?.commit.author?.name ?? 'Somebody'} has pushed to ${branch} of ${repository}. Slipway does not write over other people's commits: take over from there, or remove them and retry.`,
    );
  return status === 'ahead' || status === 'identical' ? [at.head] : [at.head, baseCommit];
}

/** A second after the commit it follows, and so the same commit each time it is asked for. */
async function commitTree(
  change: KeptChange,
  wanted: { place: Place; tools: Tools; tree: string; parents: readonly string[]; after: string },
): Promise<string> {
  const { octokit, ask, author } = wanted.tools;
  const date = new Date(Date.parse(wanted.after) + 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  const commit = await ask(change.repository, `making the commit for ${change.branch}`, () =>
    octokit.git.createCommit({
      ...wanted.place,
      message: change.commitMessage,
      tree: wanted.tree,
      parents: [...wanted.parents],
      author: { ...author, date },
      committer: { ...author, date },
    }),
  );
  return commit.data.sha;
}

/** Somebody else made it between our look and our write: a repeat will find it. */
export function raceOr(words: string): (error: unknown) => never {
  return (error) => {
    if (refusalOf(error)?.messages.some((one) => one.startsWith(words)))
      throw new TryAgain(`GitHub says "${words}"; looking again.`, { cause: error });
    throw error;
  };
}

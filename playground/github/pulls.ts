import { mergeTrees } from './diff.ts';
import { lineOf, now, writeCommit } from './git.ts';
import { notFound, Problem, unprocessable } from './problems.ts';
import type { Pull, Repository, Review, ReviewState } from './state.ts';
import type { World } from './world.ts';
import { afterPush, announcePull } from './world.ts';

/** Merges a pull request into its base branch with git's own merge, and answers the new commit. */
export async function mergePull(
  world: World,
  what: {
    readonly repository: Repository;
    readonly pull: Pull;
    readonly login: string;
    readonly squash?: boolean;
    /** The head that the caller looked at. */
    readonly expected?: string;
    readonly title?: string;
  },
): Promise<string> {
  const { repository, pull, login } = what;
  const git = world.git(repository);
  if (pull.draft) throw new Problem(405, 'Pull Request is still a draft');
  if (pull.state !== 'open') throw new Problem(405, 'Pull Request is not mergeable');
  if (what.expected !== undefined && what.expected !== pull.headSha)
    throw new Problem(409, 'Head branch was modified. Review and try the merge again.');
  const base = await lineOf(git, ['rev-parse', '--verify', '--quiet', `refs/heads/${pull.base}`]);
  if (!base) throw notFound();
  const merged = await mergeTrees(git, base, pull.headSha);
  if (merged.kind === 'conflict') throw new Problem(405, 'Pull Request is not mergeable');
  const person = world.people.find((one) => one.login === login);
  const who = {
    name: person?.name ?? login,
    email: person?.email ?? `${login}@users.noreply.github.com`,
    date: now(),
  };
  const title = what.squash
    ? `${pull.title} (#${pull.number})`
    : `Merge pull request #${pull.number} from ${repository.owner}/${pull.head}\n\n${pull.title}`;
  const sha = await writeCommit(git, {
    tree: merged.tree,
    parents: what.squash ? [base] : [base, pull.headSha],
    message: `${what.title ?? title}\n`,
    author: who,
    committer: { ...who, name: 'GitHub', email: 'noreply@github.com' },
  });
  if ((await lineOf(git, ['update-ref', `refs/heads/${pull.base}`, sha, base])) === undefined)
    throw new Problem(409, 'Base branch was modified. Review and try the merge again.');
  pull.state = 'closed';
  pull.baseSha = base;
  pull.closedAt = now();
  pull.updatedAt = now();
  pull.merged = { sha, login, at: now() };
  world.store.save();
  await afterPush(world, { repository, branch: pull.base, before: base, after: sha, login });
  await announcePull(world, { repository, pull, action: 'closed', login });
  return sha;
}

const states: Readonly<Record<string, ReviewState>> = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
  PENDING: 'PENDING',
};

/** A review of the head commit, or of the commit that is named. */
export function reviewPull(
  world: World,
  what: {
    readonly repository: Repository;
    readonly pull: Pull;
    readonly login: string;
    readonly event: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT' | 'PENDING';
    readonly body: string;
    readonly commit?: string;
  },
): Review {
  const { repository, pull, login, event, body } = what;
  if (event === 'APPROVE' && login === pull.login)
    throw unprocessable('Can not approve your own pull request');
  if (event === 'REQUEST_CHANGES' && login === pull.login)
    throw unprocessable('Can not request changes on your own pull request');
  if (event === 'REQUEST_CHANGES' && body === '') throw unprocessable('Body is required to request changes');
  const review: Review = {
    id: world.store.id(),
    pull: pull.number,
    login,
    body,
    state: states[event] ?? 'COMMENTED',
    commit: what.commit ?? pull.headSha,
    submittedAt: now(),
  };
  repository.reviews.push(review);
  pull.updatedAt = now();
  world.store.save();
  world.announce('pull_request_review', {
    action: 'submitted',
    review: world.shapes.review(repository, review),
    pull_request: world.shapes.pullSimple(repository, pull),
    repository: world.shapes.repository(repository),
    sender: world.shapes.user(login),
  });
  return review;
}

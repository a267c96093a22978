import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { diffOf, mergeTrees } from './diff.ts';
import type { Git } from './git.ts';
import { commitOf, gitIn, lineOf, noObject, now } from './git.ts';
import { notFound } from './problems.ts';
import type { Person } from './shapes/accounts.ts';
import type { Shapes } from './shapes.ts';
import type { Pull, Repository, Store } from './state.ts';
import type { Announce } from './webhooks.ts';

export type Env = { Bindings: HttpBindings; Variables: { viewer: Person } };
export type Call = Context<Env>;

/** What every route works with. */
export type World = {
  readonly store: Store;
  readonly shapes: Shapes;
  readonly people: readonly Person[];
  readonly announce: Announce;
  git(repository: Repository): Git;
};

/** The repository of the path, or the 404 that a caller gets who may not know whether it exists. */
export function repositoryOf(world: World, c: Call): Repository {
  const repository = world.store.find(c.req.param('owner') ?? '', c.req.param('repo') ?? '');
  if (!repository || !maySee(c.get('viewer'), repository)) throw notFound();
  return repository;
}

export function maySee(person: Person, repository: Repository): boolean {
  return person.repositories?.includes(`${repository.owner}/${repository.name}`) ?? true;
}

export function pullOf(world: World, c: Call): { repository: Repository; pull: Pull } {
  const repository = repositoryOf(world, c);
  const number = Number(c.req.param('number'));
  const pull = repository.pulls.find((one) => one.number === number);
  if (!pull) throw notFound();
  return { repository, pull };
}

export async function branchesOf(git: Git): Promise<readonly { name: string; sha: string }[]> {
  const output = await git(['for-each-ref', '--format=%(refname:lstrip=2) %(objectname)', 'refs/heads/']);
  return output
    .toString('utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [name = '', sha = ''] = line.split(' ');
      return { name, sha };
    });
}

/** Everything that follows from a branch having moved: open pull requests get the new head, and the hooks are told. */
export async function afterPush(
  world: World,
  push: {
    readonly repository: Repository;
    readonly branch: string;
    readonly before: string | undefined;
    readonly after: string | undefined;
    readonly login: string;
  },
): Promise<void> {
  const { repository, branch, before, after, login } = push;
  if (before === after) return;
  repository.pushedAt = now();
  const moved = repository.pulls.filter((pull) => pull.state === 'open' && pull.head === branch && after);
  for (const pull of moved) {
    pull.headSha = after ?? pull.headSha;
    pull.updatedAt = now();
  }
  for (const pull of repository.pulls)
    if (pull.state === 'open' && pull.base === branch && after) pull.baseSha = after;
  world.store.save();
  world.announce('push', {
    ref: `refs/heads/${branch}`,
    before: before ?? noObject,
    after: after ?? noObject,
    created: before === undefined,
    deleted: after === undefined,
    forced: false,
    base_ref: null,
    compare: `${world.shapes.addressOf(repository).html}/compare/${before ?? noObject}...${after ?? noObject}`,
    commits: [],
    head_commit: null,
    repository: world.shapes.repository(repository),
    pusher: { name: login },
    sender: world.shapes.user(login),
  });
  const more = { before: before ?? noObject, after: after ?? noObject };
  for (const pull of moved)
    await announcePull(world, { repository, pull, action: 'synchronize', login, more });
}

/** A pull request in full, with what git says about it. */
export async function pullShape(world: World, repository: Repository, pull: Pull) {
  const git = world.git(repository);
  const [files, count, merge] = await Promise.all([
    filesOf(git, pull),
    lineOf(git, ['rev-list', '--count', `${pull.baseSha}..${pull.headSha}`]),
    mergeTrees(git, pull.baseSha, pull.headSha),
  ]);
  return world.shapes.pull(repository, pull, {
    mergeable: merge.kind === 'clean',
    commits: Number(count ?? 0),
    files,
  });
}

export async function filesOf(git: Git, pull: Pull) {
  const base = (await lineOf(git, ['merge-base', pull.baseSha, pull.headSha])) ?? pull.baseSha;
  return diffOf(git, base, pull.headSha);
}

export async function announcePull(
  world: World,
  what: { repository: Repository; pull: Pull; action: string; login: string; more?: object },
): Promise<void> {
  const { repository, pull, action, login } = what;
  world.announce('pull_request', {
    action,
    number: pull.number,
    pull_request: await pullShape(world, repository, pull),
    repository: world.shapes.repository(repository),
    sender: world.shapes.user(login),
    ...what.more,
  });
}

export function worldOf(options: {
  store: Store;
  shapes: Shapes;
  people: readonly Person[];
  announce: Announce;
}): World {
  return { ...options, git: (repository) => gitIn(options.store.directoryOf(repository)) };
}

/** The sha of a ref in the path or the query, or the 404 or 422 of GitHub. */
export async function shaOf(git: Git, ref: string): Promise<string> {
  const sha = await commitOf(git, ref);
  if (!sha) throw notFound();
  return sha;
}

import type { Hono } from 'hono';
import { bodyAs, page, text, z } from '../body.ts';
import { commitOf, lineOf, logOf, now } from '../git.ts';
import { invalid, Problem } from '../problems.ts';
import { mergePull, reviewPull } from '../pulls.ts';
import type { Pull } from '../state.ts';
import type { Env, World } from '../world.ts';
import { announcePull, filesOf, pullOf, pullShape, repositoryOf } from '../world.ts';

const newPull = z.object({
  title: text,
  head: text,
  base: text,
  body: z.string().nullable().default(null),
  draft: z.boolean().default(false),
});
const changedPull = z.object({
  title: text.optional(),
  body: z.string().nullable().optional(),
  state: z.enum(['open', 'closed']).optional(),
  base: text.optional(),
});
const merge = z.object({
  sha: text.optional(),
  merge_method: z.enum(['merge', 'squash', 'rebase']).default('merge'),
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
});
const newReview = z.object({
  body: z.string().default(''),
  event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']).optional(),
  commit_id: text.optional(),
});

/** Pull requests and their reviews. */
export function pullRoutes(api: Hono<Env>, world: World): void {
  const { shapes, store } = world;

  api.post('/repos/:owner/:repo/pulls', async (c) => {
    const repository = repositoryOf(world, c);
    const git = world.git(repository);
    const wanted = await bodyAs(c, newPull, 'PullRequest');
    const head = wanted.head.startsWith(`${repository.owner}:`)
      ? wanted.head.slice(repository.owner.length + 1)
      : wanted.head;
    const [headSha, baseSha] = [await commitOf(git, head), await commitOf(git, wanted.base)];
    if (!headSha) throw invalid({ resource: 'PullRequest', field: 'head', code: 'invalid' });
    if (!baseSha) throw invalid({ resource: 'PullRequest', field: 'base', code: 'invalid' });
    const problem = (message: string) => invalid({ resource: 'PullRequest', code: 'custom', message });
    const ahead = await lineOf(git, ['rev-list', '--count', `${baseSha}..${headSha}`]);
    if (ahead === '0') throw problem(`No commits between ${wanted.base} and ${head}`);
    if (repository.pulls.some((one) => one.state === 'open' && one.head === head && one.base === wanted.base))
      throw problem(`A pull request already exists for ${repository.owner}:${head}.`);
    const pull: Pull = {
      id: store.id(),
      number: repository.nextNumber++,
      login: c.get('viewer').login,
      title: wanted.title,
      body: wanted.body,
      head,
      base: wanted.base,
      draft: wanted.draft,
      state: 'open',
      headSha,
      baseSha,
      labels: [],
      createdAt: now(),
      updatedAt: now(),
      closedAt: null,
      merged: null,
    };
    repository.pulls.push(pull);
    store.save();
    await announcePull(world, { repository, pull, action: 'opened', login: pull.login });
    return c.json(await pullShape(world, repository, pull), 201);
  });

  api.get('/repos/:owner/:repo/pulls', (c) => {
    const repository = repositoryOf(world, c);
    const state = c.req.query('state') ?? 'open';
    const [, head] = (c.req.query('head') ?? '').split(/:(.*)/);
    const base = c.req.query('base');
    const found = repository.pulls
      .filter((one) => state === 'all' || one.state === state)
      .filter((one) => !head || one.head === head)
      .filter((one) => !base || one.base === base)
      .toReversed();
    return c.json(page(c, found).map((one) => shapes.pullSimple(repository, one)));
  });

  api.get('/repos/:owner/:repo/pulls/:number', async (c) => {
    const { repository, pull } = pullOf(world, c);
    return c.json(await pullShape(world, repository, pull));
  });

  api.patch('/repos/:owner/:repo/pulls/:number', async (c) => {
    const { repository, pull } = pullOf(world, c);
    const wanted = await bodyAs(c, changedPull, 'PullRequest');
    if (wanted.state === 'open' && pull.merged)
      throw invalid({ resource: 'PullRequest', field: 'state', code: 'invalid' });
    const before = pull.state;
    const changes = {
      ...(wanted.title !== undefined && { title: { from: pull.title } }),
      ...(wanted.body !== undefined && { body: { from: pull.body ?? '' } }),
    };
    pull.title = wanted.title ?? pull.title;
    pull.body = wanted.body === undefined ? pull.body : wanted.body;
    pull.base = wanted.base ?? pull.base;
    pull.state = wanted.state ?? pull.state;
    if (pull.state !== before) pull.closedAt = pull.state === 'closed' ? now() : null;
    pull.updatedAt = now();
    store.save();
    const action = pull.state === before ? 'edited' : pull.state === 'closed' ? 'closed' : 'reopened';
    const more = action === 'edited' ? { changes } : {};
    await announcePull(world, { repository, pull, action, login: c.get('viewer').login, more });
    return c.json(await pullShape(world, repository, pull));
  });

  api.get('/repos/:owner/:repo/pulls/:number/files', async (c) => {
    const { repository, pull } = pullOf(world, c);
    const files = await filesOf(world.git(repository), pull);
    return c.json(page(c, files).map((one) => shapes.file(repository, pull.headSha, one)));
  });

  api.get('/repos/:owner/:repo/pulls/:number/commits', async (c) => {
    const { repository, pull } = pullOf(world, c);
    const commits = await logOf(world.git(repository), ['--reverse', `${pull.baseSha}..${pull.headSha}`]);
    return c.json(page(c, commits).map((one) => shapes.commit(repository, one)));
  });

  api.put('/repos/:owner/:repo/pulls/:number/merge', async (c) => {
    const { repository, pull } = pullOf(world, c);
    const wanted = await bodyAs(c, merge, 'PullRequest');
    if (wanted.merge_method === 'rebase')
      throw new Problem(405, 'Rebase merges are not allowed on this repository.');
    const sha = await mergePull(world, {
      repository,
      pull,
      login: c.get('viewer').login,
      squash: wanted.merge_method === 'squash',
      ...(wanted.sha !== undefined && { expected: wanted.sha }),
      ...(wanted.commit_title !== undefined && { title: wanted.commit_title }),
    });
    return c.json({ sha, merged: true, message: 'Pull Request successfully merged' });
  });

  api.post('/repos/:owner/:repo/pulls/:number/reviews', async (c) => {
    const { repository, pull } = pullOf(world, c);
    const wanted = await bodyAs(c, newReview, 'PullRequestReview');
    const review = reviewPull(world, {
      repository,
      pull,
      login: c.get('viewer').login,
      event: wanted.event ?? 'PENDING',
      body: wanted.body,
      ...(wanted.commit_id !== undefined && { commit: wanted.commit_id }),
    });
    return c.json(shapes.review(repository, review));
  });
  api.get('/repos/:owner/:repo/pulls/:number/reviews', (c) => {
    const { repository, pull } = pullOf(world, c);
    const reviews = repository.reviews.filter((one) => one.pull === pull.number);
    return c.json(page(c, reviews).map((one) => shapes.review(repository, one)));
  });
}

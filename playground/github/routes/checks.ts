import type { Hono } from 'hono';
import { bodyAs, page, text, z } from '../body.ts';
import { now } from '../git.ts';
import { Problem } from '../problems.ts';
import type { Env, World } from '../world.ts';
import { repositoryOf, shaOf } from '../world.ts';

const newCheckRun = z.object({
  name: text,
  head_sha: text,
  status: z.enum(['queued', 'in_progress', 'completed']).default('queued'),
  conclusion: z
    .enum(['success', 'failure', 'neutral', 'cancelled', 'skipped', 'timed_out', 'action_required'])
    .optional(),
  details_url: z.string().optional(),
  external_id: z.string().default(''),
  started_at: z.string().optional(),
  completed_at: z.string().optional(),
  output: z.object({ title: text, summary: z.string() }).optional(),
});
const newStatus = z.object({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  context: z.string().default('default'),
  description: z.string().nullable().default(null),
  target_url: z.string().nullable().default(null),
});

/** Check runs and commit statuses. */
export function checkRoutes(api: Hono<Env>, world: World): void {
  const { shapes, store } = world;

  api.post('/repos/:owner/:repo/check-runs', async (c) => {
    const repository = repositoryOf(world, c);
    const wanted = await bodyAs(c, newCheckRun, 'CheckRun');
    const headSha = await shaOf(world.git(repository), wanted.head_sha).catch(() => {
      throw new Problem(422, `No commit found for SHA: ${wanted.head_sha}`);
    });
    const done = wanted.conclusion !== undefined || wanted.status === 'completed';
    const run = {
      id: store.id(),
      name: wanted.name,
      headSha,
      status: done ? 'completed' : wanted.status,
      conclusion: wanted.conclusion ?? null,
      detailsUrl: wanted.details_url ?? null,
      externalId: wanted.external_id,
      title: wanted.output?.title ?? null,
      summary: wanted.output?.summary ?? null,
      startedAt: wanted.started_at ?? now(),
      completedAt: done ? (wanted.completed_at ?? now()) : null,
    };
    repository.checkRuns.push(run);
    store.save();
    return c.json(shapes.checkRun(repository, run), 201);
  });
  api.get('/repos/:owner/:repo/commits/:ref/check-runs', async (c) => {
    const repository = repositoryOf(world, c);
    const sha = await shaOf(world.git(repository), c.req.param('ref'));
    const runs = repository.checkRuns.filter((one) => one.headSha === sha);
    return c.json({
      total_count: runs.length,
      check_runs: page(c, runs).map((one) => shapes.checkRun(repository, one)),
    });
  });

  api.post('/repos/:owner/:repo/statuses/:sha', async (c) => {
    const repository = repositoryOf(world, c);
    const sha = await shaOf(world.git(repository), c.req.param('sha')).catch(() => {
      throw new Problem(422, `No commit found for SHA: ${c.req.param('sha')}`);
    });
    const wanted = await bodyAs(c, newStatus, 'Status');
    const status = {
      id: store.id(),
      sha,
      state: wanted.state,
      context: wanted.context,
      description: wanted.description,
      targetUrl: wanted.target_url,
      login: c.get('viewer').login,
      createdAt: now(),
    };
    repository.statuses.push(status);
    store.save();
    return c.json(shapes.status(repository, status), 201);
  });
  api.get('/repos/:owner/:repo/commits/:ref/statuses', async (c) => {
    const repository = repositoryOf(world, c);
    const sha = await shaOf(world.git(repository), c.req.param('ref'));
    const found = repository.statuses.filter((one) => one.sha === sha).toReversed();
    return c.json(page(c, found).map((one) => shapes.status(repository, one)));
  });
}

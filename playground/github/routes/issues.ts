import type { Hono } from 'hono';
import { bodyAs, page, text, z } from '../body.ts';
import { now } from '../git.ts';
import { invalid, notFound } from '../problems.ts';
import type { Label, Repository } from '../state.ts';
import type { Env, World } from '../world.ts';
import { announcePull, pullOf, repositoryOf } from '../world.ts';

const newComment = z.object({ body: text });
const newLabel = z.object({
  name: text,
  color: z
    .string()
    .regex(/^[0-9a-fA-F]{6}$/)
    .default('ededed'),
  description: z.string().max(100).nullable().default(null),
});
const addedLabels = z.union([z.object({ labels: z.array(text) }), z.array(text)]);

/** Comments and labels; every issue of this GitHub is a pull request. */
export function issueRoutes(api: Hono<Env>, world: World): void {
  const { shapes, store } = world;

  api.get('/repos/:owner/:repo/issues/:number/comments', (c) => {
    const { repository, pull } = pullOf(world, c);
    const comments = repository.comments.filter((one) => one.issue === pull.number);
    return c.json(page(c, comments).map((one) => shapes.comment(repository, one)));
  });
  api.post('/repos/:owner/:repo/issues/:number/comments', async (c) => {
    const { repository, pull } = pullOf(world, c);
    const { body } = await bodyAs(c, newComment, 'IssueComment');
    const at = now();
    const login = c.get('viewer').login;
    const comment = { id: store.id(), issue: pull.number, login, body, createdAt: at, updatedAt: at };
    repository.comments.push(comment);
    store.save();
    return c.json(shapes.comment(repository, comment), 201);
  });
  api.patch('/repos/:owner/:repo/issues/comments/:id', async (c) => {
    const repository = repositoryOf(world, c);
    const comment = repository.comments.find((one) => one.id === Number(c.req.param('id')));
    if (!comment) throw notFound();
    const { body } = await bodyAs(c, newComment, 'IssueComment');
    comment.body = body;
    comment.updatedAt = now();
    store.save();
    return c.json(shapes.comment(repository, comment));
  });

  const makeLabel = (repository: Repository, wanted: Omit<Label, 'id'>) => {
    const label = { ...wanted, id: store.id() };
    repository.labels.push(label);
    return label;
  };
  api.get('/repos/:owner/:repo/labels', (c) => {
    const repository = repositoryOf(world, c);
    return c.json(page(c, repository.labels).map((one) => shapes.label(repository, one)));
  });
  api.get('/repos/:owner/:repo/labels/:name', (c) => {
    const repository = repositoryOf(world, c);
    const label = repository.labels.find((one) => one.name === c.req.param('name'));
    if (!label) throw notFound();
    return c.json(shapes.label(repository, label));
  });
  api.post('/repos/:owner/:repo/labels', async (c) => {
    const repository = repositoryOf(world, c);
    const wanted = await bodyAs(c, newLabel, 'Label');
    if (repository.labels.some((one) => one.name.toLowerCase() === wanted.name.toLowerCase()))
      throw invalid({ resource: 'Label', code: 'already_exists', field: 'name' });
    const label = makeLabel(repository, wanted);
    store.save();
    return c.json(shapes.label(repository, label), 201);
  });
  api.get('/repos/:owner/:repo/issues/:number/labels', (c) => {
    const { repository, pull } = pullOf(world, c);
    const labels = repository.labels.filter((one) => pull.labels.includes(one.name));
    return c.json(page(c, labels).map((one) => shapes.label(repository, one)));
  });
  api.post('/repos/:owner/:repo/issues/:number/labels', async (c) => {
    const { repository, pull } = pullOf(world, c);
    const wanted = await bodyAs(c, addedLabels, 'Label');
    for (const name of 'labels' in wanted ? wanted.labels : wanted) {
      if (!repository.labels.some((one) => one.name === name))
        makeLabel(repository, { name, color: 'ededed', description: null });
      if (!pull.labels.includes(name)) pull.labels.push(name);
    }
    pull.updatedAt = now();
    store.save();
    await announcePull(world, { repository, pull, action: 'labeled', login: c.get('viewer').login });
    const labels = repository.labels.filter((one) => pull.labels.includes(one.name));
    return c.json(labels.map((one) => shapes.label(repository, one)));
  });
}

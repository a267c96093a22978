import { Hono } from 'hono';
import { z } from 'zod';
import type { Flavour, Issue, Store } from './issues.ts';
import { search } from './jql.ts';
import { noSuchIssue, notAuthenticated, refused, removed } from './problems.ts';

export type Env = {
  /** Undefined when the account was not accepted: Jira Cloud goes on as nobody. */
  Variables: { readonly viewer: string | undefined };
};

export type World = {
  readonly flavour: Flavour;
  readonly url: string;
  readonly projects: readonly string[];
  readonly store: Store;
  /** Whether the search knows of an issue by now. */
  indexed(issue: Issue): boolean;
};

const cloudSearch = z.object({
  jql: z.string().default(''),
  fields: z.array(z.string()).default(['id']),
  maxResults: z.coerce.number().int().min(1).max(5000).default(50),
  nextPageToken: z.string().optional(),
  reconcileIssues: z.array(z.coerce.number().int()).max(50).default([]),
});
const ownSearch = z.object({
  jql: z.string().default(''),
  fields: z.array(z.string()).default(['*navigable']),
  startAt: z.coerce.number().int().min(0).default(0),
  maxResults: z.coerce.number().int().min(0).default(50),
});

/** The REST routes, under `/rest/api`. */
export function restRoutes(world: World): Hono<Env> {
  const api = new Hono<Env>();
  const versions = world.flavour === 'cloud' ? '2|3|latest' : '2|latest';

  if (world.flavour === 'cloud') {
    const path = `/:version{${versions}}/search/jql`;
    api.get(path, (c) => c.json(cloudPage(world, queryOf(new URL(c.req.url).searchParams), c.get('viewer'))));
    api.post(path, async (c) => c.json(cloudPage(world, await c.req.json(), c.get('viewer'))));
    api.all(`/:version{${versions}}/search`, () => {
      throw removed();
    });
  } else {
    const path = `/:version{${versions}}/search`;
    api.get(path, (c) => c.json(ownPage(world, queryOf(new URL(c.req.url).searchParams))));
    api.post(path, async (c) => c.json(ownPage(world, await c.req.json())));
  }

  api.post(`/:version{${versions}}/issue`, async (c) => {
    const reporter = c.get('viewer');
    if (reporter === undefined) throw notAuthenticated();
    const body: unknown = await c.req.json();
    const { id, key } = world.store.create(body, { reporter, version: c.req.param('version') ?? '2' });
    return c.json({ id, key, self: `${world.url}/rest/api/2/issue/${id}` }, 201);
  });
  api.get(`/:version{${versions}}/issue/:idOrKey`, (c) => {
    const issue = c.get('viewer') === undefined ? undefined : world.store.find(c.req.param('idOrKey') ?? '');
    if (!issue) throw noSuchIssue();
    return c.json(shapeOf(world, issue, ['*all']));
  });
  return api;
}

/** Issues that the search does not know yet are found when their number is asked for. */
function cloudPage(world: World, asked: unknown, viewer: string | undefined) {
  const read = cloudSearch.safeParse(asked);
  if (!read.success)
    throw refused('Invalid request payload. Refer to the REST API documentation and try again.');
  const { jql, fields, maxResults, nextPageToken, reconcileIssues } = read.data;
  const visible =
    viewer === undefined
      ? []
      : world.store
          .all()
          .filter((issue) => world.indexed(issue) || reconcileIssues.includes(Number(issue.id)));
  const found = search(jql, visible, { projects: world.projects, bounded: true });
  const from = nextPageToken === undefined ? 0 : startOf(nextPageToken);
  const next = from + maxResults;
  return {
    issues: found.slice(from, next).map((issue) => shapeOf(world, issue, fields)),
    ...(next < found.length
      ? { nextPageToken: Buffer.from(`from ${next}`).toString('base64url') }
      : { isLast: true }),
  };
}

function ownPage(world: World, asked: unknown) {
  const read = ownSearch.safeParse(asked);
  if (!read.success) throw refused('Can not deserialize the request.');
  const { jql, fields, startAt, maxResults } = read.data;
  const found = search(jql, world.store.all(), { projects: world.projects, bounded: false });
  return {
    expand: 'names,schema',
    startAt,
    maxResults,
    total: found.length,
    issues: found.slice(startAt, startAt + maxResults).map((issue) => shapeOf(world, issue, fields)),
  };
}

function startOf(token: string): number {
  const from = /^from (\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (from === undefined) throw refused('The nextPageToken is invalid or has expired.');
  return Number(from);
}

function queryOf(query: URLSearchParams): Record<string, unknown> {
  const list = (name: string) => query.getAll(name).flatMap((value) => value.split(','));
  return {
    ...Object.fromEntries(query),
    ...(query.has('fields') && { fields: list('fields') }),
    ...(query.has('reconcileIssues') && { reconcileIssues: list('reconcileIssues') }),
  };
}

/** Only what was asked for: Jira Cloud gives nothing but numbers when no field is named. */
function shapeOf(world: World, issue: Issue, fields: readonly string[]) {
  const { id, key } = issue;
  if (fields.length === 1 && fields[0] === 'id') return { id };
  const all: Readonly<Record<string, unknown>> = {
    project: { key: issue.project },
    issuetype: { name: issue.issueType },
    summary: issue.summary,
    description: issue.description,
    labels: issue.labels,
    status: { name: issue.status },
    created: issue.created,
    reporter: { displayName: issue.reporter },
  };
  const every = fields.some((field) => field === '*all' || field === '*navigable');
  const chosen = Object.entries(all).filter(([name]) => every || fields.includes(name));
  return {
    expand: 'operations,versionedRepresentations,editmeta,changelog,renderedFields',
    id,
    self: `${world.url}/rest/api/2/issue/${id}`,
    key,
    fields: Object.fromEntries(chosen),
  };
}

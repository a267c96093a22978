import { createHash } from 'node:crypto';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { People } from './control.ts';
import { makePeople } from './control.ts';
import type { Faults } from './faults.ts';
import { makeFaults } from './faults.ts';
import { pageRoutes } from './pages.ts';
import { badCredentials, bodyOf, notFound, Problem, secondaryRateLimit } from './problems.ts';
import { accountRoutes } from './routes/account.ts';
import { checkRoutes } from './routes/checks.ts';
import { codeRoutes } from './routes/code.ts';
import { gitDataRoutes } from './routes/git-data.ts';
import { issueRoutes } from './routes/issues.ts';
import { pullRoutes } from './routes/pulls.ts';
import type { Person } from './shapes/accounts.ts';
import { shapesAt } from './shapes.ts';
import { isGitRequest, makeGitEndpoint } from './smart-http.ts';
import { openStore } from './state.ts';
import type { Delivery, Webhook } from './webhooks.ts';
import { makeWebhooks } from './webhooks.ts';
import type { Env, World } from './world.ts';
import { worldOf } from './world.ts';

export type GitHubOptions = {
  /** Where the repositories and the state live; a server started on it again goes on where the last one stopped. */
  readonly directory: string;
  readonly people: readonly Person[];
  /** A free port when it is not said. */
  readonly port?: number;
  /** Logins that may push over git; nobody when it is not said. */
  readonly pushers?: readonly string[];
  readonly webhooks?: readonly Webhook[];
};

export type GitHubServer = {
  /** The pages and git: `${url}/owner/name.git`. */
  readonly url: string;
  /** The REST API, for Octokit's `baseUrl`. */
  readonly apiUrl: string;
  readonly people: People;
  readonly faults: Faults;
  readonly deliveries: readonly Delivery[];
  /** The REST routes it answers, as `METHOD /path/:parameter`. */
  readonly routes: readonly string[];
  /** Waits until every webhook has been delivered. */
  settled(): Promise<void>;
  stop(): Promise<void>;
};

/** A GitHub for one machine: real git repositories over smart HTTP, the REST routes Slipway uses, webhooks and plain pages. */
export async function startGitHub(options: GitHubOptions): Promise<GitHubServer> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('The GitHub stand-in got no TCP port.');
  const url = `http://127.0.0.1:${address.port}`;
  const apiUrl = `${url}/api/v3`;

  const webhooks = makeWebhooks(options.webhooks ?? []);
  const faults = makeFaults();
  const world = worldOf({
    store: openStore(options.directory),
    shapes: shapesAt({ web: url, api: apiUrl }, options.people),
    people: options.people,
    announce: webhooks.announce,
  });
  const viewerOf = (authorization: string | undefined) => viewerFrom(options.people, authorization);
  const api = apiOf(world, { viewerOf, nextFault: faults.next });
  const app = new Hono<Env>();
  app.route('/api/v3', api);
  const people = makePeople(world);
  pageRoutes(app, world, people);

  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const git = makeGitEndpoint(world, { viewerOf, pushers: options.pushers ?? [] });
  server.on('request', (request, response) => {
    const work = isGitRequest(request.url ?? '/') ? git(request, response) : answer(request, response);
    void Promise.resolve(work).catch(() => response.destroy());
  });

  return {
    url,
    apiUrl,
    people,
    faults,
    deliveries: webhooks.deliveries,
    routes: api.routes
      .filter((route) => route.method !== 'ALL')
      .map((route) => `${route.method} ${route.path.replace(/\{[^}]*\}/g, '')}`),
    settled: webhooks.settled,
    async stop() {
      await webhooks.settled();
      await close(server);
    },
  };
}

function apiOf(
  world: World,
  edge: {
    readonly viewerOf: (authorization: string | undefined) => Person | undefined;
    readonly nextFault: (call: string) => string | undefined;
  },
): Hono<Env> {
  const api = new Hono<Env>();
  api.use(async (c, next) => {
    const fault = edge.nextFault(`${c.req.method} ${c.req.path.replace('/api/v3', '')}`);
    const cut = () => c.env.outgoing.destroy();
    if (fault === 'error-before') return c.json({ message: 'Server Error' }, 500);
    if (fault === 'forbidden')
      return c.json(bodyOf(new Problem(403, 'Resource not accessible by integration')), 403);
    if (fault === 'rate-limit') {
      const problem = secondaryRateLimit(7);
      return c.json(bodyOf(problem), problem.status, problem.headers);
    }
    if (fault === 'cut-before') cut();
    else {
      const viewer = edge.viewerOf(c.req.header('authorization'));
      if (!viewer) throw badCredentials();
      c.set('viewer', viewer);
      await next();
    }
    if (fault === 'error-after') c.res = c.json({ message: 'Server Error' }, 502);
    if (fault === 'cut-after') cut();
    if (fault === 'hang-after') await new Promise((resolve) => c.env.outgoing.once('close', resolve));
    const reset = Math.floor(Date.now() / 1000) + 3600;
    c.header('x-github-media-type', 'github.v3; format=json');
    c.header('x-ratelimit-limit', '5000');
    c.header('x-ratelimit-remaining', '4999');
    c.header('x-ratelimit-reset', String(reset));
    return undefined;
  });
  api.use(async (c, next) => {
    await next();
    if (c.req.method !== 'GET' || c.res.status !== 200) return;
    const body = await c.res.clone().text();
    const tag = `W/"${createHash('sha256').update(body).digest('hex')}"`;
    c.header('etag', tag);
    if (c.req.header('if-none-match') === tag)
      c.res = new Response(null, { status: 304, headers: { etag: tag } });
  });
  for (const add of [accountRoutes, codeRoutes, gitDataRoutes, pullRoutes, issueRoutes, checkRoutes])
    add(api, world);
  api.notFound((c) => c.json(bodyOf(notFound()), 404));
  api.onError((error, c) => {
    if (error instanceof Problem)
      return c.json(bodyOf(error), error.status satisfies ContentfulStatusCode, error.headers);
    console.error(error);
    return c.json({ message: 'Server Error' }, 500);
  });
  return api;
}

/** Accepts `Bearer` and `token` as the API does, and `Basic` with the token as password as git does. */
function viewerFrom(people: readonly Person[], authorization: string | undefined): Person | undefined {
  const [scheme = '', value = ''] = (authorization ?? '').split(' ');
  const token = /^basic$/i.test(scheme)
    ? Buffer.from(value, 'base64').toString('utf8').split(/:(.*)/s)[1]
    : /^(bearer|token)$/i.test(scheme)
      ? value
      : undefined;
  return token ? people.find((person) => person.token === token) : undefined;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

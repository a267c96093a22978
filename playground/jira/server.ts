import { createServer } from 'node:http';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { type Fault, type FaultKind, makeFaults } from './faults.ts';
import { type Flavour, type Issue, openStore, type Project, type Store } from './issues.ts';
import { pagesOf } from './pages.ts';
import { captcha, notAuthenticated, Problem, rateLimited } from './problems.ts';
import { type Env as RestEnv, restRoutes, type World } from './routes.ts';

export type JiraOptions = {
  /** Jira Cloud or a Jira of one's own: they differ in the search, and in what they do with a wrong account. */
  readonly flavour: Flavour;
  readonly projects: readonly Project[];
  /** User names with their tokens. */
  readonly accounts: Readonly<Record<string, string>>;
  /** Where it stands below its host, such as `/jira`. */
  readonly path?: string;
  /** A free port when it is not said. */
  readonly port?: number;
  readonly faults?: readonly Fault[];
};

export type JiraServer = {
  readonly url: string;
  issues(): readonly Issue[];
  /** What people do in the browser. */
  readonly people: Pick<Store, 'change' | 'remove'>;
  fail(...faults: readonly Fault[]): void;
  /** Stops the index of the search (Jira Cloud): from now on new issues are not found, until it goes on. */
  readonly index: { stop(): void; goOn(): void };
  /** The API calls since the start, as `METHOD path`. */
  readonly calls: readonly string[];
  stop(): Promise<void>;
};

type Env = RestEnv & { Bindings: HttpBindings };

/** A Jira for one machine: the REST routes Slipway uses, and a page for each issue. */
export async function startJira(options: JiraOptions): Promise<JiraServer> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The Jira stand-in got no TCP port.');
  const path = options.path ?? '';
  const url = `http://127.0.0.1:${address.port}${path}`;

  const store = openStore(options.projects, options.flavour);
  const faults = makeFaults();
  faults.plan(options.faults ?? []);
  const calls: string[] = [];
  let known: ReadonlySet<string> | undefined;
  const world: World = {
    flavour: options.flavour,
    url,
    projects: options.projects.map(({ key }) => key),
    store,
    indexed: ({ id }) => known?.has(id) ?? true,
  };
  const app = new Hono<Env>({ strict: false }).basePath(path);
  app.use('/rest/*', async (c, next) => {
    const call = `${c.req.method} ${c.req.path.slice(path.length)}`;
    calls.push(call);
    const viewer = viewerFrom(options.accounts, c.req.header('authorization'));
    const fault = faults.next(call);
    const refusal = fault && refusalOf(fault);
    if (refusal) return refusal;
    if (fault === 'cut-before') return cut(c.env);
    if (fault === 'hang-before') return hang(c.env);
    if (viewer === undefined && options.flavour === 'server') throw notAuthenticated();
    c.set('viewer', viewer);
    await next();
    if (viewer === undefined) c.header('x-seraph-loginreason', 'AUTHENTICATED_FAILED');
    if (fault === 'cut-after') return cut(c.env);
    if (fault === 'hang-after') return hang(c.env);
    if (fault === 'error-after') c.res = errorPage(502);
    return undefined;
  });
  app.route('/rest/api', restRoutes(world));
  app.route('/', pagesOf(world));
  app.notFound((c) => c.html('<title>Oops, you have found a dead link.</title>', 404));
  app.onError((error, c) => {
    if (error instanceof Problem) {
      const { status, errorMessages, errors, headers } = error;
      return c.json({ errorMessages, errors }, status, { ...headers });
    }
    return c.json({ errorMessages: ['Internal server error'], errors: {} }, 500);
  });
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  server.on('request', (request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });

  return {
    url,
    issues: () => store.all(),
    people: store,
    fail: (...more) => faults.plan(more),
    index: {
      stop() {
        known = new Set(store.all().map(({ id }) => id));
      },
      goOn() {
        known = undefined;
      },
    },
    calls,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function viewerFrom(accounts: Readonly<Record<string, string>>, authorization = ''): string | undefined {
  const encoded = /^Basic (\S+)$/.exec(authorization)?.[1] ?? '';
  const [user = '', ...token] = Buffer.from(encoded, 'base64').toString().split(':');
  return Object.hasOwn(accounts, user) && accounts[user] === token.join(':') ? user : undefined;
}

function errorPage(status: number): Response {
  return new Response('<html><title>Error</title></html>', {
    status,
    headers: { 'content-type': 'text/html' },
  });
}

/** Faults that answer before anything is done. */
function refusalOf(kind: FaultKind): Response | undefined {
  switch (kind) {
    case 'error-before':
      return errorPage(500);
    case 'maintenance':
      return new Response('', { status: 503, headers: { 'retry-after': '120' } });
    case 'login-page':
      return new Response('<form>Log in</form>', { status: 200, headers: { 'content-type': 'text/html' } });
    case 'moved':
      return new Response('', { status: 302, headers: { location: 'https://login.example.com/' } });
    case 'rate-limit':
      throw rateLimited(7);
    case 'captcha':
      throw captcha();
    case 'forbidden':
      throw new Problem(403, { errorMessages: ['You do not have permission to do that.'] });
    default:
      return undefined;
  }
}

function cut(env: HttpBindings): Response {
  env.outgoing.destroy();
  return new Response(null);
}

async function hang(env: HttpBindings): Promise<Response> {
  await new Promise((resolve) => env.outgoing.once('close', resolve));
  return new Response(null);
}

import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gitIn, plainGitEnvironment } from './git.ts';
import type { Person } from './shapes/accounts.ts';
import type { World } from './world.ts';
import { afterPush, branchesOf, maySee } from './world.ts';

const gitPath = /^\/([\w.-]+)\/([\w.-]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

export function isGitRequest(url: string): boolean {
  return gitPath.test(new URL(url, 'http://host').pathname);
}

/** Serves clone, fetch and push through git's own `git http-backend`, run as CGI. */
export function makeGitEndpoint(
  world: World,
  options: {
    readonly viewerOf: (authorization: string | undefined) => Person | undefined;
    /** Logins that may push; nobody when it is empty, since the API is how work gets in. */
    readonly pushers: readonly string[];
  },
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://host');
    const [, owner = '', name = '', service = ''] = gitPath.exec(url.pathname) ?? [];
    const refuse = (status: number, text: string, headers: Record<string, string> = {}) => {
      request.resume();
      response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(`${text}\n`);
    };
    const viewer = options.viewerOf(request.headers.authorization);
    if (!viewer)
      return refuse(401, 'Authentication required.', { 'www-authenticate': 'Basic realm="GitHub"' });
    const repository = world.store.find(owner, name);
    if (!repository || !maySee(viewer, repository)) return refuse(404, 'Repository not found.');
    const pushing = service === 'git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack';
    const full = `${repository.owner}/${repository.name}`;
    if (pushing && !options.pushers.includes(viewer.login))
      return refuse(403, `Permission to ${full}.git denied to ${viewer.login}.`);

    const directory = world.store.directoryOf(repository);
    const git = gitIn(directory);
    const before = pushing ? await branchesOf(git) : [];
    await runBackend({ request, response, directory, service, query: url.search.slice(1), viewer });
    if (service !== 'git-receive-pack') return;
    const after = await branchesOf(git);
    const shaIn = (list: typeof before, branch: string) => list.find((one) => one.name === branch)?.sha;
    for (const branch of new Set([...before, ...after].map((one) => one.name)))
      await afterPush(world, {
        repository,
        branch,
        before: shaIn(before, branch),
        after: shaIn(after, branch),
        login: viewer.login,
      });
  };
}

function runBackend(call: {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly directory: string;
  readonly service: string;
  readonly query: string;
  readonly viewer: Person;
}): Promise<void> {
  const { request, response, directory } = call;
  const header = (name: string) => String(request.headers[name] ?? '');
  const child = spawn('git', ['http-backend'], {
    env: {
      ...plainGitEnvironment,
      GIT_PROJECT_ROOT: directory,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: `/${call.service}`,
      QUERY_STRING: call.query,
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: header('content-type'),
      CONTENT_LENGTH: header('content-length'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      GIT_PROTOCOL: header('git-protocol'),
      REMOTE_USER: call.viewer.login,
      REMOTE_ADDR: '127.0.0.1',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => undefined);
  request.pipe(child.stdin);
  response.on('close', () => child.kill());
  return new Promise((resolve) => {
    let head = Buffer.alloc(0);
    const onHead = (chunk: Buffer) => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      child.stdout.off('data', onHead);
      const headers = head
        .subarray(0, end)
        .toString('latin1')
        .split('\r\n')
        .map((line) => line.split(/: (.*)/s));
      const status = Number.parseInt(headers.find(([name]) => name === 'Status')?.[1] ?? '200', 10);
      response.writeHead(
        status,
        Object.fromEntries(
          headers.filter(([name]) => name !== 'Status').map(([name, value]) => [name, value]),
        ),
      );
      response.write(head.subarray(end + 4));
      child.stdout.pipe(response);
    };
    child.stdout.on('data', onHead);
    child.on('error', () => {
      response.writeHead(500).end();
      resolve();
    });
    child.on('close', () => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
      resolve();
    });
  });
}

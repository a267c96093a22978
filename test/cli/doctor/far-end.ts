import { once } from 'node:events';
import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';

export type Route = {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: object;
};
export type Routes = Readonly<Record<string, Route>>;

/** A far end that answers by `METHOD /path`, and 404 to all else; closed at the end of the test. */
export async function listen(routes: Routes): Promise<string> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    const route = routes[`${request.method} ${url.pathname}`] ?? {
      status: 404,
      body: { message: 'Not Found' },
    };
    request.resume();
    response.writeHead(route.status ?? 200, { 'content-type': 'application/json', ...route.headers });
    response.end(JSON.stringify(route.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of a request: it goes through, its answer is lost, or it is never answered. */
export type Fate = 'pass' | 'lose-answer' | 'hang' | { readonly status: number; readonly body: unknown };

/** A proxy before a server, for what a real server does only when it has bad luck. */
export async function standBetween(
  server: string,
  decide: (request: { readonly method: string; readonly path: string }) => Fate | Promise<Fate>,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const proxy = createServer(async (request, response) => {
    const { method = 'GET', url: path = '/' } = request;
    const body = await textOf(request);
    const fate = await decide({ method, path });
    if (fate === 'hang') return;
    if (typeof fate === 'object') {
      response.writeHead(fate.status, { 'content-type': 'application/json' }).end(JSON.stringify(fate.body));
      return;
    }
    const spec = request.headers['unleash-client-spec'];
    const answer = await fetch(new URL(path, server), {
      method,
      headers: {
        ...(typeof spec === 'string' && { 'unleash-client-spec': spec }),
        authorization: request.headers.authorization ?? '',
        'content-type': 'application/json',
      },
      ...(body !== '' && { body }),
    });
    const text = await answer.text();
    if (fate === 'lose-answer') request.socket.destroy();
    else response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      const closed = once(proxy, 'close');
      proxy.close();
      proxy.closeAllConnections();
      await closed;
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

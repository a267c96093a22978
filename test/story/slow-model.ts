import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readRequest } from '../../playground/model/request.ts';

/** A model between the bot and the playground's that keeps some requests waiting, as a slow one does. */
export type SlowModel = {
  /** What `OPENAI_BASE_URL` must be. */
  readonly url: string;
  /** From now on requests of this role (none: of no role) get words that never come to an end. */
  hold(role: string | undefined): void;
  /** What each request in hand is about. */
  held(): readonly string[];
  /** Lets those that wait have their answer. */
  release(): void;
  close(): Promise<void>;
};

export async function startSlowModel(behind: string): Promise<SlowModel> {
  const waiting = new Map<symbol, { readonly about: string; go(): void }>();
  let holding: string | undefined;
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    const { messages } = JSON.parse(body);
    const asked = readRequest(messages);
    if (asked?.role === holding && asked !== undefined) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const mumble = setInterval(() => response.write(': still thinking\n\n'), 100);
      const me = Symbol(asked.about);
      await new Promise<void>((go) => {
        waiting.set(me, { about: asked.about, go });
        response.once('close', go);
      });
      clearInterval(mumble);
      waiting.delete(me);
      if (response.destroyed) return;
    }
    const headers = new Headers({ 'content-type': 'application/json' });
    headers.set('authorization', request.headers.authorization ?? '');
    const answer = await fetch(`${behind}${request.url?.replace(/^\/v1/, '')}`, {
      method: 'POST',
      headers,
      body,
    });
    if (!response.headersSent) {
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    }
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    hold: (role) => {
      holding = role;
    },
    held: () => [...waiting.values()].map(({ about }) => about),
    release: () => {
      for (const { go } of waiting.values()) go();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

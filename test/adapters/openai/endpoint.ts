import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type Asked = {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly stream: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly user?: string;
  readonly response_format?: {
    readonly type: string;
    readonly json_schema?: { readonly strict?: boolean; readonly schema?: unknown };
  };
};
export type Play = (response: ServerResponse, asked: Asked) => void;

/** A real HTTP server that answers each request with the next play; the last one repeats. */
export async function startEndpoint(...plays: readonly Play[]) {
  const asked: Asked[] = [];
  const keys: (string | undefined)[] = [];
  let closedEarly = 0;
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const question: Asked = JSON.parse(body);
    keys.push(request.headers.authorization);
    asked.push(question);
    response.on('close', () => {
      if (!response.writableEnded) closedEarly += 1;
    });
    plays[Math.min(asked.length, plays.length) - 1]?.(response, question);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The test endpoint has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    asked,
    keys,
    closedEarly: () => closedEarly,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm' };

/** Writes stream events one after the other. */
export function events(response: ServerResponse, ...datas: readonly unknown[]): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const data of datas)
    response.write(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
}
export function piece(delta: object, finish: string | null = null) {
  return { ...head, choices: [{ index: 0, delta, finish_reason: finish }] };
}
export function tokens(input: number, output: number) {
  return {
    ...head,
    choices: [],
    usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output },
  };
}

/** A complete answer in three pieces, counted as 100 tokens in and 10 out unless told otherwise. */
export function says(
  text: string,
  options: { finish?: string; counted?: readonly [number, number] | undefined } = { counted: [100, 10] },
): Play {
  return (response) => {
    const middle = Math.ceil(text.length / 2);
    events(response, piece({ role: 'assistant', content: '' }));
    events(response, piece({ content: text.slice(0, middle) }), piece({ content: text.slice(middle) }));
    events(response, piece({}, options.finish ?? 'stop'));
    if (options.counted) events(response, tokens(...options.counted));
    events(response, '[DONE]');
    response.end();
  };
}

export function fails(status: number, error: object | string, headers: Record<string, string> = {}): Play {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof error === 'string' ? error : JSON.stringify({ error }));
  };
}

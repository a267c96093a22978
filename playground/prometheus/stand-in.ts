import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { answerTo, type Stored } from './query.ts';
import { scraped } from './scrape.ts';
import type { Prometheus, PrometheusOptions } from './start.ts';

const keptMs = 3_700_000;

/**
 * Scrapes as Prometheus does, keeps the samples in memory, and answers the queries that Slipway makes, in the
 * same words. It is for machines where Prometheus is not installed.
 */
export async function standInForPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const stored: Stored = new Map();
  const ofTarget = new Map<string, Set<string>>();
  const store = (labels: Readonly<Record<string, string>>, at: number, value: number) => {
    const key = JSON.stringify(Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1)));
    const series = stored.get(key) ?? { labels, samples: [], endedAt: undefined };
    stored.set(key, series);
    series.samples.push([at, value]);
    series.endedAt = undefined;
    while ((series.samples[0]?.[0] ?? at) < at - keptMs) series.samples.shift();
    return key;
  };
  const scrape = async (target: string) => {
    const at = Date.now();
    const own = { instance: new URL(target).host, job: options.job ?? 'shop' };
    const lines = await scraped(target, options.scrapeMs);
    store({ __name__: 'up', ...own }, at, lines ? 1 : 0);
    const present = new Set(
      (lines ?? []).map(({ labels, value }) => store({ ...labels, ...own }, at, value)),
    );
    for (const key of ofTarget.get(target) ?? []) {
      const series = stored.get(key);
      if (series && !present.has(key)) series.endedAt ??= at;
    }
    ofTarget.set(target, new Set([...(ofTarget.get(target) ?? []), ...present]));
  };

  let timer: NodeJS.Timeout | undefined;
  const scrapeAll = () => void Promise.all(options.targets.map(scrape));
  const serve = async (port: number): Promise<Server> => {
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://prometheus');
      if (pathname === '/-/ready') return void response.end('Prometheus Server is Ready.\n');
      if (pathname !== '/api/v1/query') return void response.writeHead(404).end('404 page not found\n');
      reply(response, answerTo(stored, searchParams));
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
    scrapeAll();
    timer = setInterval(scrapeAll, options.scrapeMs);
    return server;
  };
  let server = await serve(0);
  const port = portOf(server);
  const stop = async () => {
    clearInterval(timer);
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return {
    url: `http://127.0.0.1:${port}`,
    crash: stop,
    stop,
    async restart() {
      await stop();
      server = await serve(port);
    },
  };
}

function reply(response: ServerResponse, answer: { readonly status: number; readonly body: unknown }): void {
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

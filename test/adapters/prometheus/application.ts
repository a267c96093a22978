import { once } from 'node:events';
import { createServer } from 'node:http';
import { vi } from 'vitest';

export type Application = {
  readonly url: string;
  /** Series with their values, as text; what is set is what the next scrape sees. */
  readonly values: Map<string, number | string>;
  /** Waits until what is set now has been scraped and stored. */
  seen(): Promise<void>;
  /** A time between two scrapes, after everything set before. */
  mark(): Promise<string>;
  stop(): Promise<void>;
  start(): Promise<void>;
};

/** A process that Prometheus scrapes, with exactly the counters that a test gives it. */
export async function startApplication(): Promise<Application> {
  const values = new Map<string, number | string>();
  let scrapes = 0;
  const server = createServer((_, response) => {
    scrapes++;
    response.end([...values].map(([series, value]) => `${series} ${value}\n`).join(''));
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return address.port;
  };
  const port = await listen(0);
  // A scrape is stored when the next one begins.
  const seen = async () => {
    const until = scrapes + 3;
    await vi.waitUntil(() => scrapes >= until, { timeout: 10_000, interval: 5 });
  };
  return {
    url: `http://127.0.0.1:${port}`,
    values,
    seen,
    async mark() {
      await seen();
      return new Date().toISOString();
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
    start: async () => {
      await listen(port);
    },
  };
}

/** The counters of a metric in both cohorts. */
export function counters(name: string, flag = 'free-delivery') {
  const series = (cohort: string, more = '') => `${name}{flag="${flag}",cohort="${cohort}"${more}}`;
  return { on: series('on'), off: series('off'), series };
}

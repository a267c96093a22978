import { once } from 'node:events';
import { createServer } from 'node:http';
import { vi } from 'vitest';

export type Application = {
  readonly url: string;
  /** Series with their values, as text; what is set is what the next scrape sees. */
  readonly values: Map<string, number | string>;
  /** Sets those that have a value. */
  setAll(values: readonly (readonly [series: string, value: number | string | undefined])[]): void;
  /** Waits until what is set now has been scraped and stored. */
  seen(): Promise<void>;
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
    setAll(wanted) {
      for (const [series, value] of wanted) if (value !== undefined) values.set(series, value);
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

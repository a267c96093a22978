import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';

const totals = z.object({
  /** Orders that customers tried to place. */
  orders: z.number(),
  placed: z.number(),
  /** By the status that refused them. */
  refused: z.record(z.string(), z.number()),
  /** Requests that reached nobody, as while a version is replaced. */
  unreached: z.number(),
  requests: z.number(),
});
export type Totals = z.infer<typeof totals>;

export type Traffic = {
  /** As of the last second. */
  totals(): Totals;
  stop(): Promise<Totals>;
};

export type TrafficOptions = {
  readonly url: string;
  /** Orders a second; each takes two to three requests. */
  readonly perSecond: number;
  /** How many customers there are. */
  readonly users: number;
  readonly seed: number;
  /** Share of the orders that ask for what is sold out. */
  readonly soldOutShare?: number;
};

const program = join(import.meta.dirname, 'customers.ts');
const politeMs = 3_000;

/** Customers who fill carts and order, over real connections, from a process of their own. */
export function startTraffic(options: TrafficOptions): Traffic {
  let latest: Totals = { orders: 0, placed: 0, refused: {}, unreached: 0, requests: 0 };
  const customers = fork(program, [JSON.stringify({ soldOutShare: 0.2, ...options })], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  customers.on('message', (message) => {
    latest = totals.parse(message);
  });
  return {
    totals: () => latest,
    async stop() {
      if (customers.exitCode !== null || customers.signalCode !== null) return latest;
      const gone = once(customers, 'exit');
      customers.send('stop');
      const late = setTimeout(() => customers.kill('SIGKILL'), politeMs);
      await gone;
      clearTimeout(late);
      return latest;
    },
  };
}

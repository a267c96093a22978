import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InMemStorageProvider, Unleash } from 'unleash-client';
import { z } from 'zod';
import { shopOfManyCustomers } from './inventory.ts';

/**
 * The shop as it runs for its users: a version of the repository, with features from Unleash for each customer.
 * A process of its own, started by `startProduction` and ended with it.
 */
const settings = z
  .object({
    directory: z.string(),
    unleash: z.object({ url: z.string(), clientToken: z.string(), refreshMs: z.number() }),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));
const orders = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open'), port: z.number() }),
  z.object({ kind: z.literal('close') }),
]);

const source = async (path: string) => import(pathToFileURL(join(settings.directory, 'src', path)).href);
const { makeServer }: typeof import('../shop/src/http/server.ts') = await source('http/server.ts');
const shop = shopOfManyCustomers(await source('shop.ts'), await source('stock.ts'));

const unleash = new Unleash({
  appName: 'shop',
  url: `${settings.unleash.url}/api`,
  customHeaders: { Authorization: settings.unleash.clientToken },
  refreshInterval: settings.unleash.refreshMs,
  metricsInterval: 5_000,
  storageProvider: new InMemStorageProvider(),
});
unleash.on('error', (error: unknown) => console.error(`Unleash: ${String(error)}`));
unleash.once('synchronized', () => tell({ kind: 'ready' }));

const server = makeServer(shop, (customer) => ({
  isOn: (flag) => unleash.isEnabled(flag, { userId: customer }),
}));
server.on('error', (error) => tell({ kind: 'unopened', because: String(error) }));

process.on('message', (message) => {
  const order = orders.parse(message);
  switch (order.kind) {
    case 'open':
      return server.listen(order.port, '127.0.0.1', () => tell({ kind: 'opened', port: portOf() }));
    case 'close':
      unleash.destroy();
      server.close(() => process.exit(0));
      server.closeIdleConnections();
      return tell({ kind: 'closed' });
  }
});
process.on('disconnect', () => process.exit(0));

function tell(said: unknown): void {
  process.send?.(said);
}

function portOf(): number {
  const address = server.address();
  return address === null || typeof address === 'string' ? 0 : address.port;
}

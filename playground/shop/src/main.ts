import { featuresOf } from './features.ts';
import { makeServer } from './http/server.ts';
import { openShop } from './shop.ts';

const port = Number(process.env['PORT'] ?? 3000);
const shop = openShop({ features: featuresOf(process.env['SHOP_FEATURES'] ?? '') });
const server = makeServer(shop).listen(port, '127.0.0.1', () => {
  console.log(`The shop is open at http://127.0.0.1:${port}.`);
});
process.on('SIGTERM', () => server.close());

import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import { ShopError, type ShopErrorCode } from '../errors.ts';
import type { Features } from '../features.ts';
import type { Shop } from '../shop.ts';
import { fieldsOf } from './body.ts';
import { makeMetrics } from './metrics.ts';
import { type Answer, type Route, routes } from './routes.ts';

const statuses: Readonly<Record<ShopErrorCode, number>> = {
  invalid: 400,
  'not-found': 404,
  'out-of-stock': 409,
  'empty-cart': 409,
  'not-offered': 422,
};

/** The shop as an HTTP server that is not listening yet. Customers say who they are in `x-user-id`. */
export function makeServer(
  shop: Shop,
  featuresFor: (customer: string) => Features = () => shop.features,
): Server {
  const metrics = makeMetrics();
  return createServer(async (request, response) => {
    if (request.url === '/metrics') return void response.end(metrics.text());
    const customer = String(request.headers['x-user-id'] ?? '');
    const { features, answered } = metrics.watch(featuresFor(customer), customer);
    const found = routeOf(request);
    const { status, body } = await answerTo({ ...shop, features }, request, found).catch(problem);
    answered(found?.route.name ?? 'unknown', status);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
}

type Found = { readonly route: Route; readonly parameters: readonly string[] };

function routeOf(request: IncomingMessage): Found | undefined {
  for (const route of routes) {
    const match = route.method === request.method ? route.path.exec(pathOf(request)) : null;
    if (match) return { route, parameters: match.slice(1) };
  }
  return undefined;
}

const pathOf = (request: IncomingMessage) => request.url?.split('?')[0] ?? '/';

async function answerTo(shop: Shop, request: IncomingMessage, found: Found | undefined): Promise<Answer> {
  if (!found) throw new ShopError('not-found', `There is nothing at ${request.method} ${pathOf(request)}.`);
  return found.route.handle(shop, found.parameters.map(decodeURIComponent), await fieldsOf(request));
}

function problem(error: unknown): Answer {
  if (error instanceof ShopError)
    return { status: statuses[error.code], body: { error: error.code, message: error.message } };
  console.error(error);
  return { status: 500, body: { error: 'unknown', message: 'Something went wrong on our side.' } };
}

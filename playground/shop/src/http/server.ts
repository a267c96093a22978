import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import { ShopError, type ShopErrorCode } from '../errors.ts';
import type { Shop } from '../shop.ts';
import { fieldsOf } from './body.ts';
import { type Answer, routes } from './routes.ts';

const statuses: Readonly<Record<ShopErrorCode, number>> = {
  invalid: 400,
  'not-found': 404,
  'out-of-stock': 409,
  'empty-cart': 409,
  'not-offered': 422,
};

/** The shop as an HTTP server that is not listening yet. */
export function makeServer(shop: Shop): Server {
  return createServer(async (request, response) => {
    const { status, body } = await answerTo(shop, request).catch(problem);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
}

async function answerTo(shop: Shop, request: IncomingMessage): Promise<Answer> {
  const { pathname } = new URL(request.url ?? '/', 'http://shop');
  for (const route of routes) {
    const match = route.method === request.method ? route.path.exec(pathname) : null;
    if (match) return route.handle(shop, match.slice(1).map(decodeURIComponent), await fieldsOf(request));
  }
  throw new ShopError('not-found', `There is nothing at ${request.method} ${pathname}.`);
}

function problem(error: unknown): Answer {
  if (error instanceof ShopError)
    return { status: statuses[error.code], body: { error: error.code, message: error.message } };
  console.error(error);
  return { status: 500, body: { error: 'unknown', message: 'Something went wrong on our side.' } };
}

import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { z } from 'zod';
import { soldOut } from './inventory.ts';

/** The customers as a process of their own; see `startTraffic`. */
const { url, perSecond, users, seed, soldOutShare } = z
  .object({
    url: z.string(),
    perSecond: z.number().positive(),
    users: z.number().int().positive(),
    seed: z.number(),
    soldOutShare: z.number(),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));

const wishEvery = Math.round(1 / soldOutShare);
const mostAtOnce = 400;
const beatMs = 10;
const random = xoroshiro128plus(seed);
const share = () => uniformInt(random, 0, 999_999) / 1_000_000;
const nextAfterMs = () => (-Math.log(1 - share()) / perSecond) * 1000;

const agent = new Agent({ keepAlive: true, maxSockets: mostAtOnce, scheduling: 'lifo' });
const { hostname, port } = new URL(url);
const totals = { orders: 0, placed: 0, refused: {} as Record<string, number>, unreached: 0, requests: 0 };
const carts = new Map<number, string>();
const orderedBy = new Map<number, number>();

/** Half of the baskets are worth more than €50; these weigh two to four kilograms. */
const baskets = [
  ['kettle', 2],
  ['teapot', 3],
  ['mug', 6],
  ['teapot', 1],
  ['tea-green', 3],
  ['mug', 2],
] as const;
const basket = () => baskets[uniformInt(random, 0, baskets.length - 1)] ?? baskets[0];

async function order(user: number): Promise<void> {
  totals.orders++;
  const times = (orderedBy.get(user) ?? user) + 1;
  orderedBy.set(user, times);
  // Each customer wants it every so many orders, so that few of them are like many.
  const [sku, quantity] = times % wishEvery === 0 ? [soldOut, 1] : basket();
  const line = JSON.stringify({ sku, quantity });
  let cart = carts.get(user) ?? (await newCart(user));
  const put = await call(user, `/carts/${cart}/lines`, line);
  if (put.status === 404) {
    // The shop forgets carts when it is replaced.
    cart = await newCart(user);
    await call(user, `/carts/${cart}/lines`, line);
  }
  const { status } = await call(user, `/carts/${cart}/order`, '{}', networkMs());
  if (status === 201) {
    totals.placed++;
    return;
  }
  totals.refused[status] = (totals.refused[status] ?? 0) + 1;
  // Their cart is still full of what they could not have.
  carts.delete(user);
}

async function newCart(user: number): Promise<string> {
  const { body } = await call(user, '/carts', '');
  const { id } = z.object({ id: z.string() }).parse(JSON.parse(body));
  carts.set(user, id);
  return id;
}

/** How long a request is on its way: 10 ms in the middle, 25 for one in ten, 50 for one in a hundred. */
function networkMs(): number {
  const normal = Math.sqrt(-2 * Math.log(1 - share())) * Math.cos(2 * Math.PI * share());
  return 10 * Math.exp(0.71 * normal);
}

function call(
  user: number,
  path: string,
  body: string,
  bodyAfterMs = 0,
): Promise<{ readonly status: number; readonly body: string }> {
  totals.requests++;
  return new Promise((resolve, reject) => {
    const headers = { 'x-user-id': `u${user}`, 'content-length': String(Buffer.byteLength(body)) };
    const sent = request({ agent, hostname, port, method: 'POST', path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    if (bodyAfterMs === 0) return void sent.end(body);
    sent.flushHeaders();
    setTimeout(() => sent.end(body), bodyAfterMs);
  });
}

/** Orders come when they come: those due since the last beat. Whoever is ordering already is passed over. */
async function shop(): Promise<void> {
  const ordering = new Set<number>();
  let next = performance.now();
  while (!stopping) {
    for (const now = performance.now(); next <= now; next += nextAfterMs()) {
      const user = uniformInt(random, 1, users);
      if (ordering.has(user) || ordering.size >= mostAtOnce) continue;
      ordering.add(user);
      order(user)
        .catch(() => {
          totals.unreached++;
          carts.delete(user);
        })
        .finally(() => ordering.delete(user));
    }
    await pause(beatMs);
  }
  while (ordering.size > 0) await pause(beatMs);
}

let stopping = false;
const report = setInterval(() => process.send?.(totals), 1_000);
process.on('message', () => {
  stopping = true;
});
process.on('disconnect', () => process.exit(0));
await shop();
clearInterval(report);
process.send?.(totals, () => process.exit(0));

import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { gitIn } from '../../playground/github/git.ts';
import { readCassette } from '../../playground/model/cassette.ts';
import { badChange } from '../../playground/production/bad-change.ts';
import { checkOut, type Production, startProduction } from '../../playground/production/start.ts';
import { startTraffic } from '../../playground/production/traffic.ts';
import { buildShopHistory } from '../../playground/shop-history.ts';
import { readExposition } from '../../src/adapters/prometheus/exposition.ts';
import type { ChangedFile } from '../../src/domain/change.ts';
import { applyEdits } from '../../src/domain/edits.ts';
import { checkTypesOfShop, readShop, testShop } from './model/shop-copy.ts';

const root = join(import.meta.dirname, '../..');
const shop = join(root, 'playground/shop');
const cassette = join(root, 'playground/model/cassettes/first-feature.yml');

const edits = z.array(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('write'), path: z.string(), content: z.string() }),
    z.object({ kind: z.literal('replace'), path: z.string(), search: z.string(), replace: z.string() }),
  ]),
);

/** The shop with free delivery, as it was merged in the story. */
async function mergedFeature(): Promise<Record<string, string>> {
  const { answers } = await readCassette(cassette);
  const read = await readShop();
  const files: Record<string, string> = {};
  for (const { role, heard, about, answer } of answers) {
    const wanted = heard.includes('how much is missing') || about === 'Attempt 2, repair';
    if ((role !== 'tester' && role !== 'coder') || !wanted) continue;
    const applied = applyEdits((path) => files[path] ?? read(path), edits.parse(answer.edits));
    if (!('files' in applied)) throw new Error(JSON.stringify(applied.problems));
    for (const { path, content } of applied.files) if (content !== null) files[path] = content;
  }
  return files;
}

const asChange = (files: Readonly<Record<string, string>>): readonly ChangedFile[] =>
  Object.entries(files).map(([path, content]) => ({ path, content }));

let directory: string;
let good: Record<string, string>;
let bad: Readonly<Record<string, string>>;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'production-'));
  good = await mergedFeature();
  bad = badChange(good);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function versionOf(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const at = join(directory, name);
  await cp(shop, at, { recursive: true, filter: (path) => basename(path) !== 'node_modules' });
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(at, path)), { recursive: true });
    await writeFile(join(at, path), content);
  }
  return at;
}

describe('the bad change', () => {
  it('passes every test and the types', async () => {
    const [ends, types] = await Promise.all([testShop(asChange(bad)), checkTypesOfShop(asChange(bad))]);
    expect([...ends].filter(([, status]) => status !== 'passed')).toEqual([]);
    expect(ends.size).toBeGreaterThan(50);
    expect(types).toBe('');
  }, 60_000);

  it('goes on top of the feature only', () => {
    expect(() => badChange({})).toThrow('src/delivery.ts has no free delivery to break.');
  });
});

describe('the shop in production', () => {
  let flags: Server;
  let production: Production;
  let exposed: ReadonlySet<string>;
  beforeAll(async () => {
    // What an SDK gets: on for one user by name, off for all others.
    exposed = new Set(['ana']);
    const features = [
      {
        name: 'free-delivery',
        type: 'release',
        enabled: true,
        strategies: [{ name: 'userWithId', parameters: { userIds: [...exposed].join(',') } }],
      },
    ];
    flags = createServer((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ version: 2, features }));
    }).listen(0, '127.0.0.1');
    await once(flags, 'listening');
    const address = flags.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    production = await startProduction({
      directory: await versionOf('good', good),
      unleash: { url: `http://127.0.0.1:${port}`, clientToken: 'default:production.secret' },
    });
  }, 30_000);
  afterAll(async () => {
    await production.stop();
    flags.closeAllConnections();
    flags.close();
  });

  const call = async (user: string, path: string, body: object = {}) => {
    const headers = { 'x-user-id': user };
    const response = await fetch(production.url + path, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return { status: response.status, body: z.record(z.string(), z.unknown()).parse(await response.json()) };
  };
  const order = async (user: string, line: object) => {
    const { id } = (await call(user, '/carts')).body;
    await call(user, `/carts/${id}/lines`, line);
    const { status, body } = await call(user, `/carts/${id}/order`);
    return { status, delivery: z.object({ delivery: z.number() }).safeParse(body.price).data?.delivery };
  };
  const counted = async () => {
    const text = await (await fetch(production.metricsUrl)).text();
    const found: Record<string, number> = {};
    for (const { labels, value } of readExposition(text)) {
      const { __name__: name, flag, cohort, route, status } = labels;
      if (name !== 'http_requests_total' || flag !== 'free-delivery' || route !== 'order') continue;
      found[`${cohort} ${status}`] = (found[`${cohort} ${status}`] ?? 0) + value;
    }
    return found;
  };
  const kettles = { sku: 'kettle', quantity: 2 };

  it('gives each customer what the flag says, and counts by it', async () => {
    expect(await order('ana', kettles)).toEqual({ status: 201, delivery: 0 });
    expect(await order('ben', kettles)).toEqual({ status: 201, delivery: 490 });
    expect(await order('ben', { sku: 'honey', quantity: 1 })).toEqual({ status: 409, delivery: undefined });
    expect(await counted()).toEqual({ 'on 201': 1, 'off 201': 1, 'off 409': 1 });
  });

  it('is replaced by a version that fails those with the feature only, with counters from zero', async () => {
    const { url } = production;
    await production.deploy(await versionOf('bad', bad));
    expect(production.url).toBe(url);
    expect(await order('ana', kettles)).toMatchObject({ status: 500 });
    expect(await order('ana', { sku: 'mug', quantity: 2 })).toEqual({ status: 201, delivery: 490 });
    expect(await order('ben', kettles)).toEqual({ status: 201, delivery: 490 });
    expect(await counted()).toEqual({ 'on 500': 1, 'on 201': 1, 'off 201': 1 });
  }, 30_000);

  it('has customers who fail to order only what is sold out', async () => {
    const before = await counted();
    const traffic = startTraffic({ url: production.url, perSecond: 100, users: 50, seed: 1 });
    await vi.waitUntil(() => traffic.totals().orders >= 100, { timeout: 20_000, interval: 50 });
    const { orders, placed, refused, unreached } = await traffic.stop();
    expect(unreached).toBe(0);
    expect(Object.keys(refused)).toEqual(['409']);
    expect(placed).toBeGreaterThan(orders / 2);
    const after = await counted();
    expect((after['off 409'] ?? 0) - (before['off 409'] ?? 0)).toBe(refused['409']);
  }, 30_000);

  it('does not open with a version that cannot run, and goes on as it was', async () => {
    const broken = await versionOf('broken', { 'src/shop.ts': 'export const nothing = 1;\n' });
    await expect(production.deploy(broken)).rejects.toThrow('The shop ended');
    expect(await order('ben', kettles)).toMatchObject({ status: 201 });
  }, 30_000);
});

it('is checked out from what git can clone', async () => {
  const repository = join(directory, 'shop.git');
  const { commit } = await buildShopHistory(repository);
  const at = await checkOut({ repository, commit, directory: join(directory, 'checkout') });
  const head = await gitIn(at)(['rev-parse', 'HEAD']);
  expect(head.toString('utf8').trim()).toBe(commit);
});

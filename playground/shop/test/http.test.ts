import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { featuresOf } from '../src/features.ts';
import { makeServer } from '../src/http/server.ts';
import { openShop } from '../src/shop.ts';

type Body = { id: string; number: string; price: Readonly<Record<string, number>> };

describe('the service', () => {
  let server: Server;
  let base: string;
  beforeAll(async () => {
    server = makeServer(openShop({ features: featuresOf('gift-wrap') }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const call = async (method: string, path: string, body?: unknown) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(base + path, { method, ...(text !== undefined && { body: text }) });
    return { status: response.status, body: (await response.json()) as Body };
  };

  it('sells', async () => {
    expect((await call('GET', '/products')).body).toContainEqual(
      expect.objectContaining({ sku: 'mug', left: 120 }),
    );
    const { id } = (await call('POST', '/carts')).body;
    await call('POST', `/carts/${id}/lines`, { sku: 'mug', quantity: 1 });
    await call('POST', `/carts/${id}/lines`, { sku: 'honey', quantity: 1 });
    await call('DELETE', `/carts/${id}/lines/honey`);
    await call('PUT', `/carts/${id}/gift-wrap`, { giftWrap: true });
    const shown = await call('PUT', `/carts/${id}/delivery`, { delivery: 'express' });
    expect(shown.body.price).toMatchObject({ goods: 1_250, giftWrap: 250, delivery: 990, total: 2_490 });
    expect((await call('GET', `/carts/${id}`)).body).toEqual(shown.body);
    const order = await call('POST', `/carts/${id}/order`);
    expect(order).toMatchObject({ status: 201, body: { price: { total: 2_490 } } });
    expect((await call('GET', `/orders/${order.body.number}`)).body).toEqual(order.body);
  });

  it.each([
    ['POST', '/carts/c1/lines', { sku: 'boat', quantity: 1 }, 404, 'We do not sell "boat".'],
    ['POST', '/carts/c1/lines', { sku: 'mug', quantity: 'two' }, 400, '"quantity" must be a number.'],
    ['POST', '/carts/c1/lines', { quantity: 1 }, 400, '"sku" must be a text.'],
    ['POST', '/carts/c1/lines', 'nonsense', 400, 'The body must be a JSON object.'],
    ['POST', '/carts/c1/lines', 'x'.repeat(10_001), 400, 'That is too much to read.'],
    ['PUT', '/carts/c1/delivery', { delivery: 'drone' }, 422, 'We deliver standard or express, not "drone".'],
    ['PUT', '/carts/c1/gift-wrap', { giftWrap: 'yes' }, 400, '"giftWrap" must be true or false.'],
    ['POST', '/carts/c99/order', undefined, 404, 'There is no cart "c99".'],
    ['GET', '/orders/o99999', undefined, 404, 'There is no order "o99999".'],
    ['GET', '/nowhere', undefined, 404, 'There is nothing at GET /nowhere.'],
  ])('answers %s %s %j with %i', async (method, path, body, status, message) => {
    await call('POST', '/carts');
    expect(await call(method, path, body)).toMatchObject({ status, body: { message } });
  });

  it('does not offer what is switched off', async () => {
    const plain = makeServer(openShop());
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/carts/c1/gift-wrap`, {
      method: 'PUT',
      body: '{}',
    });
    expect(response.status).toBe(422);
    await new Promise((resolve) => plain.close(resolve));
  });

  it('says no more than it must when it breaks', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const fail = () => {
      throw new Error('secret');
    };
    const broken = makeServer({ ...openShop(), catalogue: { all: fail, find: fail } });
    await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
    const { port } = broken.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/products`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(log).toHaveBeenCalledOnce();
    await new Promise((resolve) => broken.close(resolve));
  });
});

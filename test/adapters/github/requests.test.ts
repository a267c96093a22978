import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGitHub } from '../../../src/adapters/github.ts';
import { GiveUp, TryAgain } from '../../../src/errors.ts';

let server: Server;
let url: string;
let respond: (request: IncomingMessage, response: ServerResponse) => void;
let asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    respond(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const look = async () => {
  asked = [];
  const options = { baseUrl: url, gitUrl: url, token: 'ghs_secret', workDirectory: '/nonexistent' };
  const error = await createGitHub({ ...options, callTimeoutMs: 300 })
    .look('acme/shop')
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  expect(asked).toEqual(['GET /repos/acme/shop']);
  if (!(error instanceof TryAgain || error instanceof GiveUp))
    throw new Error('It must fail.', { cause: error });
  expect(error.message).not.toContain('ghs_secret');
  return error;
};
const json = (status: number, body: unknown, headers: Record<string, string> = {}) => {
  respond = (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
};

describe('an answer of GitHub', () => {
  it.each([
    [
      401,
      {},
      GiveUp,
      'GitHub does not accept the token (401) while looking at acme/shop. Put a valid one in GITHUB_TOKEN.',
    ],
    [
      403,
      {},
      GiveUp,
      'GitHub forbids looking at acme/shop (403). Give the token contents: write and pull requests: write on acme/shop.',
    ],
    [
      404,
      {},
      GiveUp,
      'The bot cannot see acme/shop. Install the app on it or correct the name in slipway.yml.',
    ],
    [422, {}, GiveUp, 'GitHub refused looking at acme/shop (422): No; Because; field missing'],
    [429, {}, TryAgain, 'GitHub asked us to slow down while looking at acme/shop.'],
    [500, {}, TryAgain, 'GitHub answered 500 while looking at acme/shop.'],
    [503, { 'retry-after': '30' }, TryAgain, 'GitHub answered 503 while looking at acme/shop.'],
  ])('of %i %j is %o', async (status, headers, type, sentence) => {
    json(status, { message: 'No', errors: ['Because', { field: 'field', code: 'missing' }] }, headers);
    const error = await look();
    expect(error).toBeInstanceOf(type);
    expect(error.message).toBe(sentence);
  });

  it.each([
    [403, { 'retry-after': '12' }, 12_000],
    [429, { 'retry-after': '1' }, 1000],
    [429, {}, 60_000],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' }, 1000],
  ])('of %i %j says how long to wait', async (status, headers, afterMs) => {
    json(status, { message: 'slower' }, headers);
    expect(await look()).toMatchObject({ name: 'TryAgain', afterMs });
  });

  it('waits until the hour is over when the limit is used up', async () => {
    const reset = String(Math.floor(Date.now() / 1000) + 600);
    json(403, { message: 'used up' }, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset });
    const error = await look();
    expect(error instanceof TryAgain && error.afterMs).toBeGreaterThan(500_000);
  });

  it('that never comes is given up after the time-out', async () => {
    respond = () => undefined;
    expect(await look()).toMatchObject({
      name: 'TryAgain',
      message: expect.stringContaining('did not answer while looking at acme/shop'),
    });
  });

  it.each(['destroy', 'stall'])('that breaks off in the middle is no answer (%s)', async (how) => {
    respond = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"default_branch":');
      if (how === 'destroy') setImmediate(() => response.destroy());
    };
    expect(await look()).toMatchObject({ name: 'TryAgain' });
  });

  it('that points elsewhere is not followed with the token', async () => {
    respond = (_, response) => response.writeHead(301, { location: `${url}/elsewhere` }).end();
    expect(await look()).toMatchObject({
      name: 'GiveUp',
      message: 'acme/shop: GitHub says it has moved. Correct its name in slipway.yml.',
    });
  });
});

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bubblewrap } from '../../src/adapters/bubblewrap.ts';
import { sandboxContract } from '../contracts/sandbox.ts';

const installed = existsSync('/usr/bin/bwrap');

describe.skipIf(!installed && process.env.CI !== 'true')(
  installed ? 'bubblewrap' : 'bubblewrap (skipped: it is not installed; sudo apt-get install -y bubblewrap)',
  () => {
    sandboxContract('as a sandbox', bubblewrap);

    test('with the registry as its network reaches the registry and nothing else', async () => {
      const listening = async (says: string) => {
        const server = createServer((_, response) => response.end(says));
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        const address = server.address();
        return { server, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/` };
      };
      const [registry, other] = [await listening('packages'), await listening('secrets')];
      const before = process.env.npm_config_registry;
      process.env.npm_config_registry = registry.url;
      const directory = mkdtempSync(join(tmpdir(), 'slipway-registry-'));
      const script = `
        const http = require('node:http');
        const proxy = new URL(process.env.HTTP_PROXY);
        const through = (path, method = 'GET') => new Promise((resolve) => {
          const request = http.request({ host: proxy.hostname, port: proxy.port, path, method });
          request.on('response', async (response) => resolve(response.statusCode + ' ' + (await response.toArray()).join('')));
          request.on('connect', (response) => resolve(String(response.statusCode)));
          request.end();
        });
        const direct = (url) => new Promise((resolve) => http.get(url).on('error', (error) => resolve(error.code)));
        (async () => {
          const [registry, other] = process.argv.slice(1);
          console.log(process.env.npm_config_registry === registry);
          console.log(await through(registry + 'x'));
          console.log((await through(other)).slice(0, 3));
          console.log(await through(new URL(other).host, 'CONNECT'));
          console.log(await through('169.254.169.254:80', 'CONNECT'));
          console.log(await direct(registry));
          process.exit(3);
        })();`;
      const outcome = await bubblewrap().run({
        command: ['/run/node', '--eval', script, registry.url, other.url],
        directory,
        mounts: [{ from: process.execPath, to: '/run/node', writable: false }],
        environment: {},
        network: 'registry',
        limits: { seconds: 20, memoryBytes: 2 ** 29, processes: 64, outputBytes: 10_000, fileBytes: 2 ** 20 },
      });
      if (before === undefined) delete process.env.npm_config_registry;
      else process.env.npm_config_registry = before;
      registry.server.close();
      other.server.close();
      rmSync(directory, { recursive: true });
      expect(outcome.stdout.split('\n')).toEqual([
        'true',
        '200 packages',
        '403',
        '403',
        '403',
        'ECONNREFUSED',
        '',
      ]);
      expect(outcome.status).toBe(3);
    });
  },
);

import { execFile } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import type { Mount } from './arguments.ts';

/** The one way out of a sandbox that installs packages. */
export type RegistryDoor = {
  readonly mounts: readonly Mount[];
  readonly environment: Readonly<Record<string, string>>;
  /** The command, behind the bridge that stands between the inner loopback and the door. */
  wrap(command: readonly string[]): readonly string[];
  close(): void;
};

const inside = '/run/registry';

/**
 * The sandbox has an empty network of its own. A proxy outside listens on a unix socket and lets through the
 * host of the machine's configured npm registry, nothing else; a bridge inside gives it a loopback address.
 * What the repository's own .npmrc says about registries cannot widen this.
 */
export async function openRegistry(box: string): Promise<RegistryDoor> {
  const registry = new URL(await configuredRegistry());
  const socket = join(box, 'registry.sock');
  const proxy = proxyTo(registry);
  await new Promise<void>((resolve, reject) => {
    proxy.once('error', reject);
    proxy.listen({ path: socket, writableAll: true, readableAll: true }, () => resolve());
  });
  proxy.unref();
  const certificates = process.env.NODE_EXTRA_CA_CERTS ?? process.env.SSL_CERT_FILE;
  const bundle = join(box, 'certificates.pem');
  if (certificates) await copyFile(certificates, bundle);
  else await writeFile(bundle, '');
  return {
    mounts: [
      { from: socket, to: `${inside}/registry.sock`, writable: false },
      { from: process.execPath, to: `${inside}/node`, writable: false },
      { from: join(import.meta.dirname, 'bridge.mjs'), to: `${inside}/bridge.mjs`, writable: false },
      { from: bundle, to: `${inside}/certificates.pem`, writable: false },
    ],
    environment: {
      npm_config_registry: registry.href,
      npm_config_userconfig: '/dev/null',
      npm_config_ignore_scripts: 'true',
      npm_config_audit: 'false',
      npm_config_fund: 'false',
      npm_config_update_notifier: 'false',
      npm_config_cache: '/tmp/npm-cache',
      ...(certificates
        ? { NODE_EXTRA_CA_CERTS: `${inside}/certificates.pem`, SSL_CERT_FILE: `${inside}/certificates.pem` }
        : {}),
    },
    wrap: (command) => [`${inside}/node`, `${inside}/bridge.mjs`, `${inside}/registry.sock`, ...command],
    close: () => {
      proxy.close();
      proxy.closeAllConnections();
    },
  };
}

/** As the machine's owner set it: never read in the directory of a repository. */
async function configuredRegistry(): Promise<string> {
  const fromEnvironment = process.env.npm_config_registry;
  if (fromEnvironment) return fromEnvironment;
  const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'registry', '--no-workspaces'], {
    cwd: '/',
    timeout: 30_000,
  });
  return stdout.trim();
}

function proxyTo(registry: URL) {
  const port = registry.port || (registry.protocol === 'https:' ? '443' : '80');
  const allowed = (host: string, at: string) => host === registry.hostname && at === port;
  const server = createServer((incoming, response) => forward(incoming, response, allowed));
  server.on('connect', (incoming: IncomingMessage, client: Duplex) => {
    const [, host = '', at = ''] = /^\[?([^\]]*)\]?:(\d+)$/.exec(incoming.url ?? '') ?? [];
    if (!allowed(host, at)) {
      client.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const upstream: Socket = connect(Number(at), host, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(client);
      client.pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
    client.on('close', () => upstream.destroy());
  });
  return server;
}

/** A registry without TLS is asked in plain HTTP, with the whole address in the request line. */
function forward(
  incoming: IncomingMessage,
  response: ServerResponse,
  allowed: (host: string, port: string) => boolean,
): void {
  const target = URL.canParse(incoming.url ?? '') ? new URL(incoming.url ?? '') : undefined;
  if (target?.protocol !== 'http:' || !allowed(target.hostname, target.port || '80')) {
    response.writeHead(403).end('Only the configured package registry can be reached from here.\n');
    return;
  }
  const upstream = request(
    target,
    { method: incoming.method ?? 'GET', headers: { ...incoming.headers, host: target.host } },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  upstream.on('error', () => response.destroy());
  incoming.pipe(upstream);
}

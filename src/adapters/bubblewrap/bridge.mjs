// Runs inside the sandbox, before the command: gives the proxy's unix socket an address on the inner loopback.
import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { constants } from 'node:os';

const [socket, program, ...parameters] = process.argv.slice(2);
const server = createServer((client) => {
  const proxy = connect(socket);
  client.pipe(proxy).pipe(client);
  client.on('error', () => proxy.destroy());
  proxy.on('error', () => client.destroy());
});
server.listen(0, '127.0.0.1', () => {
  const address = `http://127.0.0.1:${server.address().port}`;
  const names = [
    'http_proxy',
    'https_proxy',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'npm_config_proxy',
    'npm_config_https_proxy',
  ];
  const proxies = Object.fromEntries(names.map((name) => [name, address]));
  const child = spawn(program, parameters, {
    stdio: 'inherit',
    env: { ...process.env, ...proxies, no_proxy: '', NO_PROXY: '', npm_config_noproxy: '' },
  });
  child.on('error', (error) => {
    console.error(error.message);
    process.exit(127);
  });
  child.on('exit', (status, signal) => process.exit(status ?? 128 + (constants.signals[signal] ?? 0)));
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Prometheus, PrometheusOptions } from './start.ts';

const startDeadlineMs = 30_000;
const politeMs = 5_000;
/**
 * Ends the program with whoever started it: standard input is closed by the system when that process dies.
 * The first `wait` also ends with a SIGTERM, which the program has got as well; the second is for its end.
 */
const leash =
  'trap : TERM; exec 3<&0; "$0" "$@" 3<&- & own=$!; (cat <&3 > /dev/null && kill -9 0) & wait $own; wait $own; kill -9 0';

/** The program `prometheus` of the system, on a free port. */
export async function runPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = join(options.directory, 'prometheus.yml');
  await mkdir(options.directory, { recursive: true });
  await writeFile(config, configOf(options));
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(options.directory, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    // Longer than the past weeks that are compared with.
    '--storage.tsdb.retention.time=150d',
    '--log.level=warn',
  ];
  let child = await started(args, url, options.log);
  return {
    url,
    crash: () => ended(child, 'SIGKILL'),
    stop: () => ended(child, 'SIGTERM'),
    async restart() {
      await ended(child, 'SIGTERM');
      child = await started(args, url, options.log);
    },
  };
}

function configOf({ targets, job = 'shop', scrapeMs }: PrometheusOptions): string {
  const scrape = { scrape_interval: `${scrapeMs}ms`, scrape_timeout: `${scrapeMs}ms` };
  const hosts = targets.map((target) => new URL(target).host);
  // JSON is YAML.
  return JSON.stringify({
    global: scrape,
    scrape_configs: [{ job_name: job, static_configs: [{ targets: hosts }] }],
  });
}

async function started(
  args: readonly string[],
  url: string,
  log: ((line: string) => void) | undefined,
): Promise<ChildProcess> {
  const child = spawn('sh', ['-c', leash, 'prometheus', ...args], {
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    const text = chunk.toString('utf8');
    said = `${said}${text}`.slice(-2000);
    for (const line of text.split('\n')) if (line !== '') log?.(line);
  });
  const deadline = Date.now() + startDeadlineMs;
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const ready = await fetch(`${url}/-/ready`).then(
      async (response) => (await response.text()) !== '' && response.ok,
      () => false,
    );
    if (ready) return child;
    await pause(30);
  }
  await ended(child, 'SIGKILL');
  throw new Error(`Prometheus does not start. It said: ${said.trim() || '-'}`);
}

/** The whole group, and until nobody of it holds our pipe any more. */
async function ended(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'close');
  const group = -child.pid;
  process.kill(group, signal);
  const late = setTimeout(() => process.kill(group, 'SIGKILL'), politeMs);
  await gone;
  clearTimeout(late);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port was found.');
  return address.port;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { runPrometheus } from '../../playground/prometheus/real.ts';
import { hasPrometheus, startPrometheus } from '../../playground/prometheus/start.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'prometheus-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const answers = (url: string) =>
  fetch(`${url}/-/ready`).then(
    async (response) => (await response.text()) === 'Prometheus Server is Ready.\n',
    () => false,
  );

describe.each([
  { kind: 'as it is on this machine', path: process.env.PATH ?? '' },
  { kind: 'where it is not installed', path: '' },
])('Prometheus in the playground, $kind', ({ path }) => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('answers, crashes, comes back at its address and stops', async () => {
    vi.stubEnv('PATH', path);
    const prometheus = await startPrometheus({ targets: [], scrapeMs: 100, directory });
    expect(await answers(prometheus.url)).toBe(true);
    await prometheus.crash();
    expect(await answers(prometheus.url)).toBe(false);
    await prometheus.restart();
    expect(await answers(prometheus.url)).toBe(true);
    await prometheus.stop();
    await prometheus.stop();
    expect(await answers(prometheus.url)).toBe(false);
  });
});

describe.skipIf(!hasPrometheus())('the real Prometheus', () => {
  it('says why it does not start', async () => {
    const options = { targets: [], scrapeMs: 0.5, directory };
    await expect(runPrometheus(options)).rejects.toThrow(/^Prometheus does not start\. It said: .*0\.5ms/);
  });

  it('ends with the process that started it', async () => {
    const start = join(import.meta.dirname, '../../playground/prometheus/real.ts');
    const starter = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `const { runPrometheus } = await import(${JSON.stringify(start)});
         const { url } = await runPrometheus({ targets: [], scrapeMs: 100, directory: ${JSON.stringify(directory)} });
         console.log(JSON.stringify({ url }));
         setInterval(() => {}, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [said] = await once(starter.stdout, 'data');
    const { url } = z.object({ url: z.string() }).parse(JSON.parse(String(said)));
    expect(await answers(url)).toBe(true);
    starter.kill('SIGKILL');
    await vi.waitUntil(async () => !(await answers(url)), { timeout: 10_000, interval: 20 });
  });
});

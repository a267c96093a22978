import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endOrphans } from '../../../src/adapters/bubblewrap/orphans.ts';
import { needs } from '../../setup/needs.ts';

needs('bubblewrap')('sandboxes that are left over', () => {
  let box: string;
  beforeAll(async () => {
    box = await mkdtemp(join(tmpdir(), 'slipway-box-'));
  });
  afterAll(() => rm(box, { recursive: true, force: true }));

  const sandbox = () => [
    'bwrap',
    '--unshare-pid',
    '--ro-bind',
    '/',
    '/',
    '--ro-bind',
    box,
    box,
    'sleep',
    '60',
  ];
  const isAlive = async (pid: number) =>
    (await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => ') Z')).split(') ').at(-1)?.startsWith('Z') ===
    false;

  test('are ended when the bot that started them is gone, and only then', async () => {
    const [program = '', ...args] = sandbox();
    const ours = spawn(program, ['--die-with-parent', ...args], { stdio: 'ignore' });
    const started = spawnSync('sh', ['-c', '"$@" >/dev/null 2>&1 & echo $!', 'sh', ...sandbox()], {
      encoding: 'utf8',
    });
    const orphan = Number(started.stdout);
    try {
      await expect
        .poll(() => readFile(`/proc/${orphan}/cmdline`, 'utf8'), { timeout: 5000 })
        .toContain('bwrap');
      expect(await isAlive(orphan)).toBe(true);
      await endOrphans();
      await expect.poll(() => isAlive(orphan), { timeout: 5000 }).toBe(false);
      expect(await isAlive(ours.pid ?? 0)).toBe(true);
    } finally {
      ours.kill('SIGKILL');
      if (await isAlive(orphan)) process.kill(orphan, 'SIGKILL');
    }
  });
});

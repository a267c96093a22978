import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { withLock } from '../../scripts/lock.mjs';

async function place(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'slipway-lock-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return path.join(directory, 'lock');
}

/** A process that takes the lock, notes when it starts and ends its work, and gives the lock back. */
function worker(lock: string, name: string) {
  const source = `
    import { appendFileSync } from 'node:fs';
    import { setTimeout } from 'node:timers/promises';
    import { withLock } from ${JSON.stringify(path.resolve('scripts/lock.mjs'))};
    await withLock(${JSON.stringify(lock)}, () => {}, async () => {
      appendFileSync(${JSON.stringify(`${lock}.notes`)}, '${name} starts\\n');
      await setTimeout(50);
      appendFileSync(${JSON.stringify(`${lock}.notes`)}, '${name} ends\\n');
    });`;
  return spawn(process.execPath, ['--input-type=module', '--eval', source], { stdio: 'inherit' });
}

test('of several set-ups at once, each waits for its turn', async () => {
  const lock = await place();
  const workers = ['a', 'b', 'c'].map((name) => worker(lock, name));
  const statuses = await Promise.all(workers.map(async (child) => (await once(child, 'exit'))[0]));
  expect(statuses).toEqual([0, 0, 0]);
  const notes = readFileSync(`${lock}.notes`, 'utf8').trim().split('\n');
  expect(notes).toHaveLength(6);
  for (const index of [0, 2, 4]) expect(notes[index + 1]).toBe(notes[index]?.replace('starts', 'ends'));
  expect(existsSync(lock)).toBe(false);
});

test('the lock of a process that was killed is taken over', async () => {
  const lock = await place();
  const { pid } = spawnSync('true');
  writeFileSync(lock, String(pid));
  expect(
    await withLock(
      lock,
      () => {},
      async () => 'done',
    ),
  ).toBe('done');
  expect(existsSync(lock)).toBe(false);
});

test('work that throws gives the lock back', async () => {
  const lock = await place();
  const failing = withLock(
    lock,
    () => {},
    async () => {
      throw new Error('no network');
    },
  );
  await expect(failing).rejects.toThrow('no network');
  expect(existsSync(lock)).toBe(false);
});

test('whoever waits is told once whom for', async () => {
  const lock = await place();
  const other = spawn('sleep', ['60']);
  writeFileSync(lock, String(other.pid));
  const said: string[] = [];
  const waiting = withLock(
    lock,
    (line) => {
      said.push(line);
      other.kill('SIGKILL');
    },
    async () => 'done',
  );
  expect(await waiting).toBe('done');
  expect(said).toEqual([
    `Another set-up of this checkout is running (process ${other.pid}); waiting for it…`,
  ]);
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { startUnleash } from '../../../playground/unleash/server.ts';
import { freshDatabase } from '../../setup/database.ts';

const ending: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

async function database(): Promise<string> {
  const { url, drop } = await freshDatabase();
  ending.push(drop);
  return url;
}
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a server that cannot start says what it said', async () => {
  await expect(startUnleash({ databaseUrl: 'postgres://nobody:x@127.0.0.1:1/none' })).rejects.toThrow(
    /^unleash-server ended with status \d\. It said: .*ECONNREFUSED/,
  );
}, 60_000);

test('the server ends with whoever started it, also when that is killed', async () => {
  const parent: ChildProcess = spawn(
    process.execPath,
    [fileURLToPath(new URL('parent.ts', import.meta.url)), await database()],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  ending.push(async () => parent.kill('SIGKILL'));
  if (!parent.stdout) throw new Error('The parent has no standard output.');
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const [pid, url] = line.toString('utf8').trim().split(' ');
  expect(isAlive(Number(pid))).toBe(true);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  parent.kill('SIGKILL');
  await expect.poll(() => isAlive(Number(pid)), { timeout: 10_000 }).toBe(false);
}, 60_000);

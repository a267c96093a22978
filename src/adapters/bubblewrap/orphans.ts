import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Ends the sandboxes of bots that are gone. bubblewrap dies with its bot, but not when the bot is killed in the
 * moment in which it sets itself up: then its inner process waits for good for an outer one that is dead, or the
 * run goes on and nobody counts its time.
 */
export async function endOrphans(): Promise<void> {
  // Killing the outer process of a sandbox can make an orphan of the inner one.
  for (let round = 0; round < 3; round += 1) {
    const found = await orphans();
    if (found.length === 0) return;
    for (const pid of found) kill(pid);
    await wait(50);
  }
}

/** Ours, by the place on the host that every sandbox of ours has. */
async function orphans(): Promise<readonly number[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found: number[] = [];
  for (const pid of pids) {
    const command = await commandOf(pid);
    if (!command.startsWith('bwrap ') || !command.includes('/slipway-box-')) continue;
    if (await isOrphan(await parentOf(pid))) found.push(Number(pid));
  }
  return found;
}

/** Whoever takes in orphans: the first process, unless that is a bot itself (in a container), or that of a session. */
async function isOrphan(parent: string | undefined): Promise<boolean> {
  if (parent === undefined) return false;
  const command = await commandOf(parent);
  if (/^(\S*\/)?(node|bwrap)/.test(command)) return false;
  return parent === '1' || /^(\S*\/)?systemd\b/.test(command);
}

async function commandOf(pid: string): Promise<string> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
}

/** Undefined for one that is gone, or has ended and waits to be noticed. */
async function parentOf(pid: string): Promise<string | undefined> {
  const status = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  const [state, parent] = status.slice(status.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' ? undefined : parent;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself, or belongs to somebody else.
  }
}

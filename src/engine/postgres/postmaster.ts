import { readFileSync } from 'node:fs';
import { readFile, readlink, rm } from 'node:fs/promises';
import path from 'node:path';

/** What `postmaster.pid` in a data directory says, checked against the processes of this machine. */
export type Postmaster =
  | { readonly kind: 'none' }
  /** The file of a server that is gone; its number may belong to some other program by now. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'running'; readonly pid: number; readonly port: number };

/** Reads the lock file of a data directory. The port is 0 while the server has not chosen it yet. */
export async function readPostmaster(data: string): Promise<Postmaster> {
  const text = await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch(() => undefined);
  if (text === undefined) return { kind: 'none' };
  const lines = text.split('\n');
  const pid = Number.parseInt(lines[0] ?? '', 10);
  // An empty file is one that is being written.
  if (Number.isNaN(pid)) return { kind: 'none' };
  if (!isAlive(pid) || !(await isPostgres(pid))) return { kind: 'stale' };
  return { kind: 'running', pid, port: Number.parseInt(lines[3] ?? '', 10) || 0 };
}

/** PostgreSQL itself keeps away while the number in the file is in use, even by another program. */
export async function removeStalePidFile(data: string): Promise<void> {
  await rm(path.join(data, 'postmaster.pid'), { force: true });
}

/** Is there a process of this number? One that has ended and waits for its parent to notice is none. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

async function isPostgres(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const program = await readlink(`/proc/${pid}/exe`).catch(() => undefined);
  if (program !== undefined) return path.basename(program).startsWith('postgres');
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.includes('postgres');
}

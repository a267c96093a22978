// One at a time on this machine: a file that holds the process id of its owner. Runs on Node 20.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function ownerOf(lock) {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Takes the lock in one step, contents included: a link to a file that is already written. */
function take(lock) {
  const own = `${lock}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Puts a dead owner's lock aside; renaming first, so that of two who see it only one removes it. */
function putAside(lock) {
  const aside = `${lock}.${process.pid}.dead`;
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  const owner = ownerOf(aside);
  if (owner !== undefined && isAlive(owner)) linkSync(aside, lock);
  rmSync(aside, { force: true });
}

/** Does the work while holding the lock; waits for another live owner and says so once. */
export async function withLock(lock, say, work) {
  let told = false;
  while (!take(lock)) {
    const owner = ownerOf(lock);
    if (owner === undefined) continue;
    if (!isAlive(owner)) {
      putAside(lock);
      continue;
    }
    if (!told) say(`Another set-up of this checkout is running (process ${owner}); waiting for it…`);
    told = true;
    await pause(200);
  }
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

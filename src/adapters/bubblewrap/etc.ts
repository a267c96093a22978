import { existsSync, statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sharedEtc } from './arguments.ts';

/** A place on the host that every uid can reach, for what the sandbox needs besides the job's own directory. */
export async function reachableDirectory(): Promise<string> {
  const parent = ['/tmp', '/var/tmp', '/run', '/dev/shm'].find((path) => reachableByAll(path));
  if (parent === undefined) {
    throw new Error(
      'No directory for the sandbox: /tmp, /var/tmp, /run and /dev/shm are all closed to others.',
    );
  }
  const directory = await mkdtemp(join(parent, 'slipway-box-'));
  await chmod(directory, 0o755);
  return directory;
}

/** Whether any uid may walk to this path. */
export function reachableByAll(path: string): boolean {
  if (!existsSync(path)) return false;
  for (let at = dirname(path); ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === '/') return true;
  }
}

/** The few files of /etc that programs expect: a user, a localhost, and mount points for what the host shares. */
export async function writeEtc(directory: string): Promise<string> {
  const etc = join(directory, 'etc');
  await mkdir(etc, { mode: 0o755 });
  const files: Readonly<Record<string, string>> = {
    passwd: 'root:x:0:0:root:/root:/usr/sbin/nologin\nbuild:x:1000:1000:build:/tmp:/bin/sh\n',
    group: 'root:x:0:\nbuild:x:1000:\n',
    hosts: '127.0.0.1 localhost sandbox\n::1 localhost\n',
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
  };
  for (const [name, content] of Object.entries(files))
    await writeFile(join(etc, name), content, { mode: 0o644 });
  for (const name of sharedEtc) {
    const host = join('/etc', name);
    if (!existsSync(host)) continue;
    if (statSync(host).isDirectory()) await mkdir(join(etc, name), { recursive: true, mode: 0o755 });
    else await writeFile(join(etc, name), '', { mode: 0o644 });
  }
  return etc;
}

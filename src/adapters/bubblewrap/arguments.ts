import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxLimits } from '../../ports.ts';

export type Mount = { readonly from: string; readonly to: string; readonly writable: boolean };

/** What is inside when nothing is asked for: the programs of the system, `/tmp`, and nothing of the host's own. */
export function bubblewrapArguments(inside: {
  readonly command: readonly string[];
  /** Already reachable for the uid the sandbox runs as. */
  readonly mounts: readonly Mount[];
  readonly environment: Readonly<Record<string, string>>;
  readonly limits: SandboxLimits;
  readonly etc: string;
  /** Whether a control group counts the processes; else the limit is set inside, where it counts only these. */
  readonly counted: boolean;
}): readonly string[] {
  const environment = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: '/tmp',
    TMPDIR: '/tmp',
    LANG: 'C.UTF-8',
    CI: 'true',
    ...inside.environment,
  };
  return [
    ...['--unshare-all', '--unshare-user', '--disable-userns', '--die-with-parent', '--new-session'],
    ...['--hostname', 'sandbox', '--uid', '1000', '--gid', '1000', '--json-status-fd', '3', '--clearenv'],
    ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]),
    ...systemMounts(),
    ...['--ro-bind', inside.etc, '/etc', ...fromHostEtc()],
    ...['--proc', '/proc', '--dev', '/dev', '--remount-ro', '/dev'],
    ...['--perms', '1777', '--size', String(inside.limits.fileBytes), '--tmpfs', '/tmp'],
    ...inside.mounts.flatMap((mount) => [mount.writable ? '--bind' : '--ro-bind', mount.from, mount.to]),
    ...['--remount-ro', '/', '--chdir', '/job', '--'],
    ...(inside.counted ? [] : ['/usr/bin/prlimit', `--nproc=${inside.limits.processes}`, '--']),
    ...inside.command,
  ];
}

function systemMounts(): readonly string[] {
  const links = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'].flatMap((name) => {
    const path = `/${name}`;
    if (!existsSync(path)) return [];
    return lstatSync(path).isSymbolicLink()
      ? ['--symlink', readlinkSync(path), path]
      : ['--ro-bind', path, path];
  });
  return ['--ro-bind', '/usr', '/usr', ...links];
}

/** Entries of the host's /etc that hold no secret and that programs under /usr point to. */
export const sharedEtc = ['alternatives', 'ld.so.cache', 'ssl/certs'];

function fromHostEtc(): readonly string[] {
  return sharedEtc
    .filter((name) => existsSync(join('/etc', name)))
    .flatMap((name) => ['--ro-bind', join('/etc', name), join('/etc', name)]);
}

import { statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SandboxLimits } from '../../ports.ts';
import type { Mount } from './arguments.ts';
import { reachableByAll } from './etc.ts';
import { quoted } from './shell.ts';

/** What a Node process maps for code before it runs any. */
const reservedByV8 = 2 ** 30;

export type Staged = { readonly mounts: readonly Mount[]; readonly binds: readonly string[] };

/**
 * Root can reach every directory but the uid the sandbox runs as cannot (a clone under /root, a private TMPDIR).
 * So what is not reachable is bound to a reachable place first, in a mount namespace of the launcher's own.
 */
export async function stage(mounts: readonly Mount[], box: string): Promise<Staged> {
  const places = new Map<string, string>();
  const binds: string[] = [];
  const staged: Mount[] = [];
  for (const mount of mounts) {
    if (reachableByAll(mount.from)) {
      staged.push(mount);
      continue;
    }
    // The parent is bound, so that many entries of one directory cost one bind; unless the parent is itself closed.
    const parent = dirname(mount.from);
    const source = (statSync(parent).mode & 0o001) === 0 ? mount.from : parent;
    let place = places.get(source);
    if (place === undefined) {
      place = join(box, `stage-${places.size}`);
      places.set(source, place);
      if (statSync(source).isDirectory()) await mkdir(place, { mode: 0o755 });
      else await writeFile(place, '', { mode: 0o644 });
      binds.push(`mount --bind ${quoted(source)} ${quoted(place)}`);
    }
    staged.push({ ...mount, from: source === parent ? join(place, mount.from.slice(parent.length)) : place });
  }
  return { mounts: staged, binds };
}

/** The program that joins the control groups, makes the binds, drops its rights and becomes bubblewrap. */
export function launcher(plan: {
  readonly uid: number | undefined;
  readonly doors: readonly string[];
  readonly binds: readonly string[];
  readonly limits: SandboxLimits;
  readonly bubblewrap: readonly string[];
}): readonly [string, readonly string[]] {
  const { uid, limits } = plan;
  const become = [
    ...(uid === undefined
      ? []
      : [
          ...['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'],
          ...['--no-new-privs', '--inh-caps=-all', '--'],
        ]),
    ...['prlimit', `--fsize=${limits.fileBytes}`, '--nofile=4096', '--core=0'],
    // Per process, and only where no control group bounds the whole tree. Not --as: V8 reserves address space, some
    // of which even counts as data.
    ...(plan.doors.length === 0 ? [`--data=${limits.memoryBytes + reservedByV8}`] : []),
    ...['--', 'bwrap', ...plan.bubblewrap],
  ];
  const script = [
    'set -e',
    ...plan.doors.map((door) => `echo $$ > ${quoted(door)}`),
    ...plan.binds,
    `exec ${become.map(quoted).join(' ')}`,
  ].join('\n');
  const shell = ['/bin/sh', '-c', script];
  return plan.binds.length > 0
    ? ['unshare', ['--mount', '--propagation', 'private', '--', ...shell]]
    : ['/bin/sh', shell.slice(1)];
}

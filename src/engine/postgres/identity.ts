import { spawnSync } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { GiveUp } from '../../errors.ts';

/** As whom PostgreSQL runs: what to put before its command line, and who must own its files. */
export type Identity = {
  readonly prefix: readonly string[];
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
};

/**
 * PostgreSQL refuses to run as root, so root hands it to an unprivileged user. When that user cannot
 * reach the files (a checkout below a directory of mode 0700) the server keeps one capability of root:
 * to pass directory permissions. Where `setpriv` exists the server also stops with its parent, however
 * the parent ends.
 */
export async function chooseIdentity(options: {
  /** Where the data lives or will live. */
  readonly data: string;
  /** Every file or directory the server must be able to enter or run. */
  readonly reach: readonly string[];
}): Promise<Identity> {
  const hasSetpriv = spawnSync('setpriv', ['--pdeathsig', 'SIGINT', 'true']).status === 0;
  const stopWithParent = hasSetpriv ? ['setpriv', '--pdeathsig', 'SIGINT'] : [];
  if (process.getuid?.() !== 0) return { prefix: stopWithParent, owner: undefined };
  if (!hasSetpriv) {
    throw new GiveUp(
      'PostgreSQL does not run as root, and there is no setpriv (util-linux) to start it as another user. Run Slipway as a normal user, or set DATABASE_URL.',
    );
  }
  const owner = (await ownerOf(options.data)) ?? unprivilegedUser();
  const drop = [...stopWithParent, '--reuid', `${owner.uid}`, '--regid', `${owner.gid}`, '--clear-groups'];
  if (canReach(drop, options.reach)) return { prefix: [...drop, '--no-new-privs'], owner };
  return { prefix: [...drop, '--no-new-privs', ...passDirectories], owner };
}

/** `no_setuid_fixup` because access(2) otherwise ignores the capabilities of a user who is not root. */
const passDirectories = [
  ['--securebits', '+no_setuid_fixup'],
  ['--bounding-set', '-all,+dac_override'],
  ['--inh-caps', '-all,+dac_override'],
  ['--ambient-caps', '-all,+dac_override'],
].flat();

function canReach(prefix: readonly string[], paths: readonly string[]): boolean {
  const [command = 'setpriv', ...args] = prefix;
  return paths.every((path) => spawnSync(command, [...args, 'test', '-x', path]).status === 0);
}

async function ownerOf(path: string): Promise<Identity['owner']> {
  const found = await stat(path).catch(() => undefined);
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : undefined;
}

function unprivilegedUser(): { uid: number; gid: number } {
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid && gid) return { uid, gid };
  }
  throw new GiveUp(
    'PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody. Run Slipway as a normal user, or set DATABASE_URL.',
  );
}

function idOf(flag: '-u' | '-g', name: string): number {
  return Number.parseInt(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout, 10) || 0;
}

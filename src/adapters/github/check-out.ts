import { readdir } from 'node:fs/promises';
import { GiveUp, TryAgain } from '../../errors.ts';
import type { Forge, PastCommit } from '../../ports.ts';
import { extract } from './extract.ts';
import { runGit } from './git.ts';
import type { MirrorOptions } from './mirror.ts';
import { mirrorWith } from './mirror.ts';
import { commitId, repositoryName } from './names.ts';
import type { InTurn } from './turns.ts';

const historyLength = 200;

/**
 * Fetches a commit into the bare mirror and writes its files. Rejects with the reason of the signal when
 * that is aborted.
 */
export async function checkOut(
  request: Parameters<Forge['checkOut']>[0],
  options: MirrorOptions & { readonly timeoutMs: number; readonly inTurn: InTurn },
): Promise<readonly PastCommit[]> {
  const place = repositoryName(request.repository);
  const commit = commitId(request.commit);
  request.signal.throwIfAborted();
  const present = await readdir(request.directory).catch(() => {
    throw new GiveUp(`Cannot write ${request.repository} to ${request.directory}: it is not a directory.`);
  });
  if (present.length > 0)
    throw new GiveUp(`Cannot write ${request.repository} to ${request.directory}: it is not empty.`);

  const deadline = AbortSignal.timeout(options.timeoutMs);
  const signal = AbortSignal.any([request.signal, deadline]);
  try {
    const mirror = await options.inTurn(request.repository.toLowerCase(), signal, () =>
      mirrorWith({ place, commit, signal }, options),
    );
    await extract({ mirror, commit, directory: request.directory, repository: request.repository, signal });
    return await history({ mirror, commit, signal });
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason;
    if (deadline.aborted)
      throw new TryAgain(
        `Fetching ${request.repository} took longer than ${Math.round(options.timeoutMs / 1000)} s.`,
        { cause: error },
      );
    throw error;
  }
}

/** The newest commits up to and with this one, newest first, with the paths each touched. */
async function history(at: {
  readonly mirror: string;
  readonly commit: string;
  readonly signal: AbortSignal;
}): Promise<readonly PastCommit[]> {
  const format = '--format=%x01%H%x02%cI%x02';
  const args = ['log', `-${historyLength}`, '-z', '--name-only', '--no-renames', '--no-ext-diff', format];
  const log = await runGit([...args, '--end-of-options', at.commit, '--'], {
    directory: at.mirror,
    signal: at.signal,
  });
  if (log.status !== 0) throw new TryAgain(`Reading the history of ${at.commit}: ${log.stderr.trim()}`);
  return log.stdout
    .toString('utf8')
    .split('\x01')
    .slice(1)
    .map((record) => {
      const [commit = '', date = '', paths = ''] = record.split('\x02');
      return {
        commit,
        at: new Date(date).toISOString(),
        paths: paths
          .split('\0')
          .map((path) => path.replace(/^\n/, ''))
          .filter(Boolean),
      };
    });
}

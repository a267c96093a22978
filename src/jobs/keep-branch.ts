import { commitMessage } from '../domain/feature/documents.ts';
import { branchOf } from '../domain/feature/state.ts';
import { GiveUp } from '../errors.ts';
import { redact } from '../secrets/index.ts';
import { readChange } from './common/files.ts';
import type { FeatureJob, Tools } from './common/job.ts';
import { repositoryOf } from './common/material.ts';

/** Puts what was built so far on its branch, for the person who goes on with it. */
export function keepBranch({ forge, blobs }: Pick<Tools, 'forge' | 'blobs'>): FeatureJob {
  return async ({ state, job }) => {
    const { name, branch: baseBranch, commit } = repositoryOf(state);
    const change = state.attempts.findLast((attempt) => attempt.built > 0)?.change;
    if (change === undefined) throw new GiveUp(`Keeping the branch of ${state.id}: nothing was built.`);
    const branch = branchOf(state);
    const kept = await forge.keep({
      repository: name,
      branch,
      baseBranch,
      baseCommit: commit,
      files: await readChange(blobs, change),
      commitMessage: (await redact(commitMessage(state))).text,
    });
    return { type: 'branch-kept', key: job.key, branch, ...kept };
  };
}

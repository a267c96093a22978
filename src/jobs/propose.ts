import { commitMessage, pullRequestBody, specDocument } from '../domain/feature/documents.ts';
import { branchOf, lastAttempt, newestSpec, threadOf } from '../domain/feature/state.ts';
import { GiveUp } from '../errors.ts';
import { redact } from '../secrets/index.ts';
import { changedFiles } from './common/changed-files.ts';
import type { FeatureJob, Tools } from './common/job.ts';

/** Opens the draft pull request from our own list of edits; finds it again when it was opened before. */
export function propose({ forge, blobs, chat }: Pick<Tools, 'forge' | 'blobs' | 'chat'>): FeatureJob {
  return async ({ state, job }) => {
    const { repository } = state;
    const change = lastAttempt(state)?.change;
    const spec = newestSpec(state);
    if (!repository || change === undefined || !spec) {
      throw new GiveUp(`Opening the pull request of ${state.id}: there is no proved change.`);
    }
    const files = changedFiles.parse(JSON.parse(await blobs.get(change)));
    const clean = async (text: string) => (await redact(text)).text;
    const branch = branchOf(state);
    const thread = threadOf(state);
    const threadUrl =
      state.request && thread ? await chat.linkTo({ channel: state.request.channel, ts: thread }) : undefined;
    const pullRequest = await forge.propose({
      repository: repository.name,
      branch,
      baseBranch: repository.branch,
      baseCommit: repository.commit,
      files: [...files, { path: `specs/${state.id}.md`, content: await clean(specDocument(state)) }],
      commitMessage: await clean(commitMessage(state)),
      title: await clean(spec.spec.title),
      body: await clean(pullRequestBody(state, { ...(threadUrl !== undefined && { threadUrl }) })),
      labels: ['ai-generated'],
    });
    return { type: 'pull-request-opened', key: job.key, branch, ...pullRequest };
  };
}

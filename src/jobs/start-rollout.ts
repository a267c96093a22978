import { newestSpec, threadOf } from '../domain/feature/state.ts';
import { GiveUp } from '../errors.ts';
import type { FeatureJob, Tools } from './common/job.ts';

/** Hands a merged feature on: its rollout is a process of its own, told in the same thread. */
export function startRollout({ fleet }: Pick<Tools, 'fleet'>): FeatureJob {
  return async ({ state, job }) => {
    const { request, repository } = state;
    const spec = newestSpec(state)?.spec;
    const thread = threadOf(state);
    if (!request || !repository || !spec)
      throw new GiveUp(`Starting the rollout of ${state.id}: it has no spec.`);
    const rollout = rolloutId(state.id);
    await fleet.start({
      type: 'start',
      id: rollout,
      flag: spec.flag,
      title: spec.title,
      origin: { kind: 'feature', feature: state.id, repository: repository.name },
      owner: request.by,
      channel: request.channel,
      ...(thread !== undefined && { thread }),
      createFlag: true,
    });
    return { type: 'rollout-started', key: job.key, rollout };
  };
}

/** A feature has one rollout, named after it. */
function rolloutId(feature: string): string {
  return feature.replace(/^f-/, 'r-');
}

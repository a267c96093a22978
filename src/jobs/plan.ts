import { newestSpec } from '../domain/feature/state.ts';
import { GiveUp } from '../errors.ts';
import { plannerPrompt } from '../prompts/planner.ts';
import { hashOf } from './common/hash.ts';
import type { FeatureJob, Tools } from './common/job.ts';
import { checkoutOf, gather } from './common/material.ts';
import { think } from './common/think.ts';

/** Breaks the approved spec into small tasks. */
export function plan(tools: Tools): FeatureJob {
  return async (context) => {
    const version = newestSpec(context.state);
    if (!version) throw new GiveUp(`Planning ${context.processId}: there is no spec.`);
    const { directory, history } = await checkoutOf(tools, context);
    const material = await gather(tools, context, { directory, history });
    const prompt = plannerPrompt({ ...material, version: version.version, spec: version.spec });
    const { answer, thinking } = await think(tools, context, prompt);
    const planned = prompt.read(answer);
    return {
      type: 'planned',
      key: context.job.key,
      plan: planned,
      hash: hashOf(planned),
      context: material.contextRecord,
      thinking,
      notes: material.notes,
    };
  };
}

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readWorkflow, workflowFileName } from '../../config/workflow-file.ts';
import type { RolloutCommand } from '../../domain/rollout/commands.ts';
import { planOf } from '../../domain/rollout/plan.ts';
import { forecast } from '../../domain/rollout/planner.ts';
import type { RolloutSettings } from '../../domain/rollout/settings.ts';
import type { Plan, RolloutState } from '../../domain/rollout/state.ts';
import { GiveUp, NotYet } from '../../errors.ts';
import type { RolloutJob, RolloutTools } from './job.ts';

type Tools = Pick<
  RolloutTools,
  'forge' | 'workspace' | 'flags' | 'metrics' | 'tracker' | 'usual' | 'baseBranches' | 'now'
>;

/** Reads how this flag goes to users, looks at the flag and at the traffic, and says how long each stage will need. */
export function readPlan(tools: Tools): RolloutJob {
  return async ({ state, job, signal }) => {
    const settings = await settingsOf(tools, state, signal);
    const planned = planOf(settings, state.chosen);
    if ('problem' in planned) throw new GiveUp(planned.problem);
    const plan = { ...planned, tracker: tools.tracker !== undefined };
    if (!state.createFlag) {
      for (const environment of plan.environments)
        await tools.flags.look({ project: plan.project, flag: state.flag, environment });
    }
    const traffic = await trafficOf(tools, state, plan);
    const silent = Object.keys(traffic).filter((name) => traffic[name] === undefined);
    if (silent.length > 0) return withoutTraffic(state, { key: job.key, plan, silent, now: tools.now() });
    return {
      type: 'plan-read',
      key: job.key,
      plan,
      hash: createHash('sha256').update(JSON.stringify(settings)).digest('hex'),
      forecast: forecast({ stages: plan.stages, traffic, bounds: plan }),
    };
  };
}

/** Said once, then looked for again until the change is deployed and counted. */
function withoutTraffic(
  { flag, phase }: RolloutState,
  at: { readonly key: string; readonly plan: Plan; readonly silent: readonly string[]; readonly now: Date },
): RolloutCommand {
  const { key, plan, silent, now } = at;
  const afterMs = plan.tickSeconds * 1000;
  const because = `Nothing is counted yet with the label flag="${flag}" for ${silent.join(' and ')} in ${plan.environments[0]}. It goes on by itself when the change is deployed and has traffic.`;
  if (phase.kind === 'planned' && phase.waitsFor?.reason === 'no-data')
    throw new NotYet(because, { afterMs });
  return { type: 'no-traffic', key, because, againAt: new Date(now.getTime() + afterMs).toISOString() };
}

/** From the repository's file on its base branch, so that a change cannot loosen the rules it is released by. */
async function settingsOf(
  { forge, workspace, usual, baseBranches }: Tools,
  { origin, flag }: RolloutState,
  signal: AbortSignal,
): Promise<RolloutSettings> {
  const repository = origin?.repository;
  if (repository !== undefined) {
    const { branch, commit } = await forge.look(repository, baseBranches[repository]);
    const { directory } = await workspace.at({ repository, commit, signal });
    const text = await readFile(join(directory, workflowFileName), 'utf8').catch(() => '');
    if (text !== '') {
      const parsed = readWorkflow(text);
      if ('problems' in parsed) {
        const [first] = parsed.problems;
        throw new GiveUp(
          `The ${workflowFileName} of ${repository} on ${branch} cannot be read: line ${first?.line ?? 1}: ${first?.message ?? ''} Correct it and press Begin.`,
        );
      }
      if (parsed.value.rollout) return parsed.value.rollout;
    }
  }
  if (usual) return usual;
  const file =
    repository === undefined ? '' : `in the ${workflowFileName} of ${repository} (part rollout:) or `;
  throw new GiveUp(
    `Nothing says which metrics watch over ${flag}. Name them ${file}in slipway.yml under rollouts: usual:, then press Begin.`,
  );
}

/** What each guardrail counts at present in the first environment; without data there is no forecast for it. */
async function trafficOf({ metrics, now }: Tools, { flag }: RolloutState, plan: Plan) {
  const environment = plan.environments[0] ?? '';
  const guardrails = plan.metrics.filter(
    ({ kind, source }) => kind === 'guardrail' && source.type !== 'gauge',
  );
  const measured = await Promise.all(
    guardrails.map(async ({ name, source }) => {
      const { perMinute, badShare } = await metrics.preflight({
        flag,
        environment,
        source,
        to: now().toISOString(),
      });
      return [name, perMinute > 0 ? { perMinute, badShare } : undefined] as const;
    }),
  );
  return Object.fromEntries(measured);
}

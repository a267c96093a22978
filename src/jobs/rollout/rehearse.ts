import { type Dispersion, dispersionOf } from '../../domain/rollout/evidence/dispersion.ts';
import type { Plan, RolloutState } from '../../domain/rollout/state.ts';
import { GiveUp, NotYet, TryAgain } from '../../errors.ts';
import type { FlagPlace } from '../../ports.ts';
import { flagPlace, type RolloutJob, type RolloutTools } from './job.ts';

/** Makes the flag ready at 0 %, tries the way back before anybody is exposed, and measures the noise of each guardrail. */
export function rehearse(tools: Pick<RolloutTools, 'flags' | 'metrics' | 'now'>): RolloutJob {
  const { flags, now } = tools;
  return async ({ state, job }) => {
    const place = flagPlace(state);
    const plan = state.plan;
    if (!plan) throw new GiveUp(`Rehearsing ${state.id}: it has no plan.`);
    const prepared = await atZero(flags, place, {
      create: state.createFlag,
      stickiness: plan.stickiness,
      description: `${state.title ?? state.flag}, rolled out by Slipway (${state.id}).`,
    });
    const measured = await dispersions(tools, place, plan);
    waitForEvents(state, measured, now());
    const dispersion = Object.fromEntries(
      measured.map(([name, { phi, because }]) => [name, { phi, because }]),
    );
    const { checks, offSeconds, flag } = await flags.rehearse(place, prepared);
    const rehearsal = {
      at: now().toISOString(),
      checks,
      ...(offSeconds !== undefined && { offSeconds }),
    };
    const failed = checks.filter(({ ok }) => !ok);
    if (failed.length > 0) {
      const because = failed.map(({ name, detail }) => `${name}: ${detail}`).join(' ');
      return { type: 'not-ready', key: job.key, because, rehearsal };
    }
    return { type: 'rehearsed', key: job.key, rehearsal, flag, dispersion };
  };
}

/**
 * The noise is measured before anybody is exposed, and a change that was just deployed has few events yet: they
 * are waited for, for as long as the shortest soak. After that it is assumed, and said so.
 */
function waitForEvents(
  { phase, plan }: RolloutState,
  measured: readonly (readonly [string, Dispersion])[],
  now: Date,
) {
  if (phase.kind !== 'rehearsing' || measured.every(([, one]) => one.measured)) return;
  const patienceMs = (plan?.stages[0]?.minSoakMinutes ?? 0) * 60_000;
  if (now.getTime() - Date.parse(phase.since) > patienceMs) return;
  throw new NotYet('Too few events were counted so far to measure how they cluster.', {
    afterMs: (plan?.tickSeconds ?? 1) * 1000,
  });
}

/**
 * The flag enabled at 0 %. One that is off may keep an old percentage: that goes to 0 first, because enabling
 * it would expose those users at once. One that is on for somebody is left alone.
 */
async function atZero(
  flags: RolloutTools['flags'],
  place: FlagPlace,
  options: Parameters<RolloutTools['flags']['prepare']>[1],
) {
  const found = await flags.look(place).catch((error: unknown) => {
    if (error instanceof GiveUp && options.create) return undefined;
    throw error;
  });
  if (found && found.percent > 0) {
    if (found.enabled)
      throw new GiveUp(
        `${place.flag} is on for ${found.percent} % of ${place.environment} already. Set it to 0 % to have it rolled out from the start, or leave it as it is.`,
      );
    const change = { strategy: found.strategy, from: found.percent, to: 0 };
    const { kind } = await flags.setPercent(place, change);
    if (kind === 'conflict')
      throw new TryAgain(`Somebody changed ${place.flag} in ${place.environment} at the same time.`);
  }
  return flags.prepare(place, options);
}

async function dispersions(
  { metrics, now }: Pick<RolloutTools, 'metrics' | 'now'>,
  place: FlagPlace,
  plan: Plan,
) {
  const to = now().toISOString();
  const found = await Promise.all(
    plan.metrics.map(async ({ name, kind, source }) => {
      if (kind === 'success' || source.type === 'gauge') return [];
      const { halves } = await metrics.preflight({ ...place, source, to });
      return [[name, dispersionOf(halves)] as const];
    }),
  );
  return found.flat();
}

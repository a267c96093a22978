import type { Reading, Tick } from '../../domain/rollout/reading.ts';
import type { MetricSettings } from '../../domain/rollout/settings.ts';
import type { Plan, RolloutState } from '../../domain/rollout/state.ts';
import { GiveUp, NotYet, sentenceOf, TryAgain } from '../../errors.ts';
import type { FlagPlace } from '../../ports.ts';
import { obstacleOf } from './common/obstacle.ts';
import { flagPlace, type RolloutJob, type RolloutTools } from './job.ts';

type Tools = Pick<RolloutTools, 'flags' | 'metrics' | 'fleet' | 'now'>;

/** After a pause nothing older than this many ticks is counted. */
const mostTicks = 5;

/** One tick: what was counted since the last one, and whether the flag is still as we left it. */
export function watch(tools: Tools): RolloutJob {
  return async ({ state, job }) => {
    const place = flagPlace(state);
    const { plan } = state;
    if (!plan) throw new GiveUp(`Watching ${state.id}: it has no plan.`);
    const { from, to } = windowOf(state, plan, tools.now());
    const window = { from: from.toISOString(), to: to.toISOString() };
    const readings = Promise.all(
      plan.metrics.map(
        async (metric) => [metric.name, await readingOf(tools, place, metric, window)] as const,
      ),
    );
    const tick: Tick = {
      at: window.to,
      from: window.from,
      readings: Object.fromEntries(await readings),
      ...(await unitsOf(tools, place, window)),
      ...(await flagOf(tools, place, state)),
    };
    const obstacle = await obstacleOf(tools, state).catch((error: unknown) => ({
      reason: 'dependency' as const,
      because: `Whether others must go first could not be found out: ${sentenceOf(error)}`,
    }));
    return { type: 'ticked', key: job.key, tick, ...(obstacle && { obstacle }) };
  };
}

/** From the end of the last tick, never from before the clients followed the last change. */
function windowOf({ lastTickAt, written }: RolloutState, plan: Plan, now: Date) {
  const to = new Date(now.getTime() - plan.lagSeconds * 1000);
  const known = [lastTickAt, written?.countFrom].flatMap((time) =>
    time === undefined ? [] : [Date.parse(time)],
  );
  const oldest = to.getTime() - mostTicks * plan.tickSeconds * 1000;
  const from = new Date(Math.max(oldest, ...known));
  const missingMs = from.getTime() + plan.tickSeconds * 1000 - to.getTime();
  if (missingMs > 0)
    throw new NotYet('The clients are still following the last change.', { afterMs: missingMs });
  return { from, to };
}

async function readingOf(
  { metrics }: Tools,
  place: FlagPlace,
  { source, compareWith }: MetricSettings,
  window: { readonly from: string; readonly to: string },
): Promise<Reading> {
  try {
    return await metrics.read({ ...place, ...window, source, compareWith });
  } catch (error) {
    if (error instanceof TryAgain) return { kind: 'provider-down', because: error.message };
    if (error instanceof GiveUp) return { kind: 'no-data', because: error.message };
    throw error;
  }
}

/** Not every application counts its users; without them the sample ratio is not tested. */
async function unitsOf(
  { metrics }: Tools,
  place: FlagPlace,
  window: { readonly from: string; readonly to: string },
): Promise<Pick<Tick, 'units'>> {
  const units = await metrics.units({ ...place, ...window }).catch(() => undefined);
  return units ? { units } : {};
}

async function flagOf(
  { flags }: Tools,
  place: FlagPlace,
  { written }: RolloutState,
): Promise<Pick<Tick, 'flag' | 'flagProblem' | 'flagUnfit'>> {
  const since = written?.at;
  try {
    return { flag: await flags.look(place, since === undefined ? {} : { since }) };
  } catch (error) {
    return { flagProblem: sentenceOf(error), ...(error instanceof GiveUp && { flagUnfit: true }) };
  }
}

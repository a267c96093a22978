import type { MetricSettings } from '../../domain/rollout/settings.ts';
import { GiveUp, NotYet, TryAgain } from '../../errors.ts';
import { flagPlace, type RolloutJob, type RolloutTools } from './job.ts';

type Tools = Pick<RolloutTools, 'flags' | 'metrics' | 'now'>;

/** Longest wait for the metrics to show it. */
const patienceMs = 600_000;

/** Measures when the last user lost the feature: the first stretch of time in which no exposed event was counted. */
export function confirmOff(tools: Tools): RolloutJob {
  return async ({ state, job }) => {
    const place = flagPlace(state);
    const { plan, off } = state;
    if (!plan || off?.doneAt === undefined)
      throw new GiveUp(`Waiting for clients of ${state.id}: the flag is not off yet.`);
    const done = Date.parse(off.doneAt);
    const stepMs = Math.max(1000, Math.min(plan.tickSeconds * 1000, 15_000));
    const newest = tools.now().getTime() - plan.lagSeconds * 1000;
    const counted = plan.metrics.find(
      ({ source, compareWith }) => source.type === 'events' && compareWith === 'cohort',
    );
    const from = counted ? await firstWithout(tools, { place, counted, done, newest, stepMs }) : undefined;
    if (from !== undefined) {
      const at = new Date(from).toISOString();
      const because = `No exposed request was counted for ${stepMs / 1000} s from then on.`;
      return { type: 'clients-obeyed', key: job.key, at, because };
    }
    if (counted && newest - done < patienceMs)
      throw new NotYet('Exposed requests are still being counted.', { afterMs: stepMs });
    const served = await tools.flags.served(place, { ...flagOff, stickiness: plan.stickiness });
    if (!served.agrees) throw new NotYet(served.because, { afterMs: stepMs });
    return {
      type: 'clients-obeyed',
      key: job.key,
      at: tools.now().toISOString(),
      because: `The metrics do not show it; an SDK client of ours sees the flag off. ${served.because}`,
    };
  };
}

const flagOff = { enabled: false, percent: 0, strategy: '' } as const;

/** The beginning of the first step of time, since the flag was off, that has no exposed event in it. */
async function firstWithout(
  { metrics }: Tools,
  search: {
    readonly place: ReturnType<typeof flagPlace>;
    readonly counted: MetricSettings;
    readonly done: number;
    readonly newest: number;
    readonly stepMs: number;
  },
): Promise<number | undefined> {
  const { place, counted, done, newest, stepMs } = search;
  for (let from = done; from + stepMs <= newest; from += stepMs) {
    const window = { from: new Date(from).toISOString(), to: new Date(from + stepMs).toISOString() };
    try {
      const reading = await metrics.read({
        ...place,
        ...window,
        source: counted.source,
        compareWith: 'cohort',
      });
      if (reading.kind === 'counts' && reading.strata.every(({ exposed }) => exposed.n === 0)) return from;
    } catch (error) {
      if (!(error instanceof TryAgain)) throw error;
      return undefined;
    }
  }
  return undefined;
}

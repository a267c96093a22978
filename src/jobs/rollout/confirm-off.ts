import type { MetricSettings } from '../../domain/rollout/settings.ts';
import { GiveUp, NotYet, TryAgain } from '../../errors.ts';
import { flagPlace, type RolloutJob, type RolloutTools } from './job.ts';

type Tools = Pick<RolloutTools, 'flags' | 'metrics' | 'now'>;

/** Longest wait for metrics that do not answer. */
const patienceMs = 600_000;
/** Clients that still get it after this do not follow by themselves: SDKs ask every 15 s, and metrics lag behind. */
const obeyMs = 180_000;
const lookAgainMs = 30_000;

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
    const seen = counted
      ? await firstWithout(tools, { place, counted, done, newest, stepMs })
      : ({ kind: 'unknown' } as const);
    if (seen.kind === 'none') {
      const at = new Date(seen.from).toISOString();
      const because = `No exposed request was counted for ${stepMs / 1000} s from then on.`;
      return { type: 'clients-obeyed', key: job.key, at, because };
    }
    const waited = newest - done;
    if (counted && waited < (seen.kind === 'some' ? obeyMs : patienceMs))
      throw new NotYet('Exposed requests are still being counted.', { afterMs: stepMs });
    const served = await tools.flags.served(place, { ...flagOff, stickiness: plan.stickiness });
    const problem = problemOf(served, seen.kind);
    if (problem !== undefined) {
      // Said once; what is looked at after that is whether it is over.
      throw off.problem === undefined ? new GiveUp(problem) : new NotYet(problem, { afterMs: lookAgainMs });
    }
    return {
      type: 'clients-obeyed',
      key: job.key,
      at: tools.now().toISOString(),
      because: `The metrics do not show it; an SDK client of ours sees the flag off. ${served.because}`,
    };
  };
}

const flagOff = { enabled: false, percent: 0, strategy: '' } as const;

type Seen =
  | { readonly kind: 'none'; readonly from: number }
  /** Exposed events are counted still. */
  | { readonly kind: 'some' }
  /** The metrics did not answer, or do not say. */
  | { readonly kind: 'unknown' };

/** Why it is not over; undefined when all there is says that it is. */
function problemOf(
  served: { readonly agrees: boolean; readonly because: string },
  seen: Seen['kind'],
): string | undefined {
  if (!served.agrees)
    return `An SDK client of ours still gets it. ${served.because} Look in the flag service whether somebody switched it on again.`;
  if (seen !== 'some') return undefined;
  return 'Exposed requests are still counted, though an SDK client of ours sees the flag off: an instance of the application does not follow. Restart it, or look at its connection to the flag service.';
}

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
): Promise<Seen> {
  const { place, counted, done, newest, stepMs } = search;
  let seen: Seen = { kind: 'unknown' };
  for (let from = done; from + stepMs <= newest; from += stepMs) {
    const window = { from: new Date(from).toISOString(), to: new Date(from + stepMs).toISOString() };
    try {
      const reading = await metrics.read({
        ...place,
        ...window,
        source: counted.source,
        compareWith: 'cohort',
      });
      if (reading.kind !== 'counts') continue;
      if (reading.strata.every(({ exposed }) => exposed.n === 0)) return { kind: 'none', from };
      seen = { kind: 'some' };
    } catch (error) {
      if (!(error instanceof TryAgain)) throw error;
      return { kind: 'unknown' };
    }
  }
  return seen;
}

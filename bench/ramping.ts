import { freshEvidence } from '../src/domain/rollout/counting.ts';
import type { Counts, FlagSight, Reading, Stratum, Tick } from '../src/domain/rollout/reading.ts';
import { rollout } from '../src/domain/rollout/rollout.ts';
import { type MetricSource, rolloutSettings } from '../src/domain/rollout/settings.ts';
import { initial, type Plan, type RolloutState } from '../src/domain/rollout/state.ts';

/** A rollout as it is most of the time: at 25 % for a while, watched by five metrics, nothing proved. */

const tolerance = 0.2;
export const tickSeconds = 30;
export const sight: FlagSight = { enabled: true, percent: 25, strategy: '01K9', stickiness: 'userId' };

/** Three rates, a latency with three boundaries and a gauge; no two rollouts share one, so none waits for another. */
function planOf(flag: string): Plan {
  const of = (name: string) => `${name}{app="${flag}"}`;
  const events = (name: string, kind = 'guardrail') => ({
    name,
    kind,
    source: { type: 'events', total: of('http_requests_total'), bad: of(`${name}_total`) },
  });
  const { metrics } = rolloutSettings.parse({
    metrics: [
      events('errors'),
      events('timeouts'),
      events('refunds', 'signal'),
      {
        name: 'latency',
        source: {
          type: 'latency',
          buckets: of('http_request_duration_seconds_bucket'),
          boundaries: [0.1, 0.25, 1],
        },
      },
      { name: 'queue', source: { type: 'gauge', value: of('queue_length') } },
    ],
  });
  return {
    project: 'default',
    environments: ['production'],
    stages: [1, 5, 25, 50, 99].map((percent) => ({
      percent,
      minSoakMinutes: 100_000,
      maxSoakMinutes: 200_000,
      tolerance,
    })),
    stickiness: 'userId',
    metrics,
    dependsOn: [],
    freeze: [],
    alpha: 0.01,
    beta: 0.05,
    rho0: 1.05,
    tickSeconds,
    warmUpSeconds: 0,
    lagSeconds: 0,
  };
}

/** The state just after the clients followed the change to 25 %. */
export function rampingState(options: { readonly number: number; readonly at: Date }): RolloutState {
  const flag = `flag-${options.number}`;
  const at = options.at.toISOString();
  const plan = planOf(flag);
  return {
    ...initial,
    id: `r-${options.number}`,
    flag,
    title: 'Free shipping above a minimum',
    origin: { kind: 'asked' },
    owner: { id: 'U012AB3CD', name: 'Maria' },
    channel: 'C0SHOP',
    thread: `1780000000.${String(options.number).padStart(6, '0')}`,
    startedAt: at,
    phase: { kind: 'ramping' },
    plan,
    stage: 2,
    soakFrom: at,
    changes: 3,
    wanted: { percent: 25 },
    seen: sight,
    written: { change: 3, percent: 25, strategy: '01K9', stickiness: 'userId', at, countFrom: at },
    touched: true,
    evidence: freshEvidence(plan, { tolerance, dispersion: {} }),
    stages: [1, 5, 25].map((percent) => ({ environment: 'production', percent, from: at })),
  };
}

/** Counts of one tick; those of every tick are others, and the same in every run. */
export function readingOf(source: MetricSource, tick: number): Reading {
  if (source.type === 'gauge')
    return { kind: 'gauge', exposed: 20 + (tick % 7), control: 20 + ((tick * 3) % 7) };
  const counts = (n: number, bad: number): Counts => ({ n, bad: Math.round(bad) });
  const stratum = (share: number): Stratum => ({
    exposed: counts(1000, 1000 * share + (tick % 3) - 1),
    control: counts(3000, 3000 * share + ((tick * 7) % 5) - 2),
  });
  const shares = source.type === 'latency' ? [0.5, 0.1, 0.01] : [0.005];
  return { kind: 'counts', strata: shares.map(stratum) };
}

export function nextTick(state: RolloutState): Tick {
  const from = state.lastTickAt ?? state.startedAt ?? '';
  const at = new Date(Date.parse(from) + tickSeconds * 1000).toISOString();
  const metrics = state.plan?.metrics ?? [];
  const readings = Object.fromEntries(
    metrics.map(({ name, source }) => [name, readingOf(source, state.ticks)]),
  );
  return { at, from, readings, units: { exposed: 25, control: 75 }, flag: sight };
}

/** What the engine does with a tick besides keeping it: decide, evolve, and ask what is owed next. */
export function foldTick(state: RolloutState, tick: Tick): RolloutState {
  const now = new Date(tick.at);
  const command = { type: 'ticked', key: `watch/${state.ticks}`, tick } as const;
  const decision = rollout.decide(state, command, { kind: 'job', name: 'watch' }, now);
  if ('refuse' in decision) throw new Error(`The tick was refused: ${decision.refuse}`);
  const after = decision.accept.reduce((folded, event) => rollout.evolve(folded, event, tick.at), state);
  rollout.pendingJobs(after);
  return after;
}

/** The same after some ticks: restarts are spent, sums are long. */
export function inSteadyState(state: RolloutState, ticks: number): RolloutState {
  let now = state;
  for (let tick = 0; tick < ticks; tick++) now = foldTick(now, nextTick(now));
  if (now.phase.kind !== 'ramping') throw new Error(`The made-up rollout is ${now.phase.kind}, not ramping.`);
  return now;
}

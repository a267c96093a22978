import type { FlagSight, Reading } from '../../../src/domain/rollout/reading.ts';
import { type RolloutSettings, rolloutSettings } from '../../../src/domain/rollout/settings.ts';
import { initial, type Plan, type RolloutState } from '../../../src/domain/rollout/state.ts';
import { GiveUp } from '../../../src/errors.ts';
import type { RolloutContext, RolloutJob, RolloutTools } from '../../../src/jobs/rollout/job.ts';
import type { FlagPlace, Flags, Metrics } from '../../../src/ports.ts';
import { chatOf, fleetOf } from '../bench.ts';

export const source = { type: 'events', total: 'requests_total', bad: 'errors_total' } as const;

export const settings: RolloutSettings = rolloutSettings.parse({
  metrics: [{ name: 'orders that fail', source }],
});

export const plan: Plan = {
  project: 'default',
  environments: ['production'],
  stages: [1, 5, 25].map((percent) => ({
    percent,
    minSoakMinutes: 10,
    maxSoakMinutes: 60,
    tolerance: 1,
  })),
  stickiness: 'userId',
  metrics: settings.metrics,
  dependsOn: [],
  freeze: [],
  alpha: 0.01,
  beta: 0.05,
  rho0: 1.05,
  tickSeconds: 30,
  warmUpSeconds: 60,
  lagSeconds: 30,
};

export const rolloutOf = (overrides: Partial<RolloutState> = {}): RolloutState => ({
  ...initial,
  id: 'r-test',
  flag: 'free-shipping',
  startedAt: '2026-11-21T10:00:00.000Z',
  phase: { kind: 'ramping' },
  plan,
  ...overrides,
});

export const sight: FlagSight = { enabled: true, percent: 0, strategy: 's1', stickiness: 'userId' };

/** A flag service with these flags, by name; it remembers what was asked of it. */
export function flagsOf(known: Record<string, FlagSight>, overrides: Partial<Flags> = {}) {
  const asked: string[] = [];
  const find = ({ flag, environment }: FlagPlace) => {
    const found = known[flag];
    if (!found) throw new GiveUp(`There is no flag ${flag} in ${environment}.`);
    return found;
  };
  const note = (what: string) => asked.push(what);
  const change = (place: FlagPlace, to: Partial<FlagSight>) => {
    known[place.flag] = { ...find(place), ...to };
    return find(place);
  };
  const flags: Flags = {
    look: async (place) => find(place),
    async prepare(place, { create }) {
      note(`prepare ${place.flag}`);
      if (create) known[place.flag] ??= sight;
      return change(place, { enabled: true });
    },
    async setPercent(place, { from, to }) {
      note(`${place.flag} ${from} to ${to}`);
      if (find(place).percent !== from) return { kind: 'conflict', flag: find(place) };
      return { kind: 'set', flag: change(place, { percent: to }) };
    },
    async off(place) {
      note(`off ${place.flag}`);
      change(place, { enabled: false });
      return { route: 'off' };
    },
    on: async (place) => change(place, { enabled: true }),
    rehearse: async (place) => ({
      checks: [{ name: 'Switching off', ok: true, detail: 'It took 0.6 s.' }],
      offSeconds: 0.6,
      flag: find(place),
    }),
    served: async (_place, flag) => ({ percent: flag.percent, agrees: true, because: 'All clients follow.' }),
    ramping: async () => [],
    ...overrides,
  };
  return { flags, asked };
}

export const counts = (exposed: number, control: number): Reading => ({
  kind: 'counts',
  strata: [{ exposed: { n: exposed, bad: 0 }, control: { n: control, bad: 0 } }],
});

/** Metrics that answer by the window that is asked for. */
export function metricsOf(read: (window: { from: string; to: string }) => Reading | Promise<Reading>) {
  const windows: { readonly from: string; readonly to: string }[] = [];
  const metrics: Metrics = {
    async read({ from, to }) {
      windows.push({ from, to });
      return read({ from, to });
    },
    units: async () => undefined,
    preflight: async () => ({ halves: [], perMinute: 600, badShare: 0.01 }),
  };
  return { metrics, windows };
}

export const now = new Date('2026-11-21T11:00:00.000Z');

/** Runs one job of a rollout with these doors; what is not given must not be used. */
export function runJob(
  make: (tools: RolloutTools) => RolloutJob,
  options: { readonly state: RolloutState; readonly tools?: Partial<RolloutTools> },
) {
  const { chat } = chatOf();
  const unused = async () => {
    throw new Error('This door was not meant to be used.');
  };
  const tools: RolloutTools = {
    chat,
    forge: { look: unused, checkOut: unused, keep: unused, propose: unused, outcome: unused },
    workspace: { at: unused, withChange: unused },
    flags: flagsOf({ 'free-shipping': sight }).flags,
    metrics: metricsOf(() => counts(10, 990)).metrics,
    fleet: fleetOf().fleet,
    baseBranches: {},
    now: () => now,
    ...options.tools,
  };
  const context: RolloutContext = {
    processId: options.state.id,
    job: { name: 'test', key: 'test/1', lane: 'call' },
    state: options.state,
    again: false,
    signal: new AbortController().signal,
  };
  return make(tools)(context);
}

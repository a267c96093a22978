import type { Actor, PendingJob } from '../../../src/domain/process.ts';
import type { JobCommand, PersonCommand, RolloutCommand } from '../../../src/domain/rollout/commands.ts';
import type { RolloutEvent } from '../../../src/domain/rollout/events.ts';
import { keysOf } from '../../../src/domain/rollout/pending.ts';
import { planOf } from '../../../src/domain/rollout/plan.ts';
import type { FlagSight, Reading, Tick } from '../../../src/domain/rollout/reading.ts';
import { rollout } from '../../../src/domain/rollout/rollout.ts';
import { rolloutSettings } from '../../../src/domain/rollout/settings.ts';
import type { Plan, RolloutState } from '../../../src/domain/rollout/state.ts';

export const raj: Actor = { kind: 'person', id: 'U0RAJ', name: 'raj', rights: ['request'] };
export const ana: Actor = { kind: 'person', id: 'U0ANA', name: 'ana', rights: ['request'] };
export const kim: Actor = { kind: 'person', id: 'U0KIM', name: 'kim', rights: ['request', 'on-call'] };
export const mei: Actor = { kind: 'person', id: 'U0MEI', name: 'mei', rights: ['request', 'approve'] };
export const job: Actor = { kind: 'job', name: 'test' };

const metrics = [
  {
    name: 'Orders that fail',
    source: { type: 'events', total: 'orders_total', bad: 'orders_failed_total' },
  },
];

export function planFrom(settings: Readonly<Record<string, unknown>> = {}): Plan {
  const plan = planOf(rolloutSettings.parse({ metrics, minSoakMinutes: 2, maxSoakMinutes: 60, ...settings }));
  if ('problem' in plan) throw new Error(plan.problem);
  return plan;
}

/** What 30 s of busy traffic hold: the exposed share of 10,000 requests, `share` of all bad, the exposed `ratio` times worse. */
export function traffic(percent: number, { ratio = 1, share = 0.02, requests = 10_000 } = {}): Reading {
  const exposed = Math.round((requests * percent) / 100);
  const control = requests - exposed;
  return {
    kind: 'counts',
    strata: [
      {
        exposed: { n: exposed, bad: Math.round(exposed * share * ratio) },
        control: { n: control, bad: Math.round(control * share) },
      },
    ],
  };
}

export type TickOptions = {
  readonly ratio?: number;
  readonly reading?: Reading;
  readonly readings?: Readonly<Record<string, Reading>>;
  readonly units?: { readonly exposed: number; readonly control: number };
  readonly flag?: Partial<FlagSight>;
  readonly flagProblem?: string;
  readonly flagUnfit?: true;
  readonly obstacle?: { readonly reason: 'dependency' | 'other-rollout'; readonly because: string };
};

/** A rollout driven by commands, as the engine would, without the engine. Time only moves with `wait`. */
export function startStory(options: { readonly plan?: Plan } = {}) {
  const plan = options.plan ?? planFrom();
  let state: RolloutState = rollout.initial;
  let now = Date.parse('2026-11-21T10:00:00Z');
  const log: { readonly event: RolloutEvent; readonly at: string }[] = [];
  let flag: FlagSight = {
    enabled: false,
    percent: 0,
    strategy: 'S1',
    stickiness: plan.stickiness,
  };

  const at = () => new Date(now).toISOString();
  const send = (command: RolloutCommand, by: Actor): string | undefined => {
    const decision = rollout.decide(state, command, by, new Date(now));
    if ('refuse' in decision) return decision.refuse;
    for (const event of decision.accept) {
      log.push({ event, at: at() });
      state = rollout.evolve(state, event, at());
    }
    return undefined;
  };
  const answer = (command: JobCommand) => send(command, job);
  const pending = (): readonly PendingJob[] => rollout.pendingJobs(state);
  const key = (name: keyof ReturnType<typeof keysOf>) => keysOf(state)[name] ?? 'none';

  const story = {
    plan,
    state: () => state,
    log,
    now: () => new Date(now),
    phase: () => state.phase.kind,
    reason: () => (state.phase.kind === 'holding' ? state.phase.reason : undefined),
    percent: () => state.wanted.percent,
    events: () => log.map(({ event }) => event.type),
    because: () => log.at(-1)?.event.because ?? '',
    pending: () => pending().map(({ name }) => name),
    jobs: pending,
    key,
    send,
    answer,
    flag: () => flag,
    setFlag: (change: Partial<FlagSight>) => {
      flag = { ...flag, ...change };
    },
    wait: (seconds: number) => {
      now += seconds * 1000;
      return story;
    },
    ask: (command: PersonCommand, by: Actor = raj) => send(command, by),
    start: (overrides: Partial<Extract<PersonCommand, { type: 'start' }>> = {}, by: Actor = raj) =>
      send(
        {
          type: 'start',
          id: 'r-test',
          flag: 'free-shipping',
          origin: { kind: 'asked' },
          owner: { id: 'U0RAJ', name: 'raj' },
          channel: 'C0SHOP',
          thread: '1.000',
          createFlag: true,
          ...overrides,
        },
        by,
      ),
    readPlan: (minutesToSafe: number | null = 5) =>
      answer({
        type: 'plan-read',
        key: key('readPlan'),
        plan,
        hash: 'a'.repeat(64),
        forecast: {
          traffic: {},
          stages: plan.stages.map(({ percent, tolerance }) => ({
            percent,
            tolerance,
            minutesToSafe,
            expectedEvents: 10,
            because:
              minutesToSafe === null ? 'cannot be ruled out within 1 h' : `this needs ${minutesToSafe} min`,
          })),
        },
      }),
    check: (obstacle?: Extract<JobCommand, { type: 'start-checked' }>['obstacle']) =>
      answer({ type: 'start-checked', key: key('checkStart'), ...(obstacle && { obstacle }) }),
    rehearse: (ok = true) => {
      flag = { ...flag, enabled: true, percent: 0 };
      return answer({
        type: 'rehearsed',
        key: key('rehearse'),
        rehearsal: { at: at(), checks: [{ name: 'off', ok, detail: 'tried at 0 %' }], offSeconds: 2 },
        flag,
        dispersion: {},
      });
    },
    expose: () => {
      flag = { ...flag, enabled: true, percent: state.wanted.percent };
      return answer({ type: 'exposure-set', key: key('setExposure'), flag, at: at() });
    },
    /** Waits until the next tick is due, then answers it. */
    tick: (seen: TickOptions = {}) => {
      const watch = pending().find(({ name }) => name === 'watch');
      const due = watch?.notBefore === undefined ? now : Date.parse(watch.notBefore);
      now = Math.max(now, due);
      const end = now - plan.lagSeconds * 1000;
      const countFrom = state.written?.countFrom ?? at();
      const last = state.lastTickAt ?? countFrom;
      const from = Date.parse(last) < Date.parse(countFrom) && Date.parse(countFrom) < end ? countFrom : last;
      const reading = seen.reading ?? traffic(flag.percent, { ratio: seen.ratio ?? 1 });
      const named = Object.fromEntries(plan.metrics.map(({ name }) => [name, reading]));
      const tick: Tick = {
        at: new Date(end).toISOString(),
        from,
        readings: { ...named, ...seen.readings },
        ...(seen.units && { units: seen.units }),
        ...(seen.flagProblem === undefined
          ? { flag: { ...flag, ...seen.flag } }
          : { flagProblem: seen.flagProblem, ...(seen.flagUnfit && { flagUnfit: true as const }) }),
      };
      return answer({
        type: 'ticked',
        key: watch?.key ?? 'none',
        tick,
        ...(seen.obstacle && { obstacle: seen.obstacle }),
      });
    },
    /** Ticks, and writes what they lead to, until `done` holds. */
    tickUntil: (done: () => boolean, seen: TickOptions = {}, most = 2000) => {
      for (let count = 0; count < most && !done(); count += 1) {
        story.tick(seen);
        if (story.pending().includes('set-exposure') && !done()) story.wait(1).expose();
      }
      if (!done())
        throw new Error(`Still ${state.phase.kind} at ${state.wanted.percent} %: ${story.because()}`);
      return story;
    },
    switchOff: (route: 'off' | 'zero' = 'off') => {
      flag = route === 'off' ? { ...flag, enabled: false } : { ...flag, percent: 0 };
      return answer({ type: 'switched-off', key: key('switchOff'), route, at: at() });
    },
    obey: () =>
      answer({
        type: 'clients-obeyed',
        key: key('confirmOff'),
        at: at(),
        because: 'No exposed request for 30 s.',
      }),
    giveUp: (name: keyof ReturnType<typeof keysOf>, because = 'The service answered 500.') =>
      answer({ type: 'gave-up', key: key(name), because }),
    tell: () => {
      for (let count = 0; count < 50; count += 1) {
        const tell = pending().find(({ name }) => name === 'tell');
        const message = state.messages.find((each) => tell?.key === `tell/${each.key}/${each.drawn}`);
        if (!tell || !message) return story;
        answer({
          type: 'told',
          key: tell.key,
          message: message.key,
          version: message.version,
          ts: message.ts ?? `9.${state.messages.indexOf(message)}`,
        });
      }
      throw new Error('Messages are told for ever.');
    },
    /** Up to the point where the first stage is exposed. */
    untilExposed: () => {
      story.start();
      story.readPlan();
      story.check();
      story.rehearse();
      story.wait(1).expose();
      return story;
    },
    /** Up to a stage, on proof. */
    untilAt: (percent: number) => {
      story.untilExposed();
      return story.tickUntil(() => state.written?.percent === percent);
    },
  };
  return story;
}

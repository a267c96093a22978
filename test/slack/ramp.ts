import type { RolloutCommand } from '../../src/domain/rollout/commands.ts';
import { keysOf } from '../../src/domain/rollout/pending.ts';
import type { FlagSight, Reading } from '../../src/domain/rollout/reading.ts';
import type { Plan, RolloutState } from '../../src/domain/rollout/state.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { FlagPlace, Flags } from '../../src/ports.ts';
import { planFrom, traffic } from '../domain/rollout/story.ts';
import type { Features } from './bot.ts';
import { until } from './bot.ts';

type Rollouts = Pick<Engine<Features>, 'list' | 'read' | 'send'>;

/** The only rollout there is, once it is there. */
export async function theRollout(engine: Rollouts): Promise<RolloutState> {
  let found: readonly RolloutState[] = [];
  await until('there is a rollout', async () => {
    found = (await engine.list({ kind: 'rollout' })).map(({ state }) => state);
    return found.length > 0;
  });
  const [only, ...others] = found;
  if (!only || others.length > 0) throw new Error(`There are ${found.length} rollouts, not one.`);
  return only;
}

export async function stateOf(engine: Rollouts, id: string): Promise<RolloutState> {
  const state = (await engine.read('rollout', id))?.state;
  if (!state) throw new Error(`There is no rollout ${id}.`);
  return state;
}

/** Answers in the place of a job. */
async function answer(engine: Rollouts, id: string, make: (state: RolloutState) => RolloutCommand) {
  const command = make(await stateOf(engine, id));
  const by = { kind: 'job', name: 'test' } as const;
  const sent = await engine.send({ kind: 'rollout', id, command, by });
  if ('refused' in sent) throw new Error(`${command.type}: ${sent.refused}`);
}

const sight = (percent: number, plan: Plan): FlagSight => ({
  enabled: true,
  percent,
  strategy: 'S1',
  stickiness: plan.stickiness,
});

/** From the start to the first stage, with its exposure written. */
export async function untilExposed(engine: Rollouts, id: string, settings: object = {}): Promise<void> {
  const plan = planFrom({ warmUpSeconds: 0, ...settings });
  const forecast = { traffic: {}, stages: [] };
  const key = (state: RolloutState, name: keyof ReturnType<typeof keysOf>) => keysOf(state)[name] ?? 'none';
  await answer(engine, id, (state) => ({
    type: 'plan-read',
    key: key(state, 'readPlan'),
    plan,
    hash: 'a'.repeat(64),
    forecast,
  }));
  await answer(engine, id, (state) => ({ type: 'start-checked', key: key(state, 'checkStart') }));
  await answer(engine, id, (state) => ({
    type: 'rehearsed',
    key: key(state, 'rehearse'),
    rehearsal: { at: new Date().toISOString(), checks: [{ name: 'off', ok: true, detail: 'tried at 0 %' }] },
    flag: sight(0, plan),
    dispersion: {},
  }));
  await answer(engine, id, (state) => ({
    type: 'exposure-set',
    key: key(state, 'setExposure'),
    flag: sight(state.wanted.percent, plan),
    at: new Date().toISOString(),
  }));
}

/** To everybody: the holdback is the only stage, and two people let it go on without proof. */
export async function untilFinished(engine: Rollouts, id: string): Promise<void> {
  await untilExposed(engine, id, { stages: [{ percent: 99, jump: 'only staff has it' }] });
  const send = async (command: RolloutCommand, person: string) => {
    const by = { kind: 'person', id: person, name: person, rights: ['administer'] } as const;
    const sent = await engine.send({ kind: 'rollout', id, command, by });
    if ('refused' in sent) throw new Error(`${command.type}: ${sent.refused}`);
  };
  await send({ type: 'ask-override', reason: 'long enough a reason' }, 'U0RAJ');
  await send({ type: 'confirm-override', at: (await stateOf(engine, id)).override?.at ?? '' }, 'U0ANA');
  await answer(engine, id, (state) => ({
    type: 'exposure-set',
    key: keysOf(state).setExposure ?? 'none',
    flag: sight(100, planFrom()),
    at: new Date().toISOString(),
  }));
}

/** One tick of a stage, 30 s after the one before. */
export async function tick(engine: Rollouts, id: string, reading?: Reading): Promise<void> {
  await answer(engine, id, (state) => {
    const { plan, written } = state;
    if (!plan || !written) throw new Error('Nobody is exposed yet.');
    const from = state.lastTickAt ?? written.countFrom;
    return {
      type: 'ticked',
      key: keysOf(state).watch ?? 'none',
      tick: {
        from,
        at: new Date(Date.parse(from) + 30_000).toISOString(),
        readings: { 'Orders that fail': reading ?? traffic(written.percent) },
        flag: sight(written.percent, plan),
      },
    };
  });
}

type Door = Pick<Flags, 'off' | 'look' | 'ramping'>;
type Played = {
  readonly door: Door;
  readonly off: FlagPlace[];
  problem: Error | undefined;
  ramping: readonly { readonly project: string; readonly flag: string }[];
};

/** A flag service that remembers what was switched off; it may be broken for a while. */
export function playedFlags(): Played {
  const played: Played = {
    off: [],
    problem: undefined,
    ramping: [],
    door: {
      off: async (place) => {
        if (played.problem) throw played.problem;
        played.off.push(place);
        return { route: 'off' };
      },
      look: async () => {
        throw new Error('Nobody looks here.');
      },
      ramping: async () => played.ramping,
    },
  };
  return played;
}

import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, test } from 'vitest';
import type { Actor, PendingJob } from '../../../src/domain/process.ts';
import type { JobCommand, PersonCommand, RolloutCommand } from '../../../src/domain/rollout/commands.ts';
import type { RolloutEvent } from '../../../src/domain/rollout/events.ts';
import type { FlagSight, Reading } from '../../../src/domain/rollout/reading.ts';
import { rollout } from '../../../src/domain/rollout/rollout.ts';
import type { RolloutState } from '../../../src/domain/rollout/state.ts';
import { job, planFrom, traffic } from './story.ts';

const person = (id: string, rights: Extract<Actor, { kind: 'person' }>['rights']): Actor => ({
  kind: 'person',
  id,
  name: id,
  rights,
});
const owner = person('owner', ['request']);
const people = [
  owner,
  owner,
  person('on-call', ['on-call']),
  person('approver', ['approve']),
  person('guest', []),
];
const plan = planFrom({ minSoakMinutes: 1, environments: ['staging', 'production'], maxSoakMinutes: 20 });

/** As `expect`, for what is asked a million times. */
function must(holds: boolean, words: string): void {
  if (!holds) expect.fail(words);
}

/** A flag service, people and a clock that do whatever the seed says; jobs take effect when begun and answer later, or never. */
function adventure(seed: number) {
  const generator = xoroshiro128plus(seed);
  const random = (count: number) => uniformInt(generator, 0, count - 1);
  const chance = (oneIn: number) => random(oneIn) === 0;
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[random(items.length)];
    if (item === undefined) throw new Error('Nothing to pick from.');
    return item;
  };

  let state: RolloutState = rollout.initial;
  let now = Date.parse('2026-11-21T10:00:00Z');
  let flag: FlagSight = { enabled: false, percent: 0, strategy: 'S1', stickiness: 'userId' };
  let meddled = false;
  let answers: JobCommand[] = [];
  const log: { readonly event: RolloutEvent; readonly at: string }[] = [];
  const gone = new Set<string>();
  const iso = (time = now) => new Date(time).toISOString();

  const send = (command: RolloutCommand, by: Actor): string | undefined => {
    const before = state;
    const decision = rollout.decide(before, command, by, new Date(now));
    if ('refuse' in decision) {
      must(/[.!?]$/.test(decision.refuse), decision.refuse);
      return decision.refuse;
    }
    for (const event of decision.accept) {
      log.push({ event, at: iso() });
      state = rollout.evolve(state, event, iso());
    }
    checkSteps(before, command, decision.accept);
    checkState(before);
    return undefined;
  };

  const checkSteps = (before: RolloutState, command: RolloutCommand, events: readonly RolloutEvent[]) => {
    const entries = events.flatMap((event) => (event.type === 'stage-entered' ? [event] : []));
    must(entries.length <= 1, 'Several stages at once.');
    const [entry] = entries;
    if (!entry || entry.percent <= before.wanted.percent) return;
    const next = plan.stages[before.stage + 1]?.percent ?? 100;
    switch (entry.how) {
      case 'advanced': {
        const ticked = events.find((event) => event.type === 'ticked');
        must((ticked ? ticked.verdict : before.verdict?.name) === 'safe', 'Advanced without proof.');
        must(command.type === 'ticked' || command.type === 'advance', `Advanced by ${command.type}.`);
        must(entry.percent === next, `From ${before.wanted.percent} % to ${entry.percent} %.`);
        return;
      }
      case 'overridden':
        must(command.type === 'confirm-override', `Overridden by ${command.type}.`);
        must(entry.by?.id !== before.override?.by.id, 'Overridden by one person.');
        must(entry.percent === next, `From ${before.wanted.percent} % to ${entry.percent} %.`);
        return;
      case 'first':
        must(before.wanted.percent === 0 && entry.percent === 1, `First ${entry.percent} %.`);
        return;
      case 'resumed':
        must(before.wanted.percent === 0, 'Resumed from an exposure.');
        must(entry.stage === Math.max(0, before.stage - 1), `Resumed at ${entry.percent} %.`);
        return;
      case 'stepped-back':
        expect.fail('A step back went up.');
    }
  };

  const checkState = (before: RolloutState) => {
    const jobs = rollout.pendingJobs(state);
    const keys = new Set(jobs.map(({ key }) => key));
    must(keys.size === jobs.length, 'Two jobs of one key.');
    for (const { key, name } of rollout.pendingJobs(before))
      if (!keys.has(key) && name !== 'tell') gone.add(key);
    for (const key of keys) must(!gone.has(key), `${key} is owed again.`);
    const { phase, off } = state;
    const names = jobs.map(({ name }) => name);
    if (phase.kind === 'halted' || phase.kind === 'rolled-back') {
      must(state.wanted.percent === 0, `Stopped at ${state.wanted.percent} %.`);
      must(!names.includes('set-exposure') && !names.includes('watch'), 'Exposing after a stop.');
      const owed = off !== undefined && off.doneAt === undefined;
      must(names.includes('switch-off') === owed, 'Switching off is forgotten.');
      must(owed || off === undefined || meddled || !flag.enabled, 'On after it was switched off.');
    }
    if (phase.kind === 'holding' || phase.kind === 'ramping')
      must(names.includes('watch') === (state.written !== undefined), 'Nobody watches.');
  };

  const reading = (): Reading => {
    if (chance(12)) return { kind: 'no-data', because: 'no series' };
    if (chance(15)) return { kind: 'provider-down', because: 'connection refused' };
    return traffic(flag.enabled ? flag.percent : 0, {
      ratio: chance(50) ? 6 : 1,
      share: 0.05,
      requests: 200_000,
    });
  };

  /** What a job does outside, and what it will answer. */
  const begin = ({ name, key }: PendingJob): JobCommand | undefined => {
    if (chance(12)) return { type: 'gave-up', key, because: 'The service answered 500.' };
    const sight = () => flag;
    switch (name) {
      case 'read-plan':
        return {
          type: 'plan-read',
          key,
          plan,
          hash: 'a',
          forecast: {
            traffic: {},
            stages: plan.stages.map(({ percent, tolerance }) => ({
              percent,
              tolerance,
              minutesToSafe: chance(20) ? null : 5,
              expectedEvents: 10,
              because: 'this needs 5 min',
            })),
          },
        };
      case 'check-start':
        return {
          type: 'start-checked',
          key,
          ...(chance(4) && { obstacle: { reason: 'other-rollout', because: 'new-cart is ramping' } }),
        };
      case 'rehearse':
        flag = { ...flag, enabled: true, percent: 0 };
        meddled = false;
        return {
          type: 'rehearsed',
          key,
          flag: sight(),
          dispersion: {},
          rehearsal: { at: iso(), checks: [{ name: 'off', ok: !chance(10), detail: 'tried' }] },
        };
      case 'set-exposure': {
        const { seen, wanted } = state;
        if (flag.percent !== wanted.percent && (flag.percent !== seen?.percent || !flag.enabled))
          return { type: 'exposure-conflict', key, flag: sight(), because: 'It is not as we left it' };
        flag = { ...flag, percent: wanted.percent };
        return { type: 'exposure-set', key, flag: sight(), at: iso() };
      }
      case 'watch': {
        const at = iso(now - 30_000);
        const known = [state.lastTickAt, state.written?.countFrom].flatMap((time) => (time ? [time] : []));
        const from = known.sort().at(-1) ?? at;
        const seen = chance(10) ? { flagProblem: 'timeout' } : { flag: sight() };
        return {
          type: 'ticked',
          key,
          tick: { at, from, readings: { 'Orders that fail': reading() }, ...seen },
          ...(chance(10) && { obstacle: { reason: 'dependency', because: 'new-cart is not out yet' } }),
        };
      }
      case 'switch-off':
        flag = { ...flag, enabled: false };
        return { type: 'switched-off', key, route: 'off', at: iso() };
      case 'confirm-off':
        return { type: 'clients-obeyed', key, at: iso(), because: 'No exposed request for 30 s.' };
      case 'tell': {
        const message = state.messages.find((each) => key === `tell/${each.key}/${each.drawn}`);
        return message && { type: 'told', key, message: message.key, version: message.version, ts: '9.1' };
      }
      default:
        return expect.fail(`Nobody does ${name}.`);
    }
  };

  const asked = (): PersonCommand => {
    const commands: readonly PersonCommand[] = [
      { type: 'begin', step: state.step },
      { type: 'hold' },
      { type: 'resume' },
      { type: 'resume' },
      { type: 'advance' },
      { type: 'ask-override', reason: 'a reason that is long enough' },
      { type: 'confirm-override', at: state.override?.at ?? '' },
      { type: 'confirm-override', at: state.override?.at ?? '' },
      { type: 'back' },
    ];
    if (chance(20)) return { type: 'roll-back' };
    return chance(12) ? { type: 'halt' } : pick(commands);
  };

  const halt = (by: Actor) => {
    const { kind } = state.phase;
    const refusal = send({ type: 'halt' }, by);
    if (kind === 'new' || kind === 'rolled-back' || by.kind !== 'person') return;
    if (by.id !== 'owner' && by.id !== 'on-call') expect(refusal).toContain('Only owner');
    else if (refusal !== undefined)
      expect([kind, refusal]).toEqual(['halted', expect.stringContaining('already')]);
    else expect(state.phase.kind).toBe(kind === 'finished' ? 'rolled-back' : 'halted');
  };

  /** Every fourth adventure is calm, so that some come far. */
  const calm = seed % 4 === 0;
  const step = () => {
    const roll = calm && !chance(10) ? 12 + random(88) : random(100);
    if (roll < 8) {
      const command = asked();
      const by = pick(people);
      if (command.type === 'halt') halt(by);
      else send(command, by);
    } else if (roll < 10) {
      flag = { ...flag, ...pick([{ percent: 33 }, { enabled: !flag.enabled }, { strategy: 'S2' }]) };
      meddled = true;
    } else if (roll < 12) {
      now += 3_600_000;
    } else if (roll < 40 && answers.length > 0) {
      const command = pick(answers);
      answers = answers.filter((each) => each !== command);
      send(command, job);
    } else {
      const jobs = rollout.pendingJobs(state);
      if (jobs.length === 0) return;
      const due = pick(jobs);
      now = Math.max(now + 1000, due.notBefore === undefined ? 0 : Date.parse(due.notBefore));
      const command = begin(due);
      if (!command) return;
      if (chance(5)) answers.push(command);
      else send(command, job);
    }
  };

  send(
    {
      type: 'start',
      id: 'r-test',
      flag: 'free-shipping',
      origin: { kind: 'asked' },
      owner: { id: 'owner', name: 'owner' },
      channel: 'C0SHOP',
      thread: '1.0',
      createFlag: true,
    },
    owner,
  );
  for (let count = 0; count < (calm ? 400 : 120) && state.phase.kind !== 'rolled-back'; count += 1) step();
  return { state, log };
}

test('2,000 adventures: whatever happens, nothing goes up without proof or two people, and off stays off', () => {
  const ends = new Map<string, number>();
  let highest = 0;
  for (let seed = 1; seed <= 2000; seed += 1) {
    const { state, log } = adventure(seed);
    const key = `${state.environment} ${state.phase.kind}`;
    ends.set(key, (ends.get(key) ?? 0) + 1);
    for (const { event } of log)
      if (event.type === 'stage-entered') highest = Math.max(highest, event.percent);
    if (seed % 20 > 0) continue;
    const stored: typeof log = JSON.parse(JSON.stringify(log));
    const folded = stored.reduce(
      (before, { event, at }) => rollout.evolve(before, event, at),
      rollout.initial,
    );
    expect(folded).toEqual(state);
  }
  expect(highest).toBe(100);
  expect([...ends.keys()]).toEqual(
    expect.arrayContaining(['0 holding', '0 halted', '0 rolled-back', '1 ramping', '1 halted', '1 finished']),
  );
}, 60_000);

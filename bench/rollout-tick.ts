import { foldTick, inSteadyState, nextTick, rampingState } from './ramping.ts';
import { printTable } from './table.ts';

/** CPU of one tick of one rollout in the domain, against copying its state once. */

const rounds = 5000;
const mostMilliseconds = 3;

/** Microseconds of CPU per round, after the code is warm. */
function costOf(work: () => void): number {
  for (let round = 0; round < rounds / 5; round++) work();
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round++) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / rounds;
}

export function benchTick(): void {
  const state = inSteadyState(rampingState({ number: 1, at: new Date('2026-01-05T00:00:00Z') }), 500);
  const tick = nextTick(state);
  const copy = costOf(() => structuredClone(state));
  const fold = costOf(() => foldTick(state, tick));
  printTable('One tick of one rollout with five metrics (decide, evolve, pendingJobs)', [
    ['', 'CPU', 'of structuredClone(state)'],
    ['structuredClone(state)', `${copy.toFixed(0)} µs`, '1.0'],
    ['tick', `${fold.toFixed(0)} µs`, (fold / copy).toFixed(1)],
    ['needed', `< ${mostMilliseconds * 1000} µs`, fold < mostMilliseconds * 1000 ? 'met' : 'NOT MET'],
  ]);
}

/** The same for a fleet: every rollout folded one tick, without a database. */
export function benchFold(rollouts: number): void {
  const at = new Date('2026-01-05T00:00:00Z');
  const states = Array.from({ length: rollouts }, (_, number) =>
    inSteadyState(rampingState({ number, at }), 3),
  );
  const ticks = states.map(nextTick);
  const before = process.cpuUsage();
  for (const [index, state] of states.entries()) {
    const tick = ticks[index];
    if (tick) foldTick(state, tick);
  }
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  printTable(`${rollouts} rollouts, one tick each, without a database`, [
    ['', 'CPU', 'of one core, at a tick each 30 s'],
    ['all', `${seconds.toFixed(2)} s`, `${((seconds / 30) * 100).toFixed(1)} %`],
  ]);
}

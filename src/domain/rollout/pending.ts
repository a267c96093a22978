import type { PendingJob } from '../process.ts';
import type { RolloutMessage, RolloutState } from './state.ts';
import { isOver } from './state.ts';

/** The keys of the jobs that are owed now. An answer with another key is late, and refused. */
export function keysOf(state: RolloutState): {
  readonly readPlan: string | undefined;
  readonly checkStart: string | undefined;
  readonly rehearse: string | undefined;
  readonly setExposure: string | undefined;
  readonly watch: string | undefined;
  readonly switchOff: string | undefined;
  readonly confirmOff: string | undefined;
  readonly openIssue: string | undefined;
} {
  const { phase, step, changes, off } = state;
  const exposed = phase.kind === 'ramping' || phase.kind === 'holding';
  const stopped = phase.kind === 'halted' || phase.kind === 'rolled-back';
  // A person who changed the flag is not written over before somebody says so.
  const drifted = phase.kind === 'holding' && phase.reason === 'drift';
  const waits = phase.kind === 'planned' && phase.waitsFor !== undefined && phase.checkAt === undefined;
  const key = (due: boolean, name: string, count: number) => (due ? `${name}/${count}` : undefined);
  return {
    readPlan: key(phase.kind === 'planned' && !waits && state.plan === undefined, 'read-plan', step),
    checkStart: key(phase.kind === 'planned' && !waits && state.plan !== undefined, 'check-start', step),
    rehearse: key(phase.kind === 'rehearsing', 'rehearse', step),
    setExposure: key(exposed && !drifted && !isWritten(state), 'set-exposure', changes),
    watch: key(exposed && state.written !== undefined, 'watch', state.ticks),
    switchOff: key(stopped && off !== undefined && off.doneAt === undefined, 'switch-off', changes),
    confirmOff: key(
      stopped && off?.doneAt !== undefined && off.clientsOffAt === undefined,
      'confirm-off',
      changes,
    ),
    openIssue: key(
      phase.kind === 'halted' &&
        state.plan?.tracker === true &&
        state.issue === undefined &&
        state.issueProblem === undefined,
      'open-issue',
      step,
    ),
  };
}

/** Whether the flag service confirmed the percentage that is wanted. */
export function isWritten(state: RolloutState): boolean {
  return state.written?.change === state.changes;
}

/** Counts what was drawn, not what is wanted: two drawings of one message never overtake each other. */
export function tellKey(message: RolloutMessage): string {
  return `tell/${message.key}/${message.drawn}`;
}

/** What the outside world owes a rollout right now. */
export function pendingJobs(state: RolloutState): readonly PendingJob[] {
  const keys = keysOf(state);
  const { phase, off } = state;
  const checkAt = phase.kind === 'planned' ? phase.checkAt : undefined;
  return [
    ...owed('switch-off', keys.switchOff, 'halt', off?.againAt),
    ...owed('read-plan', keys.readPlan, 'call', checkAt),
    ...owed('check-start', keys.checkStart, 'watch', checkAt),
    ...owed('rehearse', keys.rehearse, 'call', undefined),
    ...owed('set-exposure', keys.setExposure, 'call', state.changeAgainAt),
    ...owed('watch', keys.watch, 'watch', nextTickAt(state)),
    ...owed('confirm-off', keys.confirmOff, 'watch', off?.againAt),
    ...owed('open-issue', keys.openIssue, 'call', undefined),
    ...tellJobs(state),
  ];
}

/** When the next tick is due: its counts are read `lagSeconds` after they end, once they are complete. */
export function nextTickAt(state: RolloutState): string | undefined {
  const { plan, written } = state;
  const from = state.lastTickAt ?? state.soakFrom ?? written?.countFrom;
  if (!plan || from === undefined || isOver(state.phase)) return undefined;
  return later(from, plan.lagSeconds + plan.tickSeconds);
}

/** A time some seconds after another. */
export function later(at: string, seconds: number): string {
  return new Date(Date.parse(at) + seconds * 1000).toISOString();
}

function owed(
  name: string,
  key: string | undefined,
  lane: PendingJob['lane'],
  notBefore: string | undefined,
): readonly PendingJob[] {
  return key === undefined ? [] : [{ name, key, lane, ...(notBefore !== undefined && { notBefore }) }];
}

function tellJobs(state: RolloutState): readonly PendingJob[] {
  const undrawn = state.messages.filter((message) => message.drawn < message.version);
  const edits = undrawn.filter((message) => message.ts !== undefined);
  const firstNew = undrawn.find((message) => message.ts === undefined);
  // New messages go out one after the other, so that the thread reads in order.
  return [...edits, ...(firstNew ? [firstNew] : [])].map((message) => ({
    name: 'tell',
    key: tellKey(message),
    lane: 'tell',
  }));
}

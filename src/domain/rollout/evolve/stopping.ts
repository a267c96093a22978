import { begunAnew } from '../counting.ts';
import { isSwitchedOff } from '../course.ts';
import { beginSampleRatio } from '../evidence/evidence.ts';
import type { Phase, RolloutState } from '../state.ts';
import { closeRun, nextStep, type Of } from './runs.ts';

/** It stays where it is. */
export function held(state: RolloutState, event: Of<'held'>, at: string): RolloutState {
  const { phase } = state;
  const { override: _override, ...rest } = state;
  // Who holds it has seen something: what was asked for before does not go on behind their back.
  const open = event.by ? rest : state;
  const since = phase.kind === 'holding' && phase.reason === event.reason ? phase.since : at;
  return {
    ...open,
    phase: { kind: 'holding', reason: event.reason, because: event.because, since },
    ...(event.flag && { seen: event.flag }),
    ...(event.againAt !== undefined && { changes: state.changes + 1, changeAgainAt: event.againAt }),
  };
}

/** It goes on: from a hold where it is, from a halt or an obstacle through the checks before the first stage. */
export function released(state: RolloutState, event: Of<'released'>, at: string): RolloutState {
  const { phase } = state;
  if (phase.kind === 'planned') return { ...nextStep(state), phase: { kind: 'planned' } };
  if (phase.kind === 'halted') return { ...nextStep(afterHalt(state)), phase: { kind: 'planned' } };
  if (phase.kind !== 'holding') return state;
  if (event.by && isSwitchedOff(state)) return fromOff(state, event, at);
  const ramping: RolloutState = {
    ...state,
    phase: { kind: 'ramping' },
    ...(event.anew && { evidence: begunAnew(state, event.anew) }),
  };
  if (!event.by) return ramping;
  switch (phase.reason) {
    case 'drift':
      return { ...ramping, changes: state.changes + 1 };
    case 'sample-ratio':
      return { ...ramping, sampleRatio: beginSampleRatio(state.wanted.percent) };
    case 'max-soak':
      return { ...ramping, soakFrom: at };
    default:
      return ramping;
  }
}

/** A person switched the flag off meanwhile: it goes on as after a halt. */
function fromOff(state: RolloutState, event: Of<'released'>, at: string): RolloutState {
  const {
    soakFrom: _soak,
    verdict: _verdict,
    ...rest
  } = afterHalt(closeRun(state, 'stepped-back', event, at));
  return { ...nextStep(rest), phase: { kind: 'planned' }, wanted: { percent: 0 } };
}

/** Nobody is exposed any more; the evidence of harm is all that goes on. */
export function afterHalt(state: RolloutState): RolloutState {
  const { off: _off, written: _written, lastTickAt: _tick, obstacle: _obstacle, ...rest } = state;
  // A tick that was read before must not answer for one after it.
  return { ...rest, ticks: state.ticks + 1, ticksWithoutData: 0, ticksWithoutFlag: 0 };
}

/** Halted: the flag off, and the stage over. */
export function halted(state: RolloutState, event: Of<'halted'>, at: string): RolloutState {
  const { because, metrics, by } = event;
  const phase: Phase = { kind: 'halted', because, at, metrics, ...(by && { by }) };
  return { ...switchingOff(closeRun(state, 'halted', event, at), at), phase };
}

/** Over for good. What a halt is switching off, or has, stays as it is. */
export function rolledBack(state: RolloutState, event: Of<'rolled-back'>, at: string): RolloutState {
  const { because, by } = event;
  const stopping = state.off && state.phase.kind === 'halted' ? state : switchingOff(state, at);
  return { ...closeRun(stopping, 'rolled-back', event, at), phase: { kind: 'rolled-back', because, at, by } };
}

/** Off for everybody; nothing is owed where the flag was never touched. */
function switchingOff(state: RolloutState, at: string): RolloutState {
  const { override: _override, soakFrom: _soak, changeAgainAt: _again, off: _off, ...rest } = state;
  return {
    ...rest,
    wanted: { percent: 0 },
    changes: state.changes + 1,
    ...(state.touched && { off: { wantedAt: at } }),
  };
}

/** The flag service confirmed it. */
export function switchedOff(state: RolloutState, event: Of<'switched-off'>): RolloutState {
  if (!state.off) return state;
  const { problem: _problem, againAt: _again, ...off } = state.off;
  const seen = state.seen && {
    ...state.seen,
    ...(event.route === 'off' ? { enabled: false } : { percent: 0 }),
  };
  return { ...state, off: { ...off, doneAt: event.at, route: event.route }, ...(seen && { seen }) };
}

/** Not off yet, or not for everybody; that is tried again under a new key. */
export function notOff(
  state: RolloutState,
  event: Of<'switch-off-failed' | 'clients-not-obeyed'>,
): RolloutState {
  if (!state.off) return state;
  const off = { ...state.off, problem: event.because, againAt: event.againAt };
  return { ...state, changes: state.changes + 1, off };
}

/** Nobody gets it any more. */
export function obeyed(state: RolloutState, event: Of<'clients-obeyed'>): RolloutState {
  if (!state.off) return state;
  const { problem: _problem, againAt: _again, ...off } = state.off;
  return { ...state, off: { ...off, clientsOffAt: event.at } };
}

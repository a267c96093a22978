import { evidenceOfStage, freshEvidence } from '../counting.ts';
import { later } from '../pending.ts';
import type { RolloutState, StageRun } from '../state.ts';
import { environmentNow, stageNow } from '../state.ts';
import { closeRun, nextStep, type Of } from './runs.ts';
import { afterHalt } from './stopping.ts';

/** The way back works: evidence begins, unless it goes on after a halt. */
export function rehearsed(state: RolloutState, event: Of<'rehearsed'>): RolloutState {
  const { rehearsal, flag, dispersion } = event;
  const first = state.plan?.stages[0];
  const begun = Object.keys(state.evidence).length > 0;
  return {
    ...state,
    rehearsal,
    seen: flag,
    ...(state.plan &&
      first &&
      !begun && { evidence: freshEvidence(state.plan, { tolerance: first.tolerance, dispersion }) }),
  };
}

/** From now on the flag service is asked for this percentage. */
export function stageEntered(state: RolloutState, event: Of<'stage-entered'>, at: string): RolloutState {
  const left = event.how === 'overridden' || event.how === 'stepped-back' ? event.how : 'advanced';
  const run: StageRun = { environment: environmentNow(state) ?? '', percent: event.percent, from: at };
  const before = closeRun(state, left, event, at);
  const { soakFrom: _soak, verdict: _verdict, override: _override, off: _off, ...rest } = before;
  const { changeAgainAt: _again, issue: _issue, issueProblem: _problem, ...kept } = rest;
  return {
    ...kept,
    phase: { kind: 'ramping' },
    environment: event.environment,
    stage: event.stage,
    wanted: { percent: event.percent },
    changes: state.changes + 1,
    stages: [...before.stages, run],
  };
}

/** Only what is counted after the change and its warm-up speaks for this exposure. */
export function exposureSet(state: RolloutState, event: Of<'exposure-set'>): RolloutState {
  const countFrom = later(event.at, state.plan?.warmUpSeconds ?? 0);
  const tolerance = stageNow(state)?.tolerance;
  const counted = state.restartedAt !== undefined;
  const { percent, strategy, stickiness } = event.flag;
  const { verdict: _verdict, changeAgainAt: _again, ...rest } = state;
  return {
    ...rest,
    seen: event.flag,
    written: { change: state.changes, percent, strategy, stickiness, at: event.at, countFrom },
    soakFrom: countFrom,
    ...(counted && tolerance !== undefined && { evidence: evidenceOfStage(state.evidence, tolerance) }),
  };
}

/** The next environment, from the beginning and with evidence of its own. */
export function promoted(state: RolloutState, event: Of<'promoted'>, at: string): RolloutState {
  const done = afterHalt(closeRun(state, 'finished', event, at));
  const { seen: _seen, rehearsal: _rehearsal, soakFrom: _soak, verdict: _verdict, ...rest } = done;
  const { sampleRatio: _ratio, restartedAt: _restarted, override: _override, ...kept } = rest;
  return {
    ...nextStep(kept),
    phase: { kind: 'planned' },
    environment: event.environment,
    stage: -1,
    wanted: { percent: 0 },
    touched: false,
    evidence: {},
  };
}

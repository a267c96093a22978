import { begunAnew, evidenceOfStage, freshEvidence } from './counting.ts';
import { isSwitchedOff } from './course.ts';
import type { RolloutEvent } from './events.ts';
import { beginSampleRatio } from './evidence/evidence.ts';
import { withMessages } from './messages.ts';
import { later } from './pending.ts';
import type { Phase, RolloutState, StageRun } from './state.ts';
import { environmentNow, stageNow } from './state.ts';
import { withTick } from './tick.ts';

type Of<Type extends RolloutEvent['type']> = Extract<RolloutEvent, { type: Type }>;

/** What is true of a rollout after something happened. */
export function evolve(before: RolloutState, event: RolloutEvent, at: string): RolloutState {
  return withMessages(before, apply(before, event, at), event, at);
}

function apply(state: RolloutState, event: RolloutEvent, at: string): RolloutState {
  switch (event.type) {
    case 'started':
      return started(state, event, at);
    case 'planned':
      return {
        ...nextStep(state),
        plan: event.plan,
        planHash: event.hash,
        forecast: event.forecast,
      };
    case 'not-begun':
      return {
        ...nextStep(state),
        phase: {
          kind: 'planned',
          waitsFor: { reason: event.reason, because: event.because },
          ...(event.checkAt !== undefined && { checkAt: event.checkAt }),
        },
        ...(event.rehearsal && { rehearsal: event.rehearsal }),
      };
    case 'rehearsal-began':
      return { ...nextStep(state), phase: { kind: 'rehearsing' }, touched: true };
    case 'rehearsed':
      return rehearsed(state, event);
    case 'stage-entered':
      return stageEntered(state, event, at);
    case 'exposure-set':
      return exposureSet(state, event);
    case 'ticked':
      return withTick(state, event);
    case 'held':
      return held(state, event, at);
    case 'released':
      return released(state, event, at);
    case 'override-asked': {
      const environment = environmentNow(state) ?? '';
      const { by, reason } = event;
      return { ...state, override: { by, reason, at, environment, stage: state.stage } };
    }
    case 'promoted':
      return promoted(state, event, at);
    case 'halted': {
      const { because, metrics, by } = event;
      const phase: Phase = { kind: 'halted', because, at, metrics, ...(by && { by }) };
      return { ...switchingOff(closeRun(state, 'halted', event, at), at), phase };
    }
    case 'rolled-back': {
      const { because, by } = event;
      const stopping = state.off && state.phase.kind === 'halted' ? state : switchingOff(state, at);
      const phase: Phase = { kind: 'rolled-back', because, at, by };
      return { ...closeRun(stopping, 'rolled-back', event, at), phase };
    }
    case 'switched-off':
      return switchedOff(state, event);
    case 'switch-off-failed':
    case 'clients-not-obeyed': {
      if (!state.off) return state;
      const off = { ...state.off, problem: event.because, againAt: event.againAt };
      return { ...state, changes: state.changes + 1, off };
    }
    case 'clients-obeyed': {
      if (!state.off) return state;
      const { problem: _problem, againAt: _again, ...off } = state.off;
      return { ...state, off: { ...off, clientsOffAt: event.at } };
    }
    case 'finished':
      return { ...closeRun(state, 'finished', event, at), phase: { kind: 'finished', at } };
    case 'issue-opened':
      return { ...state, issue: event.issue };
    case 'issue-not-opened':
      return { ...state, issueProblem: event.because };
    case 'message-told':
      return told(state, event);
  }
}

function started(state: RolloutState, event: Of<'started'>, at: string): RolloutState {
  const { environments, stages } = event;
  const chosen = { ...(environments && { environments }), ...(stages && { stages }) };
  return {
    ...state,
    id: event.id,
    flag: event.flag,
    origin: event.origin,
    owner: event.owner,
    channel: event.channel,
    createFlag: event.createFlag,
    ...(event.thread !== undefined && { thread: event.thread }),
    ...(event.title !== undefined && { title: event.title }),
    ...(Object.keys(chosen).length > 0 && { chosen }),
    startedAt: at,
    phase: { kind: 'planned' },
    step: 1,
  };
}

/** The jobs before the first stage are one after the other, each with a key of its own. */
function nextStep(state: RolloutState): RolloutState {
  return { ...state, step: state.step + 1 };
}

function rehearsed(state: RolloutState, event: Of<'rehearsed'>): RolloutState {
  const { rehearsal, flag, dispersion } = event;
  const first = state.plan?.stages[0];
  const begun = Object.keys(state.evidence).length > 0;
  return {
    ...state,
    rehearsal,
    seen: flag,
    // After a halt the evidence of harm goes on.
    ...(state.plan &&
      first &&
      !begun && { evidence: freshEvidence(state.plan, { tolerance: first.tolerance, dispersion }) }),
  };
}

function stageEntered(state: RolloutState, event: Of<'stage-entered'>, at: string): RolloutState {
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
function exposureSet(state: RolloutState, event: Of<'exposure-set'>): RolloutState {
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

function held(state: RolloutState, event: Of<'held'>, at: string): RolloutState {
  const { phase } = state;
  const since = phase.kind === 'holding' && phase.reason === event.reason ? phase.since : at;
  return {
    ...state,
    phase: { kind: 'holding', reason: event.reason, because: event.because, since },
    ...(event.flag && { seen: event.flag }),
    ...(event.againAt !== undefined && { changes: state.changes + 1, changeAgainAt: event.againAt }),
  };
}

function released(state: RolloutState, event: Of<'released'>, at: string): RolloutState {
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
function afterHalt(state: RolloutState): RolloutState {
  const { off: _off, written: _written, lastTickAt: _tick, obstacle: _obstacle, ...rest } = state;
  // A tick that was read before must not answer for one after it.
  return { ...rest, ticks: state.ticks + 1, ticksWithoutData: 0, ticksWithoutFlag: 0 };
}

function promoted(state: RolloutState, event: Of<'promoted'>, at: string): RolloutState {
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

function switchedOff(state: RolloutState, event: Of<'switched-off'>): RolloutState {
  if (!state.off) return state;
  const { problem: _problem, againAt: _again, ...off } = state.off;
  const seen = state.seen && {
    ...state.seen,
    ...(event.route === 'off' ? { enabled: false } : { percent: 0 }),
  };
  return { ...state, off: { ...off, doneAt: event.at, route: event.route }, ...(seen && { seen }) };
}

function closeRun(
  state: RolloutState,
  left: NonNullable<StageRun['left']>,
  event: RolloutEvent,
  at: string,
): RolloutState {
  const last = state.stages.at(-1);
  if (!last || last.to !== undefined) return state;
  return {
    ...state,
    stages: [...state.stages.slice(0, -1), { ...last, to: at, left, because: event.because }],
  };
}

function told(state: RolloutState, event: Of<'message-told'>): RolloutState {
  const message = state.messages.find(({ key }) => key === event.key);
  const root = message?.about.kind === 'rollout-root' && event.ts !== undefined ? event.ts : undefined;
  return {
    ...state,
    ...(root !== undefined && { thread: root }),
    messages: state.messages.map((each) =>
      each.key === event.key
        ? { ...each, drawn: event.version, ...(event.ts !== undefined && { ts: event.ts }) }
        : each,
    ),
  };
}

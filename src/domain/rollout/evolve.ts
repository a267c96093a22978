import type { RolloutEvent } from './events.ts';
import { exposureSet, promoted, rehearsed, stageEntered } from './evolve/exposing.ts';
import { closeRun, nextStep, type Of } from './evolve/runs.ts';
import { halted, held, notOff, obeyed, released, rolledBack, switchedOff } from './evolve/stopping.ts';
import { withMessages } from './messages.ts';
import type { RolloutState } from './state.ts';
import { environmentNow } from './state.ts';
import { withTick } from './tick.ts';

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
        // The rehearsal exposes nobody: a flag that is on for somebody now is so by others, and stays.
        touched: state.touched && state.stage >= 0,
      };
    case 'rehearsal-began':
      return { ...nextStep(state), phase: { kind: 'rehearsing', since: at }, touched: true };
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
    case 'halted':
      return halted(state, event, at);
    case 'rolled-back':
      return rolledBack(state, event, at);
    case 'switched-off':
      return switchedOff(state, event);
    case 'switch-off-failed':
    case 'clients-not-obeyed':
      return notOff(state, event);
    case 'clients-obeyed':
      return obeyed(state, event);
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

import { secondsToStay } from './course.ts';
import type { RolloutEvent } from './events.ts';
import type { HoldReason, RolloutMessage, RolloutMessageAbout, RolloutState } from './state.ts';
import { isOver } from './state.ts';

/** The card is redrawn for a tick alone no more often than this, whichever is longer: many rollouts share Slack's limits. */
const cardEverySeconds = 15;
const cardEveryTicks = 4;
/** A hold that should end by itself is told when it has lasted this long. */
const patienceSeconds = 600;

/** Holds that are told at once, because a person must decide. One of a person's own needs no telling. */
const toldAtOnce: readonly HoldReason[] = ['drift', 'sample-ratio', 'harm', 'max-soak', 'signal'];
const toldLate: readonly HoldReason[] = ['no-data', 'provider-down', 'flag-service'];

/** The messages an event is worth, and the older ones it changes. */
export function withMessages(
  before: RolloutState,
  state: RolloutState,
  event: RolloutEvent,
  at: string,
): RolloutState {
  if (event.type === 'message-told') return state;
  const stamped = { ...state, updatedAt: at };
  if (event.type === 'ticked') return ofTick(before, stamped, at);
  if (isSameObstacle(before, state, event)) return stamped;
  const added = withNew(withChanged(before, stamped), event, at);
  return { ...want(added, 'card'), cardAt: at };
}

function withNew(state: RolloutState, event: RolloutEvent, at: string): RolloutState {
  switch (event.type) {
    case 'started': {
      const rooted = state.thread === undefined ? add(state, 'root', { kind: 'rollout-root' }) : state;
      return add(rooted, 'card', { kind: 'rollout-card' });
    }
    case 'planned':
      return add(state, 'plan', { kind: 'rollout-plan' });
    case 'not-begun':
      return event.checkAt === undefined && event.by === undefined
        ? add(state, planKey(state), { kind: 'rollout-plan' })
        : state;
    case 'held':
      return toldAtOnce.includes(event.reason) ? holdMessage(state) : state;
    case 'override-asked':
      return add(state, `override/${at}`, { kind: 'rollout-override', at });
    case 'halted':
      // The flag first, the message second: it goes out with what came of switching off.
      return state.off === undefined ? add(state, haltKey(state), { kind: 'rollout-halt' }) : state;
    case 'rolled-back':
      return state.off === undefined || state.off.doneAt !== undefined
        ? add(state, 'rolled-back', { kind: 'rollout-rolled-back' })
        : state;
    case 'switched-off':
    case 'switch-off-failed':
      return state.phase.kind === 'rolled-back'
        ? add(state, 'rolled-back', { kind: 'rollout-rolled-back' })
        : add(state, haltKey(state), { kind: 'rollout-halt' });
    case 'promoted':
      return add(state, `promoted/${event.environment}`, {
        kind: 'rollout-promoted',
        environment: state.plan?.environments[event.environment] ?? '',
      });
    case 'finished':
      return add(state, 'finished', { kind: 'rollout-finished' });
    case 'clients-obeyed':
    case 'clients-not-obeyed':
    case 'issue-opened':
    case 'issue-not-opened':
      return want(want(state, haltKey(state)), 'rolled-back');
    case 'rehearsal-began':
    case 'rehearsed':
    case 'stage-entered':
    case 'exposure-set':
    case 'released':
    case 'ticked':
    case 'message-told':
      return state;
  }
}

/** A question that is answered, or past, loses its buttons. */
function withChanged(before: RolloutState, state: RolloutState): RolloutState {
  const was = before.phase;
  const now = state.phase;
  const past: string[] = [];
  if (was.kind === 'holding' && !(now.kind === 'holding' && now.since === was.since))
    past.push(...keysOfHold(before, was.since));
  if (before.override && before.override.at !== state.override?.at)
    past.push(`override/${before.override.at}`);
  if (was.kind === 'planned' && was.waitsFor && now !== was) past.push(...keysStarting(before, 'plan'));
  if (was.kind === 'halted' && now.kind !== 'halted') past.push(...keysStarting(before, 'halt/'));
  if (was.kind === 'planned' && now.kind === 'halted') past.push(...keysStarting(before, 'plan'));
  if (isOver(now) && !isOver(was)) past.push(...keysStarting(before, 'plan'));
  return [...new Set(past)].reduce(want, state);
}

function ofTick(before: RolloutState, state: RolloutState, at: string): RolloutState {
  const age = before.cardAt === undefined ? undefined : Date.parse(at) - Date.parse(before.cardAt);
  const every = Math.max(cardEverySeconds, cardEveryTicks * (state.plan?.tickSeconds ?? 0));
  const mayGoOn = secondsToStay(before) > 0 && secondsToStay(state) === 0;
  const due =
    age === undefined || age >= every * 1000 || before.verdict?.name !== state.verdict?.name || mayGoOn;
  const carded = due ? { ...want(state, 'card'), cardAt: at } : state;
  const { phase } = state;
  if (phase.kind !== 'holding' || !toldLate.includes(phase.reason)) return carded;
  const lasted = Date.parse(at) - Date.parse(phase.since);
  const told = keysOfHold(state, phase.since).length > 0;
  return lasted >= patienceSeconds * 1000 && !told ? holdMessage(carded) : carded;
}

/**
 * A hold that a person must end is a new message each time; of one that ends by itself there is one in each stage,
 * so that metrics which come and go do not fill the thread.
 */
function holdMessage(state: RolloutState): RolloutState {
  const { phase } = state;
  if (phase.kind !== 'holding') return state;
  const { reason, because, since } = phase;
  const about: RolloutMessageAbout = { kind: 'rollout-hold', reason, because, at: since };
  const ends = toldLate.includes(reason) || reason === 'signal' || reason === 'max-soak';
  return add(state, ends ? `hold/${reason}/${state.stages.length}` : `hold/${reason}/${since}`, about);
}

function keysOfHold(state: RolloutState, since: string): readonly string[] {
  return state.messages
    .filter(({ about }) => about.kind === 'rollout-hold' && about.at === since)
    .map(({ key }) => key);
}

function keysStarting(state: RolloutState, start: string): readonly string[] {
  return state.messages.filter(({ key }) => key.startsWith(start)).map(({ key }) => key);
}

/** The one under the plan is about the plan itself; later ones say why it did not begin. */
function planKey(state: RolloutState): string {
  const first = state.messages.find(({ key }) => key === 'plan');
  return first === undefined || first.drawn === 0 ? 'plan' : `plan/${state.step}`;
}

function haltKey(state: RolloutState): string {
  return `halt/${state.step}`;
}

/** Looked at again, and the same thing is still in the way. */
function isSameObstacle(before: RolloutState, state: RolloutState, event: RolloutEvent): boolean {
  const was = before.phase.kind === 'planned' ? before.phase.waitsFor : undefined;
  const now = state.phase.kind === 'planned' ? state.phase.waitsFor : undefined;
  return event.type === 'not-begun' && was !== undefined && was.because === now?.because;
}

/** Asks for a message to be drawn again; nothing happens when there is no such message. */
function want(state: RolloutState, key: string): RolloutState {
  return {
    ...state,
    messages: state.messages.map((message) =>
      message.key === key ? { ...message, version: message.version + 1 } : message,
    ),
  };
}

function add(state: RolloutState, key: string, about: RolloutMessageAbout): RolloutState {
  if (state.messages.some((message) => message.key === key)) {
    const renewed = state.messages.map((message) => (message.key === key ? { ...message, about } : message));
    return want({ ...state, messages: renewed }, key);
  }
  const message: RolloutMessage = { key, about, version: 1, drawn: 0 };
  return { ...state, messages: [...state.messages, message] };
}

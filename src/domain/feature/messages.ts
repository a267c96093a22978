import type { FeatureEvent } from './events.ts';
import type { FeatureState, Mark, MarkState, MessageAbout, Phase, ThreadMessage } from './state.ts';
import { isFinal, lastAttempt, newestSpec, threadOf } from './state.ts';

/** The message with the buttons of the question that is open now; it is redrawn when the question is answered. */
export function openMessageKey(state: FeatureState): string | undefined {
  const { phase } = state;
  switch (phase.kind) {
    case 'choosing-repository':
      return 'repository-picker';
    case 'answering':
      return `questions/${phase.round}`;
    case 'splitting':
      return `split/${state.step}`;
    case 'reviewing-spec':
      return `spec/${newestSpec(state)?.version ?? 0}`;
    case 'reviewing-plan':
      return `plan/${state.step}`;
    case 'deciding':
      return `proof/${lastAttempt(state)?.number ?? 0}`;
    case 'blocked':
      return `blocked/${state.step}`;
    case 'over-budget':
      return `budget/${state.step}`;
    case 'new':
    case 'working':
    case 'proposed':
    case 'merged':
    case 'closed':
    case 'split':
    case 'rejected':
    case 'taken-over':
    case 'stopped':
      return undefined;
  }
}

/** The messages an event is worth, and the older ones it changes. */
export function withMessages(state: FeatureState, event: FeatureEvent): FeatureState {
  switch (event.type) {
    case 'asked': {
      const rooted = event.request.message === undefined ? add(state, 'root', { kind: 'root' }) : state;
      const carded = add(rooted, 'card', { kind: 'card' });
      return event.choices.length > 1
        ? add(carded, 'repository-picker', { kind: 'repository-picker' })
        : carded;
    }
    case 'questions-asked': {
      const round = state.rounds.length;
      if (event.questions.length === 0) return state;
      return add(state, `questions/${round}`, { kind: 'questions', round });
    }
    case 'heard':
      return event.note.standing === 'suggested'
        ? add(state, `suggestion/${event.note.ts}`, { kind: 'suggestion', ts: event.note.ts })
        : state;
    case 'suggestion-decided':
      return want(state, `suggestion/${event.ts}`);
    case 'split-proposed':
      return add(state, `split/${state.step}`, { kind: 'split' });
    case 'spec-written': {
      const { version } = event.version;
      return add(want(state, `spec/${version - 1}`), `spec/${version}`, { kind: 'spec', version });
    }
    case 'person-needed':
      return event.to === 'approve-plan' && state.plan
        ? add(state, `plan/${state.step}`, { kind: 'plan', hash: state.plan.hash })
        : want(state, openMessageKey(state));
    case 'task-failed':
    case 'proved': {
      const attempt = lastAttempt(state)?.number ?? 0;
      return add(state, `proof/${attempt}`, { kind: 'proof', attempt });
    }
    case 'blocked':
      return add(state, `blocked/${state.step}`, {
        kind: 'blocked',
        because: event.because,
        step: state.step,
      });
    case 'budget-reached':
      return add(state, `budget/${state.step}`, {
        kind: 'budget',
        spent: event.spent,
        cap: event.cap,
        step: state.step,
      });
    case 'pull-request-opened':
      return add(want(state, `proof/${lastAttempt(state)?.number}`), 'pull-request', {
        kind: 'pull-request',
      });
    case 'merged':
    case 'pull-request-closed':
    case 'rollout-started':
    case 'rollout-not-started':
      return want(state, 'pull-request');
    case 'stopped':
    case 'rejected':
    case 'taken-over':
      return add(withoutOpenSuggestions(state), 'ended', { kind: 'ended' });
    case 'branch-kept':
    case 'branch-not-kept':
      return want(state, 'ended');
    case 'split-decided':
      return event.decision === 'split' ? add(state, 'ended', { kind: 'ended' }) : state;
    case 'repository-chosen':
    case 'repository-read':
    case 'work-began':
    case 'answered':
    case 'notes-read':
    case 'spec-approved':
    case 'planned':
    case 'plan-approved':
    case 'tests-written':
    case 'attempt-began':
    case 'task-built':
    case 'retry-asked':
    case 'budget-raised':
    case 'message-told':
    case 'marked':
      return state;
  }
}

/** Asks for a message to be drawn again; nothing happens when there is no such message. */
export function want(state: FeatureState, key: string | undefined): FeatureState {
  if (key === undefined) return state;
  return {
    ...state,
    messages: state.messages.map((message) =>
      message.key === key ? { ...message, version: message.version + 1 } : message,
    ),
  };
}

function add(state: FeatureState, key: string, about: MessageAbout): FeatureState {
  if (state.messages.some((message) => message.key === key)) return want(state, key);
  const message: ThreadMessage = { key, about, version: 1, drawn: 0 };
  return { ...state, messages: [...state.messages, message] };
}

function withoutOpenSuggestions(state: FeatureState): FeatureState {
  return state.notes
    .filter((note) => note.standing === 'suggested')
    .reduce((next, note) => want(next, `suggestion/${note.ts}`), state);
}

/** The state reactions that follow from the state: one on the thread's first message, one on each message we heard. */
export function withMarks(state: FeatureState): FeatureState {
  const thread = threadOf(state);
  // What was written in a dialog has no message to mark.
  const written = state.notes.filter((note) => /^\d+\.\d+$/.test(note.ts));
  const wanted: [string, Mark][] = written.map((note) => [note.ts, note.read ? 'done' : 'received']);
  if (thread !== undefined) wanted.push([thread, threadMark(state)]);
  const changed = wanted.filter(([ts, mark]) => state.marks[ts]?.wanted !== mark);
  if (changed.length === 0) return state;
  const marks: Record<string, MarkState> = { ...state.marks };
  for (const [ts, mark] of changed) {
    marks[ts] = { shown: undefined, times: 0, ...marks[ts], wanted: mark };
  }
  return { ...state, marks };
}

function threadMark(state: FeatureState): Mark {
  const { phase } = state;
  if (phase.kind === 'deciding' || phase.kind === 'blocked') return 'failed';
  if (isFinal(phase)) return finalMark(phase);
  return state.specApproval ? 'running' : 'received';
}

function finalMark(phase: Phase): Mark {
  return ['proposed', 'merged', 'split'].includes(phase.kind) ? 'done' : 'failed';
}

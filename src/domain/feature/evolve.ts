import type { Cost, FeatureEvent } from './events.ts';
import { bookkeeping } from './events.ts';
import { openMessageKey, want, withMarks, withMessages } from './messages.ts';
import type { Attempt, AttemptProof, FeatureState, Note } from './state.ts';

/** What is true of a feature after something happened. */
export function evolve(before: FeatureState, event: FeatureEvent, at: string): FeatureState {
  const applied = charge(apply(before, event, at), costOf(event));
  if (bookkeeping.includes(event.type)) return withMarks(applied);
  const asked = openMessageKey(before);
  const asks = openMessageKey(applied);
  const answered = asked !== asks ? want(applied, asked) : applied;
  return withMarks({ ...want(withMessages(answered, event), 'card'), updatedAt: at });
}

function apply(state: FeatureState, event: FeatureEvent, at: string): FeatureState {
  switch (event.type) {
    case 'asked':
      return {
        ...state,
        id: event.id,
        request: event.request,
        phase: { kind: 'choosing-repository', choices: event.choices },
      };
    case 'repository-chosen':
      return { ...state, repositoryName: event.name };
    case 'repository-read':
      return {
        ...state,
        repository: {
          name: state.repositoryName ?? '',
          branch: event.branch,
          commit: event.commit,
          workflow: event.workflow,
        },
        budget: event.workflow.budget.perFeature,
        attemptsAllowed: event.workflow.thresholds.attempts,
      };
    case 'work-began':
      return {
        ...state,
        step: state.step + 1,
        phase: { kind: 'working', on: event.on, step: state.step + 1 },
      };
    case 'questions-asked':
      return {
        ...state,
        rounds: [...state.rounds, { questions: event.questions, answers: [] }],
        ...(event.questions.length > 0 && {
          phase: { kind: 'answering', round: state.rounds.length + 1, questions: event.questions },
        }),
      };
    case 'answered':
      return {
        ...state,
        rounds: state.rounds.map((round, index) =>
          index === state.rounds.length - 1
            ? {
                ...round,
                answers: event.answers,
                answeredBy: event.by,
                answeredAt: at,
                byDefault: event.byDefault,
              }
            : round,
        ),
      };
    case 'heard':
      return withNote(state, event.note);
    case 'suggestion-decided':
      return {
        ...state,
        notes: state.notes.map((note) =>
          note.ts === event.ts
            ? { ...note, standing: event.accepted ? 'counts' : 'declined', decided: { by: event.by, at } }
            : note,
        ),
      };
    case 'notes-read':
      return {
        ...state,
        notes: state.notes.map((note) => (event.notes.includes(note.ts) ? { ...note, read: true } : note)),
      };
    case 'spec-written':
      return { ...state, specs: [...state.specs, event.version], phase: { kind: 'reviewing-spec' } };
    case 'spec-approved':
      return {
        ...state,
        specApproval: { by: event.by, at, version: event.version, hash: event.hash },
      };
    case 'rejected':
      return { ...state, phase: { kind: 'rejected', by: event.by, because: event.because } };
    case 'split-proposed':
      return { ...state, split: { parts: event.parts }, phase: { kind: 'splitting', parts: event.parts } };
    case 'split-decided':
      return {
        ...state,
        split: { parts: state.split?.parts ?? [], decision: event.decision, by: event.by, at },
        phase: event.decision === 'split' ? { kind: 'split' } : state.phase,
      };
    case 'planned':
      return { ...state, plan: { plan: event.plan, hash: event.hash, context: event.context } };
    case 'plan-approved':
      return state.plan ? { ...state, plan: { ...state.plan, approval: { by: event.by, at } } } : state;
    case 'tests-written':
      return { ...state, tests: { tests: event.tests, change: event.change, paths: event.paths } };
    case 'attempt-began':
      return { ...state, attempts: [...state.attempts, newAttempt(state, event.number, event.scope)] };
    case 'task-built':
      return mapLast(state, (attempt) => ({
        ...attempt,
        built: attempt.built + 1,
        change: event.change,
        contexts: [...attempt.contexts, event.context],
        models: [...new Set([...attempt.models, event.thinking.cost.model])],
      }));
    case 'task-failed':
    case 'proved':
      return withProof(state, event.proof);
    case 'person-needed':
      return {
        ...state,
        phase:
          event.to === 'approve-plan'
            ? { kind: 'reviewing-plan' }
            : { kind: 'deciding', because: event.because },
      };
    case 'retry-asked': {
      const noted = event.note ? withNote(state, event.note) : state;
      return { ...noted, attemptsAllowed: state.attempts.length + event.attempts };
    }
    case 'taken-over':
      return { ...state, phase: { kind: 'taken-over', by: event.by } };
    case 'pull-request-opened': {
      const { type: _type, because: _because, ...pullRequest } = event;
      return { ...state, pullRequest, phase: { kind: 'proposed' } };
    }
    case 'blocked':
      return {
        ...state,
        phase: {
          kind: 'blocked',
          on: event.on,
          because: event.because,
          ...(event.suggestion !== undefined && { suggestion: event.suggestion }),
        },
      };
    case 'budget-reached':
      return { ...state, phase: { kind: 'over-budget', next: event.next } };
    case 'budget-raised':
      return {
        ...state,
        budget: event.cap,
        budgetRaised: { by: event.by, at, from: state.budget ?? 0, to: event.cap },
      };
    case 'merged':
      return { ...state, phase: { kind: 'merged', sha: event.sha, by: event.by, at } };
    case 'pull-request-closed':
      return { ...state, phase: { kind: 'closed' } };
    case 'rollout-started':
      return { ...state, rollout: { id: event.rollout } };
    case 'rollout-not-started':
      return { ...state, rollout: { because: event.because } };
    case 'stopped':
      return {
        ...state,
        phase: {
          kind: 'stopped',
          by: event.by,
          done: event.done,
          inProgress: event.inProgress,
          remains: event.remains,
        },
      };
    case 'branch-kept':
      return { ...state, kept: { branch: event.branch, url: event.url, headSha: event.headSha } };
    case 'branch-not-kept':
      return { ...state, kept: { because: event.because } };
    case 'message-told':
      return {
        ...state,
        messages: state.messages.map((message) =>
          message.key === event.key
            ? { ...message, drawn: event.version, ...(event.ts !== undefined && { ts: event.ts }) }
            : message,
        ),
      };
    case 'marked': {
      const mark = state.marks[event.ts];
      if (!mark) return state;
      return {
        ...state,
        marks: { ...state.marks, [event.ts]: { ...mark, shown: event.mark, times: mark.times + 1 } },
      };
    }
  }
}

function newAttempt(state: FeatureState, number: number, scope: Attempt['scope']): Attempt {
  const change = scope === 'repair' ? state.attempts.at(-1)?.change : state.tests?.change;
  return { number, scope, built: 0, contexts: [], models: [], ...(change !== undefined && { change }) };
}

function mapLast(state: FeatureState, change: (attempt: Attempt) => Attempt): FeatureState {
  return {
    ...state,
    attempts: state.attempts.map((attempt, index) =>
      index === state.attempts.length - 1 ? change(attempt) : attempt,
    ),
  };
}

function withProof(state: FeatureState, proof: AttemptProof): FeatureState {
  return mapLast(state, (attempt) => ({ ...attempt, proof }));
}

function withNote(state: FeatureState, note: Note): FeatureState {
  return { ...state, notes: [...state.notes, note] };
}

function costOf(event: FeatureEvent): Cost | undefined {
  if ('thinking' in event) return event.thinking?.cost;
  return event.type === 'blocked' ? event.cost : undefined;
}

function charge(state: FeatureState, cost: Cost | undefined): FeatureState {
  if (!cost) return state;
  return {
    ...state,
    spent: {
      dollars: state.spent.dollars + cost.dollars,
      inputTokens: state.spent.inputTokens + cost.inputTokens,
      outputTokens: state.spent.outputTokens + cost.outputTokens,
    },
  };
}

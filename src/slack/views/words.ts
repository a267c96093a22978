import { tasksOfAttempt, workInWords } from '../../domain/feature/next.ts';
import type { FeatureState, Person } from '../../domain/feature/state.ts';
import { isFinal, lastAttempt, newestSpec } from '../../domain/feature/state.ts';
import type { ViewOptions } from './parts.ts';
import { count, mention, named, safe, sentence } from './text.ts';

/** What the feature is called: the spec's title, before that the words it was asked with. As it is, not escaped. */
export function titleOf(state: FeatureState): string {
  return newestSpec(state)?.spec.title ?? state.request?.words ?? state.id;
}

function attemptInWords(state: FeatureState): string {
  const attempt = lastAttempt(state);
  return attempt ? `attempt ${attempt.number} of ${Math.max(attempt.number, state.attemptsAllowed)}` : '';
}

/** Where the feature stands, in a few words without a full stop. */
export function phaseInWords(state: FeatureState): string {
  const { phase } = state;
  switch (phase.kind) {
    case 'new':
      return 'New';
    case 'choosing-repository':
      return 'Waiting for the repository';
    case 'working':
      return workingInWords(state, phase.on);
    case 'answering':
      return `Waiting for answers to ${count(phase.questions.length, 'question')}`;
    case 'splitting':
      return 'Waiting for a decision about a split';
    case 'reviewing-spec':
      return `Waiting for approval of spec v${newestSpec(state)?.version ?? 1}`;
    case 'reviewing-plan':
      return 'Waiting for approval of the plan';
    case 'deciding':
      return `Waiting for a decision after ${attemptInWords(state)}`;
    case 'blocked':
      return `Blocked while ${workInWords(phase.on)}`;
    case 'over-budget':
      return 'Waiting for a decision about the budget';
    case 'proposed':
      return `In pull request #${state.pullRequest?.number ?? '?'}, waiting for review`;
    case 'merged':
      return `Merged in pull request #${state.pullRequest?.number ?? '?'}`;
    case 'closed':
      return `Pull request #${state.pullRequest?.number ?? '?'} was closed`;
    case 'split':
      return 'Split into smaller features';
    case 'rejected':
      return 'Rejected';
    case 'taken-over':
      return 'Taken over by a person';
    case 'stopped':
      return 'Stopped';
  }
}

function workingInWords(state: FeatureState, on: Parameters<typeof workInWords>[0]): string {
  const attempt = attemptInWords(state);
  if (on === 'build') return `Building (${attempt})`;
  if (on === 'prove') return `Verifying (${attempt})`;
  return sentence(workInWords(on)).slice(0, -1);
}

/** ● at work, ◐ waits for a person, ✔ came to its end, ✖ ended before. */
export function stateSymbol(state: FeatureState): string {
  const { phase } = state;
  if (phase.kind === 'working') return '●';
  if (!isFinal(phase)) return '◐';
  return ['proposed', 'merged', 'split'].includes(phase.kind) ? '✔' : '✖';
}

type Milestone = { readonly name: string; readonly done: boolean };

/** The way a feature goes; the first that is not done is the one it is at. */
export function milestones(state: FeatureState): readonly Milestone[] {
  const { phase } = state;
  const attempt = lastAttempt(state);
  const writing = phase.kind === 'working' && (phase.on === 'build' || phase.on === 'write-tests');
  const planned = attempt !== undefined || (state.plan !== undefined && phase.kind !== 'reviewing-plan');
  const built = attempt !== undefined && attempt.built >= Math.max(1, tasksOfAttempt(state).length);
  const replanning = phase.kind === 'working' && phase.on === 'plan';
  return [
    { name: 'Spec', done: state.specApproval !== undefined },
    { name: 'Plan', done: planned && !replanning },
    { name: 'Build', done: built && !writing },
    { name: 'Verify', done: attempt?.proof?.verdict === 'pass' && !writing },
    { name: 'Pull request', done: state.pullRequest !== undefined },
  ];
}

/** "▣ Spec ▸ ◉ Plan ▸ ○ Build …": done, at it, open. */
export function progressLine(state: FeatureState): string {
  const all = milestones(state);
  const current = isFinal(state.phase) ? -1 : all.findIndex((milestone) => !milestone.done);
  return all
    .map(({ name, done }, index) => `${index === current ? '◉' : done ? '▣' : '○'} ${name}`)
    .join(' ▸ ');
}

/** Who has to act and for what; undefined while a job is at work or nothing is left to do. */
export type Waiting = {
  readonly who: 'requester' | 'approver' | 'reviewer';
  readonly what: string;
};

export function waitingFor(state: FeatureState): Waiting | undefined {
  const { phase } = state;
  switch (phase.kind) {
    case 'choosing-repository':
      return { who: 'requester', what: 'to choose the repository' };
    case 'answering':
      return { who: 'requester', what: `to answer ${count(phase.questions.length, 'question')}` };
    case 'splitting':
      return { who: 'requester', what: 'to decide whether to split the feature' };
    case 'reviewing-spec':
      return { who: 'approver', what: `to approve spec v${newestSpec(state)?.version ?? 1}` };
    case 'reviewing-plan':
      return { who: 'approver', what: 'to approve the plan' };
    case 'deciding':
      return { who: 'requester', what: `to decide how to go on after ${attemptInWords(state)}` };
    case 'blocked':
      return { who: 'requester', what: 'to remove the cause and try again' };
    case 'over-budget':
      return { who: 'approver', what: 'to raise the budget, or to stop' };
    case 'proposed':
      return { who: 'reviewer', what: `to review pull request #${state.pullRequest?.number ?? '?'}` };
    case 'new':
    case 'working':
    case 'merged':
    case 'closed':
    case 'split':
    case 'rejected':
    case 'taken-over':
    case 'stopped':
      return undefined;
  }
}

/** Who is asked, as a mention when one person is known. At most one person is ever asked. */
export function asked(state: FeatureState, who: Waiting['who'], options: ViewOptions): string {
  const requester = state.request?.by;
  if (who === 'requester') return requester ? mention(requester) : 'the requester';
  const other = options.approvers?.find((id) => id !== requester?.id);
  if (other !== undefined) return mention({ id: other, name: 'someone who may approve' });
  return who === 'reviewer' ? 'someone other than the requester' : 'someone who may approve';
}

/** The same without telling anyone: for notifications and lists. */
export function askedInWords(state: FeatureState, who: Waiting['who']): string {
  if (who === 'requester') return named(state.request?.by);
  return who === 'reviewer' ? 'a reviewer' : 'someone who may approve';
}

/** A feature in one line for lists: what it is, where it stands, who is waited for. The caller adds the link. */
export function oneLineOf(state: FeatureState): string {
  const waiting = waitingFor(state);
  const need = waiting ? ` · waits for ${askedInWords(state, waiting.who)} ${waiting.what}` : '';
  return `*${safe(titleOf(state), 120)}* · ${stateSymbol(state)} ${phaseInWords(state)}${need}`;
}

/** The person, when they are the requester's own self. */
export function isRequester(state: FeatureState, person: Person): boolean {
  return state.request?.by.id === person.id;
}

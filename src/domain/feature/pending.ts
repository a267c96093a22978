import type { Lane, PendingJob } from '../process.ts';
import type { FeatureState, ThreadMessage, Work } from './state.ts';
import { threadOf } from './state.ts';

const lanes: Readonly<Record<Work, Lane>> = {
  'read-repository': 'call',
  interview: 'think',
  specify: 'think',
  plan: 'think',
  'write-tests': 'think',
  build: 'think',
  prove: 'build',
  propose: 'call',
};

/** Whether a piece of work costs money. */
export function isThinking(work: Work): boolean {
  return lanes[work] === 'think';
}

/** The key of the work that is owed now; an answer with another key is late. */
export function workKey(state: FeatureState): string | undefined {
  return state.phase.kind === 'working' ? `${state.phase.on}/${state.phase.step}` : undefined;
}

/**
 * A message's key counts what was drawn, not what is wanted: while one drawing is under way the key stays,
 * so that two drawings of one message never overtake each other.
 */
export function tellKey(message: ThreadMessage): string {
  return `tell/${message.key}/${message.drawn}`;
}

export function markKey(ts: string, times: number): string {
  return `mark/${ts}/${times}`;
}

/** What the outside world owes a feature right now. */
export function pendingJobs(state: FeatureState): readonly PendingJob[] {
  return [
    ...workJobs(state),
    ...releaseJobs(state),
    ...keepJobs(state),
    ...tellJobs(state),
    ...markJobs(state),
  ];
}

function workJobs(state: FeatureState): readonly PendingJob[] {
  const key = workKey(state);
  if (state.phase.kind !== 'working' || key === undefined) return [];
  return [{ name: state.phase.on, key, lane: lanes[state.phase.on] }];
}

/** The key of what is owed to a pull request: that its merge is noticed, and that its rollout begins. */
export function releaseKey(state: FeatureState): string | undefined {
  if (state.phase.kind === 'proposed') return `watch-pull-request/${state.step}`;
  const wanted = state.phase.kind === 'merged' && state.repository?.workflow.rollout !== undefined;
  return wanted && state.rollout === undefined ? `start-rollout/${state.step}` : undefined;
}

function releaseJobs(state: FeatureState): readonly PendingJob[] {
  const key = releaseKey(state);
  if (key === undefined) return [];
  return state.phase.kind === 'merged'
    ? [{ name: 'start-rollout', key, lane: 'call' }]
    : [{ name: 'watch-pull-request', key, lane: 'watch' }];
}

/** The key of the branch that is owed to whoever goes on with an unfinished change. */
export function keepKey(state: FeatureState): string | undefined {
  const unfinished = state.phase.kind === 'stopped' || state.phase.kind === 'taken-over';
  const built = state.attempts.some((attempt) => attempt.built > 0);
  return unfinished && built && state.kept === undefined ? `keep-branch/${state.step}` : undefined;
}

function keepJobs(state: FeatureState): readonly PendingJob[] {
  const key = keepKey(state);
  return key === undefined ? [] : [{ name: 'keep-branch', key, lane: 'call' }];
}

function tellJobs(state: FeatureState): readonly PendingJob[] {
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

function markJobs(state: FeatureState): readonly PendingJob[] {
  const thread = threadOf(state);
  if (thread === undefined) return [];
  return Object.entries(state.marks)
    .filter(([, mark]) => mark.wanted !== mark.shown)
    .map(([ts, mark]) => ({ name: 'mark', key: markKey(ts, mark.times), lane: 'tell' }));
}

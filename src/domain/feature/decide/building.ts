import type { FeatureEvent } from '../events.ts';
import { afterFailure, begin, beginAttempt, dollars, tasksOfAttempt, unreadNotes } from '../next.ts';
import type { FeatureState } from '../state.ts';
import { lastAttempt, newestSpec } from '../state.ts';
import { cost, type Of, read } from './answers.ts';

/** The tests stand; code is next, or first a person's approval. */
export function testsWritten(state: FeatureState, command: Of<'tests-written'>): readonly FeatureEvent[] {
  const written: readonly FeatureEvent[] = [
    {
      type: 'tests-written',
      tests: command.tests,
      change: command.change,
      paths: command.paths,
      thinking: command.thinking,
      because: `${command.tests.length} tests in ${command.paths.length} files stand for the criteria.`,
    },
    ...read(command.notes),
  ];
  const attempt = lastAttempt(state);
  const risk = newestSpec(state)?.spec.risk.level;
  if (attempt) {
    const next = {
      number: attempt.number + 1,
      scope: 'all' as const,
      because: 'The tests were written anew, so the code starts anew.',
      justSpent: cost(command.thinking),
    };
    return [...written, ...beginAttempt(state, next)];
  }
  if (risk === 'low' || state.plan?.approval) {
    const because = risk === 'low' ? 'Low risk goes on by itself.' : 'The plan is approved.';
    return [
      ...written,
      ...beginAttempt(state, { number: 1, scope: 'all', because, justSpent: cost(command.thinking) }),
    ];
  }
  return [
    ...written,
    {
      type: 'person-needed',
      to: 'approve-plan',
      because: `The risk is ${risk}, so a person approves the plan.`,
    },
  ];
}

/** A task is built; the next one or the proof follows. */
export function built(state: FeatureState, command: Of<'built'>): readonly FeatureEvent[] {
  const tasks = tasksOfAttempt(state);
  const done = (lastAttempt(state)?.built ?? 0) + 1;
  const next =
    done < tasks.length
      ? begin(state, 'build', `Task ${tasks[done]} is next.`, cost(command.thinking))
      : begin(state, 'prove', 'Every task is built.');
  return [
    {
      type: 'task-built',
      task: command.task,
      change: command.change,
      context: command.context,
      thinking: command.thinking,
      because: `Task ${command.task} is built (${done} of ${tasks.length}) for ${dollars(cost(command.thinking))}.`,
    },
    ...read(command.notes),
    ...next,
  ];
}

/** What the proof found out decides how it goes on. */
export function proved(state: FeatureState, command: Of<'proved'>): readonly FeatureEvent[] {
  const attempt = lastAttempt(state);
  const number = attempt?.number ?? 1;
  const proof: FeatureEvent = {
    type: 'proved',
    attempt: number,
    proof: command.proof,
    because: command.proof.because,
  };
  if (command.proof.verdict !== 'pass') return [proof, ...afterFailure(state, command.proof)];
  const missed = unreadNotes(state).length;
  if (missed > 0 && number < state.attemptsAllowed) {
    const because = `The proof passed, but ${missed} message${missed === 1 ? '' : 's'} came in after the last model call.`;
    return [proof, ...beginAttempt(state, { number: number + 1, scope: 'repair', because })];
  }
  return [proof, ...begin(state, 'propose', 'The proof passed.')];
}

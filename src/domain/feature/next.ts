import type { FeatureEvent } from './events.ts';
import { isThinking } from './pending.ts';
import type { AttemptProof, FeatureState, Note, Work } from './state.ts';
import { lastAttempt, newestSpec } from './state.ts';

const inWords: Readonly<Record<Work, string>> = {
  'read-repository': 'reading the repository',
  interview: 'preparing questions',
  specify: 'writing the spec',
  plan: 'planning',
  'write-tests': 'writing the tests',
  build: 'writing code',
  prove: 'proving the change',
  propose: 'opening the pull request',
};

/** What a piece of work is called in a sentence. */
export function workInWords(work: Work): string {
  return inWords[work];
}

export function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

/**
 * Begins a piece of work, or asks for money first: thinking stops at the budget, with everything kept.
 * `justSpent` is what the event before this one adds to the bill.
 */
export function begin(
  state: FeatureState,
  on: Work,
  because: string,
  justSpent = 0,
): readonly FeatureEvent[] {
  const spent = state.spent.dollars + justSpent;
  const cap = state.budget;
  if (isThinking(on) && cap !== undefined && spent >= cap) {
    return [
      {
        type: 'budget-reached',
        next: on,
        spent,
        cap,
        because: `${dollars(spent)} of ${dollars(cap)} is spent, and ${inWords[on]} comes next.`,
      },
    ];
  }
  return [{ type: 'work-began', on, because }];
}

/** The messages that count and that no model call has read. */
export function unreadNotes(state: FeatureState): readonly Note[] {
  return state.notes.filter((note) => note.standing === 'counts' && !note.read);
}

/** Begins an attempt with its first piece of work. */
export function beginAttempt(
  state: FeatureState,
  options: { number: number; scope: 'all' | 'repair'; because: string; justSpent?: number },
): readonly FeatureEvent[] {
  const { number, scope, because, justSpent = 0 } = options;
  return [
    { type: 'attempt-began', number, scope, because },
    ...begin(state, 'build', `Attempt ${number} writes code.`, justSpent),
  ];
}

/** How many pieces the last attempt has: every task of the plan, or one repair. */
export function tasksOfAttempt(state: FeatureState): readonly string[] {
  const attempt = lastAttempt(state);
  if (!attempt) return [];
  return attempt.scope === 'repair' ? ['repair'] : (state.plan?.plan.tasks.map((task) => task.id) ?? []);
}

/**
 * After a failed proof: another attempt, unless the attempts are used up, the same things failed twice, or
 * nothing could be proved at all. Data: most is gained in the second and third attempt, little after that
 * (facts on verification, section 5); the last one starts anew, since a third mending of the same code
 * rarely helps.
 */
export function afterFailure(
  state: FeatureState,
  proof: AttemptProof,
  justSpent = 0,
): readonly FeatureEvent[] {
  const attempt = lastAttempt(state);
  const number = attempt?.number ?? 0;
  const earlier = state.attempts.at(-2)?.proof;
  const person = (because: string): readonly FeatureEvent[] => [
    { type: 'person-needed', to: 'decide', because },
  ];

  if (proof.verdict === 'unknown') return person(`The change could not be proved: ${proof.because}`);
  if (earlier && proof.failing.length > 0 && earlier.failing.join('\n') === proof.failing.join('\n')) {
    return person(
      `Attempts ${number - 1} and ${number} failed in the same way, so a further one would go in circles.`,
    );
  }
  if (number >= state.attemptsAllowed) {
    const failed = number === 1 ? 'The only attempt failed' : `All ${number} attempts failed`;
    return person(`${failed}, and no more are made without a person.`);
  }
  const untested = proof.criteria.filter(
    (criterion) => criterion.base !== 'red' || criterion.head === 'absent',
  );
  if (untested.length > 0) {
    const ids = untested.map((criterion) => criterion.id).join(', ');
    return begin(
      state,
      'write-tests',
      `The tests of ${ids} do not tell the change from the base commit.`,
      justSpent,
    );
  }
  const fresh = number + 1 >= 3 && number + 1 === state.attemptsAllowed;
  return beginAttempt(state, {
    number: number + 1,
    scope: fresh ? 'all' : 'repair',
    because: fresh
      ? `Attempt ${number} failed; the last attempt starts anew from the base commit.`
      : `Attempt ${number} failed in ${proof.failing.length} place${proof.failing.length === 1 ? '' : 's'}, which the next one mends.`,
    justSpent,
  });
}

/** What exists, what was cut short and what is missing, for the person who stopped the feature. */
export function progress(state: FeatureState): {
  done: readonly string[];
  inProgress: string | undefined;
  remains: readonly string[];
} {
  const spec = newestSpec(state);
  const attempt = lastAttempt(state);
  const milestones: readonly { name: string; done: boolean }[] = [
    { name: spec ? `spec v${spec.version}` : 'spec', done: spec !== undefined },
    { name: 'spec approval', done: state.specApproval !== undefined },
    { name: 'plan', done: state.plan !== undefined },
    { name: 'tests for the criteria', done: state.tests !== undefined },
    { name: 'code', done: attempt !== undefined && attempt.built === tasksOfAttempt(state).length },
    { name: 'proof', done: attempt?.proof?.verdict === 'pass' },
    { name: 'pull request', done: state.pullRequest !== undefined },
  ];
  return {
    done: milestones.filter((milestone) => milestone.done).map((milestone) => milestone.name),
    inProgress: state.phase.kind === 'working' ? inWords[state.phase.on] : undefined,
    remains: milestones.filter((milestone) => !milestone.done).map((milestone) => milestone.name),
  };
}

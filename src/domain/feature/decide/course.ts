import { missingRight } from '../../permissions.ts';
import type { FeatureEvent } from '../events.ts';
import { begin, beginAttempt, dollars, progress, workInWords } from '../next.ts';
import type { FeatureState } from '../state.ts';
import { lastAttempt, newestSpec } from '../state.ts';
import { type Decided, notTheirs, type Of, type PersonActor, person } from './people.ts';

/** The plan of a medium or high risk is approved. */
export function decidePlanApproval(
  state: FeatureState,
  command: Of<'approve-plan'>,
  by: PersonActor,
): Decided {
  const missing = missingRight(by, 'approve');
  if (missing) return { refuse: missing };
  if (state.plan?.approval)
    return { refuse: `The plan was approved by ${state.plan.approval.by.name} already.` };
  if (state.plan?.hash !== command.hash)
    return { refuse: 'This message shows an older plan. Nothing was changed.' };
  if (state.phase.kind !== 'reviewing-plan') return { refuse: 'The plan is not ready for approval yet.' };
  const risk = newestSpec(state)?.spec.risk.level;
  if (risk === 'high' && state.request?.by.id === by.id) {
    return { refuse: 'The risk is high, so somebody other than the requester approves the plan.' };
  }
  return {
    accept: [
      {
        type: 'plan-approved',
        by: person(by),
        hash: command.hash,
        because: `${by.name} approved the plan of ${state.plan.plan.tasks.length} tasks.`,
      },
      ...beginAttempt(state, { number: 1, scope: 'all', because: 'The plan is approved.' }),
    ],
  };
}

/** Undefined when a decision about this attempt is open. */
function staleDecision(state: FeatureState, attempt: number): string | undefined {
  const current = lastAttempt(state)?.number;
  if (current !== attempt)
    return `This message is about attempt ${attempt}; attempt ${current} is the newest.`;
  return state.phase.kind === 'deciding' ? undefined : 'This was decided already.';
}

/** Another round of attempts, with a note when there is one. */
export function decideRetry(state: FeatureState, command: Of<'retry'>, by: PersonActor): Decided {
  const refuse = notTheirs(state, by) ?? staleDecision(state, command.attempt);
  if (refuse) return { refuse };
  const text = command.note.trim();
  const attempts = state.repository?.workflow.thresholds.attempts ?? 3;
  const asked: FeatureEvent = {
    type: 'retry-asked',
    by: person(by),
    attempts,
    ...(text && { note: { ts: command.ts, by: person(by), text, standing: 'counts', read: false } }),
    because: text ? `${by.name} asked for another try: ${text}` : `${by.name} asked for another try.`,
  };
  const scope = lastAttempt(state)?.change === undefined ? 'all' : 'repair';
  return {
    accept: [
      asked,
      ...beginAttempt(state, { number: command.attempt + 1, scope, because: `${by.name} asked for it.` }),
    ],
  };
}

/** A person goes on by hand. */
export function decideTakeOver(state: FeatureState, command: Of<'take-over'>, by: PersonActor): Decided {
  const refuse = notTheirs(state, by) ?? staleDecision(state, command.attempt);
  if (refuse) return { refuse };
  return {
    accept: [
      {
        type: 'taken-over',
        by: person(by),
        because: `${by.name} takes it over after ${command.attempt} attempts.`,
      },
    ],
  };
}

/** A job that gave up is begun again. */
export function decideTryAgain(state: FeatureState, command: Of<'try-again'>, by: PersonActor): Decided {
  const refuse = notTheirs(state, by);
  if (refuse) return { refuse };
  if (state.phase.kind !== 'blocked' || state.step !== command.step) {
    return { refuse: 'It goes on already.' };
  }
  return {
    accept: begin(state, state.phase.on, `${by.name} asked to try again: ${workInWords(state.phase.on)}.`),
  };
}

/** There is more money; work goes on where it paused. */
export function decideBudget(state: FeatureState, command: Of<'raise-budget'>, by: PersonActor): Decided {
  const missing = missingRight(by, 'approve');
  if (missing) return { refuse: missing };
  if (state.phase.kind !== 'over-budget' || state.step !== command.step) {
    return { refuse: 'The budget was raised already.' };
  }
  if (command.to <= state.spent.dollars) {
    return {
      refuse: `${dollars(state.spent.dollars)} is spent already, so the new budget has to be higher than that.`,
    };
  }
  return {
    accept: [
      {
        type: 'budget-raised',
        by: person(by),
        cap: command.to,
        because: `${by.name} raised the budget from ${dollars(state.budget ?? 0)} to ${dollars(command.to)}.`,
      },
      {
        type: 'work-began',
        on: state.phase.next,
        because: `There is money for ${workInWords(state.phase.next)}.`,
      },
    ],
  };
}

/** Everything ends at once. */
export function decideStop(state: FeatureState, by: PersonActor): Decided {
  const own = state.request?.by.id === by.id;
  const missing = own ? undefined : missingRight(by, 'stop');
  if (missing) return { refuse: missing };
  const { done, inProgress, remains } = progress(state);
  return {
    accept: [
      {
        type: 'stopped',
        by: person(by),
        done,
        ...(inProgress !== undefined && { inProgress }),
        remains,
        because: inProgress ? `${by.name} stopped it while ${inProgress}.` : `${by.name} stopped it.`,
      },
    ],
  };
}

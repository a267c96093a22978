import type { RolloutEvent } from '../events.ts';
import type { RolloutState, StageRun } from '../state.ts';

/** One kind of event. */
export type Of<Type extends RolloutEvent['type']> = Extract<RolloutEvent, { type: Type }>;

/** The jobs before the first stage are one after the other, each with a key of its own. */
export function nextStep(state: RolloutState): RolloutState {
  return { ...state, step: state.step + 1 };
}

/** How the stage that was under way ended; nothing when none was. */
export function closeRun(
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

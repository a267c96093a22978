import type { RolloutWish } from '../../../commands/command.ts';
import type { RolloutState } from '../../domain/rollout/state.ts';
import { type Desk, openDialog, type PersonActor, type Spot, sendToRollout, tellPrivately } from '../desk.ts';
import type { RolloutAction } from '../views/actions.ts';
import { overrideModal } from '../views/index.ts';
import { followUp } from './follow-up.ts';
import { doWish } from './wish.ts';

/** A button on a message about a rollout: what the person saw is held against what is. Stopping is never too late. */
export async function clickRollout(
  desk: Desk,
  request: {
    readonly action: RolloutAction;
    readonly trigger: string;
    readonly by: PersonActor;
    readonly spot: Spot;
  },
): Promise<void> {
  const { action, trigger, by, spot } = request;
  const { id } = action.value;
  const saved = await desk.engine.read('rollout', id);
  if (!saved)
    return tellPrivately(desk, spot, `The rollout ${id} of this button does not exist. Nothing happened.`);
  const { state } = saved;
  if (state.channel !== spot.channel)
    return tellPrivately(
      desk,
      spot,
      'This button belongs to a rollout of another channel. Nothing happened.',
    );
  const stale = staleness(action, state);
  if (stale !== undefined) return tellPrivately(desk, spot, `${stale} Nothing happened.`);
  switch (action.action) {
    case 'rollout-override':
      return openDialog(desk, { trigger, view: overrideModal(action.value), spot });
    case 'rollout-fix':
      return followUp(desk, { state, what: 'fix', by, spot });
    case 'rollout-remove-flag':
      return followUp(desk, { state, what: 'remove-flag', by, spot });
    case 'rollout-begin':
      await sendToRollout(desk, { id, command: { type: 'begin', step: action.value.step }, by, spot });
      return;
    case 'rollout-confirm':
      await sendToRollout(desk, { id, command: { type: 'confirm-override', at: action.value.at }, by, spot });
      return;
    case 'rollout-advance': {
      const { environment, stage } = action.value;
      await sendToRollout(desk, { id, command: { type: 'advance', seen: { environment, stage } }, by, spot });
      return;
    }
    case 'rollout-hold':
    case 'rollout-halt':
    case 'rollout-roll-back':
    case 'rollout-resume':
    case 'rollout-back':
      return doWish(desk, { id, wish: wishes[action.action], by, spot });
  }
}

const wishes = {
  'rollout-hold': { do: 'hold' },
  'rollout-halt': { do: 'halt' },
  'rollout-roll-back': { do: 'roll-back' },
  'rollout-resume': { do: 'resume' },
  'rollout-back': { do: 'back' },
} as const satisfies Readonly<Record<string, RolloutWish>>;

/** What has changed since the button was drawn; undefined when it still fits. */
function staleness(action: RolloutAction, state: RolloutState): string | undefined {
  switch (action.action) {
    case 'rollout-advance':
    case 'rollout-override':
    case 'rollout-back': {
      const { environment, stage } = action.value;
      if (environment === state.environment && stage === state.stage) return undefined;
      return `This button was drawn at ${placeInWords(state, environment, stage)}; the rollout is at ${placeInWords(state, state.environment, state.stage)} now.`;
    }
    case 'rollout-resume': {
      const { phase } = state;
      const since = phase.kind === 'holding' ? phase.since : phase.kind === 'halted' ? phase.at : undefined;
      return since === action.value.at
        ? undefined
        : 'This button is from an earlier stop; the rollout has moved since.';
    }
    case 'rollout-confirm':
      return state.override?.at === action.value.at
        ? undefined
        : 'What this button confirms is decided or past.';
    case 'rollout-begin':
    case 'rollout-hold':
    case 'rollout-halt':
    case 'rollout-roll-back':
    case 'rollout-fix':
    case 'rollout-remove-flag':
      return undefined;
  }
}

function placeInWords({ plan }: RolloutState, environment: number, stage: number): string {
  const percent = plan?.stages[stage]?.percent;
  return percent === undefined
    ? 'its beginning'
    : `${percent} % in ${plan?.environments[environment] ?? 'its environment'}`;
}

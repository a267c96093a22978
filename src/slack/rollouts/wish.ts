import type { RolloutWish } from '../../../commands/command.ts';
import type { PersonCommand } from '../../domain/rollout/commands.ts';
import { environmentNow, type RolloutState } from '../../domain/rollout/state.ts';
import {
  type Desk,
  type PersonActor,
  type Spot,
  sendToRollout,
  showPrivately,
  tellPrivately,
} from '../desk.ts';
import { rolloutCardView, rolloutPlanView, rolloutWhyView } from '../views/index.ts';
import { code, safe } from '../views/text.ts';
import { flagOff, mayStop } from './flag-off.ts';
import { haltNow } from './halt.ts';

/** Does what a person wants of a rollout, in words or with a button. */
export async function doWish(
  desk: Desk,
  request: {
    readonly id: string;
    readonly wish: RolloutWish;
    readonly by: PersonActor;
    readonly spot: Spot;
  },
): Promise<void> {
  const { id, wish, by, spot } = request;
  const saved = await desk.engine.read('rollout', id);
  if (!saved) return tellPrivately(desk, spot, `There is no rollout ${code(id, 60)}. Nothing happened.`);
  const { state } = saved;
  if (wish.do === 'show') return show(desk, spot, state, wish.what);
  if (wish.do === 'halt' || wish.do === 'roll-back') {
    const { do: type, ...reason } = wish;
    return stop(desk, { id, command: { type, ...reason }, by, spot });
  }
  const after = await sendToRollout(desk, { id, command: commandOf(wish, state), by, spot });
  // What is shown in the thread needs no second answer there; elsewhere nobody would see it.
  if (after && spot.thread !== after.thread)
    await tellPrivately(
      desk,
      spot,
      `${code(after.flag)}: ${doneInWords(wish)} Its thread in <#${after.channel ?? ''}> says more.`,
    );
}

function doneInWords(wish: Exclude<RolloutWish, { do: 'show' | 'halt' | 'roll-back' }>): string {
  switch (wish.do) {
    case 'begin':
      return 'it begins.';
    case 'resume':
      return 'it goes on.';
    case 'back':
      return 'it goes one stage back.';
    case 'hold':
      return 'it stays where it is.';
    case 'advance':
      return wish.reason === undefined ? 'it goes one stage on.' : 'another person has to confirm it.';
  }
}

function commandOf(
  wish: Exclude<RolloutWish, { do: 'show' | 'halt' | 'roll-back' }>,
  state: RolloutState,
): PersonCommand {
  switch (wish.do) {
    case 'begin':
      return { type: 'begin', step: state.step };
    case 'advance':
      return wish.reason === undefined ? { type: 'advance' } : { type: 'ask-override', reason: wish.reason };
    case 'hold':
      return { type: 'hold', ...(wish.reason !== undefined && { reason: wish.reason }) };
    case 'resume':
      return { type: 'resume' };
    case 'back':
      return { type: 'back' };
  }
}

/** The same as in the thread, without its buttons: those stay where everybody sees who pressed them. */
async function show(
  desk: Desk,
  spot: Spot,
  state: RolloutState,
  what: 'status' | 'why' | 'plan',
): Promise<void> {
  const view =
    what === 'why'
      ? rolloutWhyView(state)
      : what === 'plan'
        ? rolloutPlanView(state, {})
        : rolloutCardView(state, {});
  const blocks = view.blocks.filter(({ type }) => type !== 'actions');
  await showPrivately(desk, spot, { text: view.text, blocks });
}

async function stop(
  desk: Desk,
  request: {
    readonly id: string;
    readonly command: { readonly type: 'halt' | 'roll-back'; readonly reason?: string };
    readonly by: PersonActor;
    readonly spot: Spot;
  },
): Promise<void> {
  const { spot, by, command } = request;
  const halted = await haltNow(desk, request);
  switch (halted.kind) {
    case 'untouched':
      return stopUntouched(desk, { state: halted.state, command, by, spot });
    case 'refused':
      return tellPrivately(desk, spot, halted.because);
    case 'trying':
      return tellPrivately(
        desk,
        spot,
        `${code(halted.state.flag)} is stopped, but the flag is not off yet: ${safe(halted.because, 500)} It is tried again until it is off.`,
      );
    case 'off': {
      if (spot.thread !== undefined && spot.thread === halted.state.thread) return;
      const where =
        halted.state.channel === undefined
          ? ''
          : ` Its thread in <#${halted.state.channel}> says when all clients have obeyed.`;
      return tellPrivately(desk, spot, `${code(halted.state.flag)} is off.${where}`);
    }
  }
}

/** Who halts wants the flag off, whoever has it on; who only ends a rollout, or owns no more than that, leaves it. */
async function stopUntouched(
  desk: Desk,
  request: {
    readonly state: RolloutState;
    readonly command: { readonly type: 'halt' | 'roll-back'; readonly reason?: string };
    readonly by: PersonActor;
    readonly spot: Spot;
  },
): Promise<void> {
  const { state, command, by, spot } = request;
  if (command.type === 'halt' && mayStop(by))
    return flagOff(desk, {
      flag: state.flag,
      environment: environmentNow(state) ?? desk.environment,
      project: state.plan?.project,
      reason: command.reason,
      about: 'My rollout of it had not begun, and is halted.',
      by,
      spot,
    });
  await tellPrivately(
    desk,
    spot,
    `The rollout of ${code(state.flag)} is stopped before it began; the flag is left as it is.`,
  );
}

import { acceptView } from '../limits/views.ts';
import { warn } from '../messages.ts';
import { closeAll, closeTop, modalsOf, openModal, replaceView } from '../modals.ts';
import type { View } from '../model.ts';
import { Refusal } from '../refusal.ts';
import { wireView } from '../wire.ts';
import type { World } from '../world.ts';
import { formProblems, stateOf, type Values } from './inputs.ts';
import { DONE, forgetWarnings, type Outcome } from './interactions.ts';
import type { Sender } from './sender.ts';

/** Fills and submits the modal on top, and does what the app answers. */
export async function submitModal(
  sender: Sender,
  { user, values }: { readonly user: string; readonly values: Values },
): Promise<Outcome> {
  const { world } = sender;
  const view = modalsOf(world, user).at(-1);
  if (!view) throw new Error(`${user} has no open modal to submit.`);
  const state = stateOf(view.blocks, values);
  const problems = formProblems(view.blocks, state);
  if (Object.keys(problems).length > 0) return { kind: 'errors', errors: problems };
  forgetWarnings(world, user, view.id);
  const answer = await sender.interact({
    ...sender.common(user, view.id),
    type: 'view_submission',
    view: wireView(world, view, state),
    response_urls: [],
  });
  const failed = (): Outcome => {
    const text = 'We had some trouble connecting. Try again?';
    warn(world, { user, target: view.id, actionId: undefined, text });
    return { kind: 'failed', text };
  };
  if (answer.kind === 'failed') return failed();
  try {
    return follow(world, view, answer.payload);
  } catch (error) {
    if (error instanceof Refusal) return failed();
    throw error;
  }
}

/** Closes the modal on top, or with `all` the whole stack, and tells the app when it wants to know. */
export async function closeModal(
  sender: Sender,
  { user, all }: { readonly user: string; readonly all: boolean },
): Promise<Outcome> {
  const { world } = sender;
  const view = modalsOf(world, user).at(-1);
  if (!view) return DONE;
  if (all || view.clearOnClose) closeAll(world, user);
  else closeTop(world, user);
  if (view.notifyOnClose) {
    await sender.interact({
      ...sender.common(user),
      type: 'view_closed',
      view: wireView(world, view),
      is_cleared: all || view.clearOnClose,
    });
  }
  return DONE;
}

/** What the app answered to a submitted form: https://docs.slack.dev/surfaces/modals#response_actions. */
function follow(world: World, view: View, payload: Readonly<Record<string, unknown>>): Outcome {
  switch (payload.response_action) {
    case undefined:
      closeTop(world, view.user);
      return DONE;
    case 'clear':
      closeAll(world, view.user);
      return DONE;
    case 'update':
      replaceView(world, view, acceptView(payload.view, 'modal'));
      return DONE;
    case 'push':
      openModal(world, { ...acceptView(payload.view, 'modal'), user: view.user });
      return DONE;
    case 'errors': {
      const inputs = new Set(
        view.blocks.filter((block) => block.type === 'input').map((block) => block.block_id),
      );
      const errors = Object.entries(payload.errors ?? {}).map(([id, text]) => [id, String(text)] as const);
      if (errors.length === 0 || errors.some(([id]) => !inputs.has(id))) {
        throw new Refusal('invalid_response_action');
      }
      return { kind: 'errors', errors: Object.fromEntries(errors) };
    }
    default:
      throw new Refusal('invalid_response_action');
  }
}

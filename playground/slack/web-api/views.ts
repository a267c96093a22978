import { acceptView } from '../limits/views.ts';
import { closeAll, openModal, replaceView } from '../modals.ts';
import type { View } from '../model.ts';
import { Refusal } from '../refusal.ts';
import { wireView } from '../wire.ts';
import { announce, freshId, type World } from '../world.ts';
import type { Args } from './args.ts';
import type { Method } from './method.ts';

const MOST_STACKED = 3;

const readView = (args: Args): unknown => {
  const view = args.json('view', 'invalid_arguments');
  if (view === undefined) args.need('view');
  return view;
};

function refuseTakenExternalId(world: World, externalId: string, except?: string): void {
  if (externalId === '') return;
  const taken = [...world.views.values()].some(
    (view) => view.externalId === externalId && view.id !== except,
  );
  if (taken) throw new Refusal('duplicate_external_id');
}

const open: Method = {
  scopes: [],
  token: 'bot',
  run(args, { world, triggers }) {
    const accepted = acceptView(readView(args), 'modal');
    refuseTakenExternalId(world, accepted.externalId);
    const trigger = triggers.redeem(args.need('trigger_id'));
    closeAll(world, trigger.user);
    return { view: wireView(world, openModal(world, { ...accepted, user: trigger.user })) };
  },
};

const push: Method = {
  scopes: [],
  token: 'bot',
  run(args, { world, triggers }) {
    const accepted = acceptView(readView(args), 'modal');
    refuseTakenExternalId(world, accepted.externalId);
    const trigger = triggers.redeem(args.need('trigger_id'));
    const stack = world.stacks.get(trigger.user) ?? [];
    if (trigger.viewId === undefined || !stack.includes(trigger.viewId)) throw new Refusal('not_found');
    if (stack.length >= MOST_STACKED) throw new Refusal('push_limit_reached');
    return { view: wireView(world, openModal(world, { ...accepted, user: trigger.user })) };
  },
};

const update: Method = {
  scopes: [],
  token: 'bot',
  run(args, { world }) {
    const id = args.text('view_id');
    const externalId = args.text('external_id');
    if (id === undefined && externalId === undefined) args.need('view_id');
    const view = [...world.views.values()].find(
      (each) => each.id === id || (externalId !== undefined && each.externalId === externalId),
    );
    if (!view) throw new Refusal('not_found');
    const accepted = acceptView(readView(args), view.type);
    const hash = args.text('hash');
    if (hash !== undefined && hash !== view.hash) throw new Refusal('hash_conflict');
    refuseTakenExternalId(world, accepted.externalId, view.id);
    return { view: wireView(world, replaceView(world, view, accepted)) };
  },
};

const publish: Method = {
  scopes: [],
  token: 'bot',
  run(args, { world }) {
    const user = args.need('user_id', 'user_not_found');
    if (!world.users.has(user)) throw new Refusal('user_not_found');
    const accepted = acceptView(readView(args), 'home');
    const previous = world.homes.get(user);
    const hash = args.text('hash');
    if (hash !== undefined && previous && hash !== previous.hash) throw new Refusal('hash_conflict');
    const id = previous?.id ?? freshId('V');
    const view: View = { ...accepted, id, user, rootViewId: id, previousViewId: undefined };
    world.homes.set(user, view);
    announce(world, { kind: 'view', view });
    return { view: wireView(world, view) };
  },
};

/** https://docs.slack.dev/reference/methods?family=views */
export const viewMethods: Readonly<Record<string, Method>> = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
};

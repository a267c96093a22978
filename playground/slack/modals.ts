import type { AcceptedView } from './limits/views.ts';
import type { View } from './model.ts';
import { announce, freshId, type World } from './world.ts';

/** A person's stack of modals: at most three, the one on top last. */

export function openModal(world: World, given: AcceptedView & { readonly user: string }): View {
  const stack = world.stacks.get(given.user) ?? [];
  const id = freshId('V');
  const view: View = { ...given, id, rootViewId: stack[0] ?? id, previousViewId: stack.at(-1) };
  world.views.set(id, view);
  world.stacks.set(given.user, [...stack, id]);
  announce(world, { kind: 'view', view });
  return view;
}

export function replaceView(world: World, view: View, accepted: AcceptedView): View {
  const replaced: View = { ...view, ...accepted };
  if (view.type === 'home') world.homes.set(view.user, replaced);
  else world.views.set(view.id, replaced);
  announce(world, { kind: 'view', view: replaced });
  return replaced;
}

/** Takes the top view away; the one below it shows again. */
export function closeTop(world: World, user: string): void {
  const stack = world.stacks.get(user) ?? [];
  const top = stack.at(-1);
  if (top === undefined) return;
  world.views.delete(top);
  world.stacks.set(user, stack.slice(0, -1));
  announce(world, { kind: 'other' });
}

export function closeAll(world: World, user: string): void {
  for (const id of world.stacks.get(user) ?? []) world.views.delete(id);
  world.stacks.delete(user);
  announce(world, { kind: 'other' });
}

export function modalsOf(world: World, user: string): readonly View[] {
  return (world.stacks.get(user) ?? []).flatMap((id) => world.views.get(id) ?? []);
}

import { waitsForPerson } from '../domain/feature/waiting.ts';
import { rolloutWaitsForPerson } from '../domain/rollout/waiting.ts';
import { calling } from './calling.ts';
import type { Desk } from './desk.ts';
import { openFeatures } from './open-features.ts';
import { openRollouts } from './rollouts/open-rollouts.ts';
import { homeOf } from './views/index.ts';

/** The App Home: what this person asked for and rolls out, and what waits for them. */
export async function publishHome(desk: Desk, user: string): Promise<void> {
  const features = await openFeatures(desk, user);
  const rollouts = await openRollouts(desk, user);
  const approvers = await desk.people.holdersOf('approve');
  const person = { id: user, approves: approvers.includes(user) };
  const view = homeOf({
    mine: features.filter((state) => state.request?.by.id === user).slice(0, 20),
    waiting: features.filter((state) => waitsForPerson(state, person)).slice(0, 20),
    rollouts: {
      mine: rollouts.filter((state) => state.owner?.id === user).slice(0, 20),
      waiting: rollouts.filter((state) => rolloutWaitsForPerson(state, user)).slice(0, 20),
    },
  });
  await calling(`publishing the home of ${user}`, () =>
    desk.client.views.publish({ user_id: user, view: { type: 'home', blocks: [...view] } }),
  );
}

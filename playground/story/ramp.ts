import { setTimeout as pause } from 'node:timers/promises';
import { badChange, badChangeMessage } from '../production/bad-change.ts';
import type { Message } from '../slack/model.ts';
import type { World } from '../world.ts';
import { actIn, buttonIn } from './act.ts';

export type Ramped = {
  /** When the change that does harm was in production (ISO 8601). */
  readonly deviationAt: string;
};

const repository = 'acme/shop';
const maria = 'maria';
const jonas = 'jonas';
const raj = 'U0RAJ';
const tom = 'U0TOM';

/** The path that the change which does harm touches. */
const harmed = 'src/delivery.ts';

/**
 * The story of the first ramp: maria merges, the shop is deployed and open, stages climb on proof. At 25 % jonas
 * deploys a change that breaks orders of those who have the feature. The halt comes by itself; tom, who is on
 * call, rolls back. Ends when that is
 * told; the fix was offered with the halt.
 */
export async function playRamp(
  world: World,
  story: {
    readonly thread: string;
    readonly pullRequest: number;
    /** The percentage of the newest stage, however that is found out. */
    readonly percent: () => Promise<number>;
    readonly patienceMs?: number;
  },
): Promise<Ramped> {
  const { release, github, slack } = world;
  if (!release) throw new Error('This world has no production to ramp anything up in.');
  const { thread, pullRequest, percent, patienceMs = 120_000 } = story;
  const act = actIn(slack, { patienceMs });
  const at = { repository, number: pullRequest, login: maria };
  release.open();
  await github.people.readyForReview(at);
  await release.deploy(await github.people.merge(at));
  await beginIfAsked();
  await until(async () => (await percent()) >= 25, patienceMs);
  const content = await github.people.read(repository, 'main', harmed);
  if (content === undefined) throw new Error(`There is no ${harmed} on main of ${repository}.`);
  const broken = await github.people.commit({
    repository,
    branch: 'main',
    files: { ...badChange({ [harmed]: content }) },
    message: badChangeMessage,
    login: jonas,
  });
  await release.deploy(broken);
  const deviationAt = new Date().toISOString();
  // The message of its own, with the chart; the card says it first.
  await until(async () => (await slack.thread(thread)).some(offersFix), patienceMs);
  await act.see(thread, /obeyed/i);
  await act.press(tom, thread, /roll back/i);
  await act.see(thread, /rolled back/i);
  return { deviationAt };

  /** Without traffic that was counted nothing can be foretold, and the owner is asked. */
  async function beginIfAsked(): Promise<void> {
    const asked = async () =>
      (await slack.thread(thread)).some((message) => buttonIn(message, /^begin/i) !== undefined);
    await until(async () => (await percent()) > 0 || (await asked()), patienceMs);
    if ((await percent()) === 0) await act.press(raj, thread, /^begin/i);
  }
}

function offersFix(message: Message): boolean {
  return buttonIn(message, /open fix job/i) !== undefined;
}

async function until(holds: () => Promise<boolean>, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('The rollout did not get on in time.');
    await pause(200);
  }
}

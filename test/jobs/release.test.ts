import { afterEach, expect, test } from 'vitest';
import { NotYet, TryAgain } from '../../src/errors.ts';
import { startRollout } from '../../src/jobs/start-rollout.ts';
import { watchPullRequest } from '../../src/jobs/watch-pull-request.ts';
import type { PullRequestOutcome } from '../../src/ports.ts';
import { startStory } from '../domain/feature/story.ts';
import { as, type Bench, setBench, thrownBy } from './bench.ts';

let bench: Bench;
afterEach(() => bench.close());

function proposed() {
  const story = startStory({ rollout: true }).untilProof();
  story.prove('pass');
  story.propose();
  return story;
}

/** Watches the pull request once, when the forge answers that. */
async function watchWhen(outcome: () => Promise<PullRequestOutcome>) {
  bench = await setBench();
  const story = proposed();
  const forge = { ...bench.tools.forge, outcome };
  const key = `watch-pull-request/${story.state().step}`;
  return bench.run((tools) => watchPullRequest({ ...tools, forge }), story.state(), { key });
}

test('an open pull request is looked at again later', async () => {
  const thrown = await thrownBy(watchWhen(async () => ({ kind: 'open' })));
  expect(thrown).toBeInstanceOf(NotYet);
  expect(thrown).toMatchObject({ afterMs: 60_000 });
});

test('a forge that does not answer is asked again, no sooner than it says', async () => {
  const busy = new TryAgain('GitHub asks to wait.', { afterMs: 90_000 });
  const thrown = await thrownBy(watchWhen(() => Promise.reject(busy)));
  expect(thrown).toBeInstanceOf(NotYet);
  expect(thrown).toMatchObject({ message: 'GitHub asks to wait.', afterMs: 90_000 });
});

test('a merge is told with its commit and who made it', async () => {
  const command = await watchWhen(async () => ({ kind: 'merged', sha: 'b'.repeat(40), by: 'maria' }));
  expect(command).toMatchObject({ type: 'pull-request-merged', sha: 'b'.repeat(40), by: 'maria' });
});

test('a close is told', async () => {
  expect(await watchWhen(async () => ({ kind: 'closed' }))).toMatchObject({ type: 'pull-request-closed' });
});

test('the rollout of a merged feature carries its name, its flag and its thread', async () => {
  bench = await setBench();
  const story = proposed();
  const { step } = story.state();
  story.answer({
    type: 'pull-request-merged',
    key: `watch-pull-request/${step}`,
    sha: 'a'.repeat(40),
    by: 'maria',
  });
  const command = as(
    'rollout-started',
    await bench.run(startRollout, story.state(), { key: `start-rollout/${step}` }),
  );
  expect(command.rollout).toBe('r-test');
  expect(bench.started).toEqual([
    {
      type: 'start',
      id: 'r-test',
      flag: 'free-shipping',
      title: 'Free shipping',
      origin: { kind: 'feature', feature: 'f-test', repository: 'acme/shop' },
      owner: { id: 'U0RAJ', name: 'raj' },
      channel: 'C0SHOP',
      thread: '1.000',
      createFlag: true,
    },
  ]);
});

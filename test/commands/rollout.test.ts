import { describe, expect, test } from 'vitest';
import type { Input } from '../../commands/command.ts';
import { commands } from '../../commands/index.ts';
import { planFrom, startStory } from '../domain/rollout/story.ts';

function rolloutOf(flag: string, id: string, then?: (story: ReturnType<typeof startStory>) => unknown) {
  const story = startStory({ plan: planFrom({ environments: ['staging', 'production'] }) });
  story.start({ flag, id });
  then?.(story);
  return story.state();
}
const kim = { kind: 'person', id: 'U0KIM', name: 'kim', rights: ['on-call'] } as const;
const over = rolloutOf('gift-wrap', 'r-over', (story) => story.ask({ type: 'roll-back' }, kim));
const newer = rolloutOf('gift-wrap', 'r-newer');
const delivery = rolloutOf('free-delivery', 'r-delivery');
const exposed = rolloutOf('exposed', 'r-exposed', (story) => story.readPlan());
const older = rolloutOf('done', 'r-old', (story) => story.ask({ type: 'roll-back' }, kim));
const done = {
  ...rolloutOf('done', 'r-done', (story) => story.readPlan()),
  phase: { kind: 'finished', at: '2026-11-22T11:00:00.000Z' },
  environment: 1,
  startedAt: '2026-11-22T10:00:00.000Z',
} as const;

function run(name: string, text: string, more: Partial<Input> = {}) {
  const command = commands.find((candidate) => candidate.name === name);
  return command?.run({
    text,
    person: { id: 'U0RAJ', name: 'raj', approves: false },
    longest: 4000,
    features: async () => [],
    rollouts: async () => [over, newer, delivery, exposed],
    queue: async () => ({}),
    ...more,
  });
}
const told = (text: RegExp) => ({ kind: 'tell', text: expect.stringMatching(text) });
const wish = (id: string, wanted: object) => ({ kind: 'rollout', id, wish: wanted });

describe('/rollout', () => {
  test.each<[string, object]>([
    ['start wishlist', { kind: 'start-rollout', flag: 'wishlist' }],
    [
      'start wishlist in staging, production stages 1, 5,25 %',
      {
        kind: 'start-rollout',
        flag: 'wishlist',
        environments: ['staging', 'production'],
        stages: [1, 5, 25],
      },
    ],
    [
      'START wishlist stages 1,5 in staging',
      { kind: 'start-rollout', flag: 'wishlist', environments: ['staging'], stages: [1, 5] },
    ],
    ['start free-delivery', wish('r-delivery', { do: 'begin' })],
    ['start wishlist stages 5,1', told(/each more than the one before/)],
    ['start wishlist stages 0.5', told(/whole percents/)],
    ['start wishlist in', told(/come the environments/)],
    ['start wishlist tomorrow', told(/do not understand `tomorrow`/)],
    ['start <!channel>', told(/cannot be the name of a flag/)],
    ['start', told(/Say which flag/)],
    ['status free-delivery', wish('r-delivery', { do: 'show', what: 'status' })],
    ['why Free-Delivery', wish('r-delivery', { do: 'show', what: 'why' })],
    ['plan free-delivery', wish('r-delivery', { do: 'show', what: 'plan' })],
    ['plan wishlist', told(/shows it before anybody is exposed/)],
    ['hold free-delivery because of the sale', wish('r-delivery', { do: 'hold', reason: 'of the sale' })],
    ['hold gift-wrap', wish('r-newer', { do: 'hold' })],
    ['resume free-delivery', wish('r-delivery', { do: 'resume' })],
    ['advance free-delivery', wish('r-delivery', { do: 'advance' })],
    [
      'advance free-delivery support sees nothing',
      wish('r-delivery', { do: 'advance', reason: 'support sees nothing' }),
    ],
    ['back free-delivery', wish('r-delivery', { do: 'back' })],
    ['halt free-delivery orders fail', wish('r-delivery', { do: 'halt', reason: 'orders fail' })],
    ['rollback free-delivery', wish('r-delivery', { do: 'roll-back' })],
    ['hold free-delivry', told(/no rollout of the flag `free-delivry`.*Did you mean `free-delivery`/)],
    ['hold delivery', told(/Did you mean `free-delivery`/)],
    ['hold x`<!here>', told(/`x&lt;!here&gt;`/)],
    ['hold', told(/Say of which flag/)],
    ['fly', told(/There is no `\/rollout` `fly`/)],
    ['help', told(/\/halt all/)],
    ['', told(/Rollouts under way[\s\S]*`gift-wrap`[\s\S]*Over[\s\S]*Rollouts\*? take a flag/)],
    ['list', told(/Rollouts under way/)],
  ])('%s', async (text, reply) => expect(await run('/rollout', text)).toEqual(reply));

  test.each<[string, object]>([
    ['hold because of the sale', wish('r-delivery', { do: 'hold', reason: 'of the sale' })],
    ['hold', wish('r-delivery', { do: 'hold' })],
    ['why', wish('r-delivery', { do: 'show', what: 'why' })],
    ['', wish('r-delivery', { do: 'show', what: 'status' })],
    ['start', wish('r-delivery', { do: 'begin' })],
    ['hold gift-wrap', wish('r-newer', { do: 'hold' })],
  ])('in the thread of a rollout: %s', async (text, reply) =>
    expect(await run('/rollout', text, { here: delivery })).toEqual(reply),
  );
});

test('a list says what waits for its owner', async () => {
  const waits = rolloutOf('wishlist', 'r-waits', (story) => story.readPlan(null));
  const rollouts = async () => [waits, delivery];
  expect(await run('/rollout', 'list', { rollouts })).toEqual(
    told(/`wishlist`: planned, waits for its owner in `staging`[\s\S]*`free-delivery`: planned(?!,)/),
  );
});

describe('/halt', () => {
  test.each<[string, object]>([
    ['free-delivery', wish('r-delivery', { do: 'halt' })],
    ['free-delivery because orders fail', wish('r-delivery', { do: 'halt', reason: 'orders fail' })],
    ['all', { kind: 'halt-all' }],
    ['all staging', { kind: 'halt-all', environment: 'staging' }],
    [
      'all in staging because of an outage',
      { kind: 'halt-all', environment: 'staging', reason: 'of an outage' },
    ],
    ['all because of an outage', { kind: 'halt-all', reason: 'of an outage' }],
    ['wishlist', { kind: 'switch-off', flag: 'wishlist' }],
    ['exposed in staging it burns', wish('r-exposed', { do: 'halt', reason: 'it burns' })],
    ['exposed in the cart orders fail', wish('r-exposed', { do: 'halt', reason: 'in the cart orders fail' })],
    ['exposed in production', { kind: 'switch-off', flag: 'exposed', environment: 'production' }],
    [
      'wishlist in staging it burns',
      { kind: 'switch-off', flag: 'wishlist', environment: 'staging', reason: 'it burns' },
    ],
    ['wishlist it burns', { kind: 'switch-off', flag: 'wishlist', reason: 'it burns' }],
    ['<@U1>', told(/cannot be the name of a flag/)],
    ['', told(/Say which flag/)],
  ])('%s', async (text, reply) => expect(await run('/halt', text)).toEqual(reply));

  test('a flag whose rollout is over is switched off all the same', async () => {
    const reply = await run('/halt', 'gift-wrap', { rollouts: async () => [over] });
    expect(reply).toEqual({ kind: 'switch-off', flag: 'gift-wrap' });
  });

  test.each<[string, string, string, object]>([
    ['/halt', 'done it burns', 'is rolled back', wish('r-done', { do: 'halt', reason: 'it burns' })],
    ['/halt', 'done in production', 'is rolled back', wish('r-done', { do: 'halt' })],
    [
      '/halt',
      'done in staging',
      'is left, elsewhere',
      { kind: 'switch-off', flag: 'done', environment: 'staging' },
    ],
    ['/rollout', 'halt done', 'is rolled back', wish('r-done', { do: 'halt' })],
    ['/rollout', 'rollback done', 'is rolled back', wish('r-done', { do: 'roll-back' })],
  ])('%s %s: the finished rollout %s', async (name, text, _what, reply) => {
    const rollouts = async () => [older, done];
    expect(await run(name, text, { rollouts })).toEqual(reply);
  });

  test('of two rollouts of a flag the one that exposes users is meant', async () => {
    const older = rolloutOf('exposed', 'r-older', (story) => {
      story.readPlan();
      story.check();
      story.rehearse();
    });
    const waiting = { ...rolloutOf('exposed', 'r-waiting'), startedAt: '2026-11-22T10:00:00.000Z' };
    const reply = await run('/halt', 'exposed', { rollouts: async () => [waiting, older] });
    expect(reply).toEqual(wish('r-older', { do: 'halt' }));
  });

  test('in a thread the flag may be left out', async () => {
    expect(await run('/halt', 'orders fail', { here: delivery })).toEqual(
      wish('r-delivery', { do: 'halt', reason: 'orders fail' }),
    );
  });
});

describe('words in a mention', () => {
  const heardBy = (text: string, here = false) =>
    commands.flatMap(({ name, hears }) => {
      const words = hears?.(text, { here, flags: ['free-delivery'] });
      return words === undefined ? [] : [[name, words]];
    })[0];
  test.each<[string, boolean, [string, string] | undefined]>([
    ['hold free-delivery because it rains', false, ['/rollout', 'hold free-delivery because it rains']],
    ['rollout list', false, ['/rollout', 'list']],
    ['/rollout start wishlist', false, ['/rollout', 'start wishlist']],
    ['start wishlist', false, ['/rollout', 'start wishlist']],
    ['start wishlist in staging', false, ['/rollout', 'start wishlist in staging']],
    ['halt anything', false, ['/halt', 'anything']],
    ['halt anything because it burns', false, ['/halt', 'anything because it burns']],
    ['halt free-delivery orders fail', false, ['/halt', 'free-delivery orders fail']],
    ['halt all', false, ['/halt', 'all']],
    ['halt', true, ['/halt', '']],
    ['halt the payment when the card is refused', false, undefined],
    ['why', true, ['/rollout', 'why']],
    ['why', false, undefined],
    ['start showing prices with tax', false, undefined],
    ['list the orders by date', false, undefined],
    ['back to the cart after the payment', false, undefined],
  ])('%s (in its thread: %s)', (text, here, heard) => expect(heardBy(text, here)).toEqual(heard));
});

describe('/slipway', () => {
  test('shows rollouts beside features', async () => {
    const text = JSON.stringify(await run('/slipway', 'running'));
    expect(text).toMatch(/`free-delivery`: planned/);
    expect(text).not.toMatch(/rolled back/);
  });

  test('a rollout that waits for its owner is theirs', async () => {
    const waits = rolloutOf('wishlist', 'r-waits', (story) => story.readPlan(null));
    const rollouts = async () => [waits];
    expect(JSON.stringify(await run('/slipway', 'mine', { rollouts }))).toMatch(/wishlist/);
    const other = { person: { id: 'U0ANA', name: 'ana', approves: true }, rollouts };
    expect(JSON.stringify(await run('/slipway', 'mine', other))).toMatch(/nothing/);
  });
});

import { expect, test } from 'vitest';
import type { Ring } from '../../src/engine/queue.ts';
import { createRinger } from '../../src/engine/ringer.ts';
import { keptLog } from './errand.ts';

const ringFor = (key: string, lane: Ring['lane'] = 'watch'): Ring => ({
  bell: { processId: 'r-1', key },
  lane,
  dueAt: new Date(0),
  round: '',
});

/** A queue that notes what it was asked to ring, and is done with it when the test says so. */
function slowQueue() {
  const asked: { readonly keys: readonly string[]; done(error?: Error): void }[] = [];
  const ring = (rings: readonly Ring[]) =>
    new Promise<void>((resolve, reject) =>
      asked.push({
        keys: rings.map(({ bell }) => bell.key),
        done: (error) => (error ? reject(error) : resolve()),
      }),
    );
  return { asked, ring };
}

test('rings at once, and together what comes meanwhile', async () => {
  const queue = slowQueue();
  const ringer = createRinger({ queue, log: keptLog() });
  for (const key of ['a', 'b', 'c']) ringer.ring([ringFor(key)]);
  expect(queue.asked.map(({ keys }) => keys)).toEqual([['a']]);
  queue.asked[0]?.done();
  await expect.poll(() => queue.asked.map(({ keys }) => keys)).toEqual([['a'], ['b', 'c']]);
  queue.asked[1]?.done();
  await ringer.settled();
});

test('a lane does not wait for another, and a bell that cannot ring stops none', async () => {
  const queue = slowQueue();
  const ringer = createRinger({ queue, log: keptLog() });
  ringer.ring([ringFor('a')]);
  ringer.ring([ringFor('b')]);
  ringer.ring([ringFor('off', 'halt')]);
  expect(queue.asked.map(({ keys }) => keys)).toEqual([['a'], ['off']]);
  queue.asked[0]?.done(new Error('Redis is down.'));
  queue.asked[1]?.done();
  await expect.poll(() => queue.asked.map(({ keys }) => keys)).toEqual([['a'], ['off'], ['b']]);
  queue.asked[2]?.done();
  await ringer.settled();
});

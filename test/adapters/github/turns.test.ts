import { describe, expect, it } from 'vitest';
import { makeTurns } from '../../../src/adapters/github/turns.ts';

describe('makeTurns', () => {
  const never = new AbortController().signal;

  it('does work with the same key one after the other, in the order it came, also after one that failed', async () => {
    const inTurn = makeTurns();
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} starts`);
      await new Promise(setImmediate);
      log.push(`${name} ends`);
      if (name === 'b') throw new Error('b failed');
      return name;
    };
    const results = await Promise.allSettled(
      ['a', 'b', 'c'].map((name) => inTurn('same', never, work(name))),
    );
    expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('does not make work with another key wait', async () => {
    const inTurn = makeTurns();
    const blocked = Promise.withResolvers<void>();
    const first = inTurn('one', never, () => blocked.promise);
    expect(await inTurn('two', never, async () => 'done')).toBe('done');
    blocked.resolve();
    await first;
  });

  it('lets who waits go when the signal says so, and never starts that work', async () => {
    const inTurn = makeTurns();
    const blocked = Promise.withResolvers<void>();
    const first = inTurn('same', never, () => blocked.promise);
    const stop = new AbortController();
    let started = false;
    const waiting = inTurn('same', stop.signal, async () => {
      started = true;
    });
    stop.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    blocked.resolve();
    await first;
    expect(await inTurn('same', never, async () => 'next')).toBe('next');
    expect(started).toBe(false);
  });
});

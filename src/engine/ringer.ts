import type { Lane } from '../domain/process.ts';
import { sentenceOf } from '../errors.ts';
import type { Queue, Ring } from './queue.ts';
import type { Log } from './types.ts';

export type Ringer = {
  /** Nobody waits for the bell: when it cannot ring now, the sweep will. */
  ring(rings: readonly Ring[]): void;
  /** Done when everything rung so far has been, or could not be. */
  settled(): Promise<void>;
};

/**
 * Rings at once while it is quiet, and whatever comes while a lane is being rung together: one call of the
 * queue costs about as much for a hundred bells as for one. Lanes do not wait for each other.
 */
export function createRinger(options: { readonly queue: Pick<Queue, 'ring'>; readonly log: Log }): Ringer {
  const { queue, log } = options;
  const waiting = new Map<Lane, Ring[]>();
  const ringing = new Map<Lane, Promise<void>>();
  const ringLane = async (lane: Lane) => {
    for (let rings = waiting.get(lane); rings; rings = waiting.get(lane)) {
      waiting.delete(lane);
      await queue
        .ring(rings)
        .catch((error: unknown) => log.warn('The bell did not ring', { error: sentenceOf(error) }));
    }
    ringing.delete(lane);
  };
  return {
    ring: (rings) => {
      for (const [lane, ofLane] of Map.groupBy(rings, (ring) => ring.lane)) {
        waiting.set(lane, [...(waiting.get(lane) ?? []), ...ofLane]);
        if (!ringing.has(lane)) ringing.set(lane, ringLane(lane));
      }
    },
    settled: async () => {
      await Promise.all(ringing.values());
    },
  };
}

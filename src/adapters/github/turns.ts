/** Does pieces of work with the same key one after the other. */
export type InTurn = <T>(key: string, signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

/**
 * Two fetches into one mirror would stumble over each other's locks. Who waits for a turn still stops at
 * once when the signal is aborted.
 */
export function makeTurns(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return async (key, signal, work) => {
    const before = last.get(key) ?? Promise.resolve();
    const mine = before.then(() => {
      signal.throwIfAborted();
      return work();
    });
    const over = mine.catch(() => undefined);
    last.set(key, over);
    void over.then(() => last.get(key) === over && last.delete(key));
    let stop = () => {};
    const stopped = new Promise<never>((_, reject) => {
      stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
    });
    try {
      return await Promise.race([mine, stopped]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  };
}

import type { Bell } from './queue.ts';

/** The jobs this worker has in hand. */
export type Running = {
  has(work: Bell): boolean;
  /** Undefined when it is in hand already. */
  add(work: Bell): { readonly signal: AbortSignal; done(): void } | undefined;
  processes(): readonly string[];
  /** Aborts the jobs of a process that are not among its pending ones any more. */
  keepOnly(processId: string, keys: readonly string[], reason: string): void;
  abortAll(reason: string): void;
  /** Resolves when nothing is in hand. */
  whenEmpty(): Promise<void>;
};

export function createRunning(): Running {
  const inHand = new Map<string, { readonly work: Bell; readonly controller: AbortController }>();
  let waiting: (() => void)[] = [];
  const nameOf = (work: Bell) => JSON.stringify([work.processId, work.key]);
  return {
    has: (work) => inHand.has(nameOf(work)),
    add: (work) => {
      const name = nameOf(work);
      if (inHand.has(name)) return undefined;
      const controller = new AbortController();
      inHand.set(name, { work, controller });
      return {
        signal: controller.signal,
        done: () => {
          inHand.delete(name);
          if (inHand.size > 0) return;
          for (const resolve of waiting) resolve();
          waiting = [];
        },
      };
    },
    processes: () => [...new Set([...inHand.values()].map(({ work }) => work.processId))],
    keepOnly: (processId, keys, reason) => {
      for (const { work, controller } of inHand.values()) {
        if (work.processId === processId && !keys.includes(work.key)) controller.abort(new Error(reason));
      }
    },
    abortAll: (reason) => {
      for (const { controller } of inHand.values()) controller.abort(new Error(reason));
    },
    whenEmpty: () =>
      inHand.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)),
  };
}

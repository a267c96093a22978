import { sentenceOf } from '../errors.ts';
import type { Log } from './types.ts';

export type Sweep = { stop(): Promise<void> };

/** Does `work` now and then every `everyMs`, never twice at once. A failure is logged; the next round repairs it. */
export function startSweep(options: {
  readonly everyMs: number;
  readonly name: string;
  readonly log: Log;
  work(): Promise<void>;
}): Sweep {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const round = async (): Promise<void> => {
    try {
      await options.work();
    } catch (error) {
      options.log.warn(`The sweep of ${options.name} did not come to its end`, { error: sentenceOf(error) });
    }
    if (!stopped) timer = setTimeout(next, options.everyMs);
  };
  let current: Promise<void>;
  const next = () => {
    current = round();
  };
  current = round();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}

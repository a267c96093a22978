import type { Lane, PendingJob, Place, Process } from '../../src/domain/process.ts';
import type { Log } from '../../src/engine/types.ts';

/** The smallest process with work to do, a thread and an end: errands that are asked for and done. */
export type ErrandState = {
  readonly open: readonly PendingJob[];
  readonly done: readonly string[];
  readonly failed: readonly string[];
  readonly stopped: boolean;
  readonly place?: Place;
};
export type ErrandCommand =
  | {
      readonly kind: 'ask';
      readonly key: string;
      readonly name?: string;
      readonly lane?: Lane;
      readonly notBefore?: string;
    }
  | { readonly kind: 'finish'; readonly key: string; readonly note?: string }
  | { readonly kind: 'fail'; readonly key: string; readonly reason: string }
  | { readonly kind: 'settle'; readonly place: Place }
  | { readonly kind: 'look' }
  | { readonly kind: 'stop' };
export type ErrandEvent =
  | { readonly type: 'asked'; readonly because: string; readonly job: PendingJob }
  | { readonly type: 'finished'; readonly because: string; readonly key: string; readonly note: string }
  | { readonly type: 'failed'; readonly because: string; readonly key: string }
  | { readonly type: 'settled'; readonly because: string; readonly place: Place }
  | { readonly type: 'stopped'; readonly because: string };

export const errand: Process<ErrandState, ErrandCommand, ErrandEvent> = {
  kind: 'feature',
  initial: { open: [], done: [], failed: [], stopped: false },
  decide: (state, command, by) => {
    const who = by.kind === 'person' ? by.name : by.name;
    if (command.kind === 'look') return { accept: [] };
    if (state.stopped) return { refuse: 'This was stopped.' };
    switch (command.kind) {
      case 'ask': {
        const { key, name = 'run', lane = 'call', notBefore } = command;
        const job = { key, name, lane, ...(notBefore && { notBefore }) };
        return { accept: [{ type: 'asked', because: `${who} asked for ${key}.`, job }] };
      }
      case 'finish':
        if (!state.open.some((job) => job.key === command.key)) return { refuse: 'Nobody waits for this.' };
        return {
          accept: [
            {
              type: 'finished',
              because: `${who} finished ${command.key}.`,
              key: command.key,
              note: command.note ?? '',
            },
          ],
        };
      case 'fail':
        return { accept: [{ type: 'failed', because: command.reason, key: command.key }] };
      case 'settle':
        return { accept: [{ type: 'settled', because: `${who} chose the thread.`, place: command.place }] };
      case 'stop':
        return { accept: [{ type: 'stopped', because: `${who} stopped it.` }] };
    }
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'asked':
        return { ...state, open: [...state.open, event.job] };
      case 'finished':
        return {
          ...state,
          open: state.open.filter((job) => job.key !== event.key),
          done: [...state.done, `${event.key}${event.note}`],
        };
      case 'failed':
        return {
          ...state,
          open: state.open.filter((job) => job.key !== event.key),
          failed: [...state.failed, event.because],
        };
      case 'settled':
        return { ...state, place: event.place };
      case 'stopped':
        return { ...state, stopped: true, open: [] };
    }
  },
  pendingJobs: (state) => state.open,
  placeOf: (state) => state.place,
};

export const maria = { kind: 'person', id: 'U1', name: 'Maria', rights: ['request'] } as const;

/** A log that is kept, so that a failing test can be understood and a sentence can be looked for. */
export function keptLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (level: string) => (message: string, fields?: object) => {
    lines.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
  };
  return { lines, info: keep('info'), warn: keep('warn'), error: keep('error') };
}

/** Waits for a condition, and says what was awaited when it does not come. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  deadlineMs = 15_000,
): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`This did not happen within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

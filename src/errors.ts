import type { Usage } from './ports.ts';

/**
 * The two ways work can go wrong, and the one in which it only waits. Every adapter turns each of its system's errors into one of them,
 * and the worker handles both exhaustively. `reason` is a sentence for the person who can act.
 */

/** It may work later: a limit, a time-out, a service that is down. `afterMs` is how long the other side asked us to wait. */
export class TryAgain extends Error {
  override readonly name = 'TryAgain';
  readonly afterMs: number | undefined;
  constructor(reason: string, options: { afterMs?: number; cause?: unknown } = {}) {
    super(reason, { cause: options.cause });
    this.afterMs = options.afterMs;
  }
}

/** What is waited for has not happened: nothing went wrong, and it is looked at again after that time. */
export class NotYet extends Error {
  override readonly name = 'NotYet';
  readonly afterMs: number;
  constructor(reason: string, options: { afterMs: number }) {
    super(reason);
    this.afterMs = options.afterMs;
  }
}

/** It will not work until a person changes something. */
export class GiveUp extends Error {
  override readonly name: string = 'GiveUp';
  constructor(reason: string, options: { cause?: unknown } = {}) {
    super(reason, { cause: options.cause });
  }
}

/** A model answered, and answered again when told what was wrong, and neither answer can be used. The tries cost something all the same. */
export class BadAnswer extends GiveUp {
  override readonly name = 'BadAnswer';
  readonly usage: Usage;
  constructor(reason: string, options: { usage: Usage; cause?: unknown }) {
    super(reason, { cause: options.cause });
    this.usage = options.usage;
  }
}

/** The sentence of any thrown value. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

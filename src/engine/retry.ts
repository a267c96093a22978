import type { Lane } from '../domain/process.ts';

/** How often work is tried, and how long it rests in between: `firstMs`, then twice as long each time, at most `maxMs`. */
export type Retry = { readonly tries: number; readonly firstMs: number; readonly maxMs: number };

export const usualRetry: Readonly<Record<Lane, Retry>> = {
  think: { tries: 5, firstMs: 1000, maxMs: 60_000 },
  build: { tries: 5, firstMs: 1000, maxMs: 60_000 },
  call: { tries: 5, firstMs: 1000, maxMs: 60_000 },
  watch: { tries: 5, firstMs: 1000, maxMs: 60_000 },
  /** The process hears soon that it failed, says so loudly, and asks again for as long as it takes. */
  halt: { tries: 2, firstMs: 250, maxMs: 2000 },
  tell: { tries: 5, firstMs: 1000, maxMs: 60_000 },
};

/** How long to rest after the `tries`-th try; what the other side asked for is respected. */
export function restAfter(tries: number, retry: Retry, askedMs?: number): number {
  return Math.max(askedMs ?? 0, Math.min(retry.maxMs, retry.firstMs * 2 ** (tries - 1)));
}

import { createHash } from 'node:crypto';
import type { Actor, DomainEvent } from '../domain/process.ts';
import { canonical } from './json.ts';

/** What the hash of an event covers. `data` is the event without `type` and `because`. */
export type Link = {
  readonly seq: number;
  readonly processId: string;
  readonly kind: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly actor: Actor;
  readonly because: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string;
};

/** What the first event of a chain holds on to. */
export const noHash = '0'.repeat(64);

/** The hash of an event: SHA-256 over the hash before it and its own canonical JSON (RFC 8785). */
export function hashOf(previous: string, link: Link): string {
  return createHash('sha256')
    .update(`slipway event 1\n${previous}\n${canonical(link)}`)
    .digest('hex');
}

/** Takes an event apart into its columns. */
export function toColumns(event: DomainEvent): Pick<Link, 'type' | 'because' | 'data'> {
  const { type, because, ...data } = event;
  return { type, because, data };
}

/** Puts an event together again. */
export function toEvent(link: Pick<Link, 'type' | 'because' | 'data'>): DomainEvent {
  return { ...link.data, type: link.type, because: link.because };
}

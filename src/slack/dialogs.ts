import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { PersonCommand } from '../domain/feature/commands.ts';
import { ask } from './asks.ts';
import { type Desk, type PersonActor, type Spot, sendAs, tellPrivately } from './desk.ts';
import { type Inbound, readBody } from './inbound.ts';
import { decodeModal, type Modal } from './views/actions.ts';
import { readAsk, readBudget, readNote, readOwnWords, readReject, readRetry, readSpecEdit } from './views/index.ts';

type Submission = Extract<Inbound, { kind: 'submission' }>;

/** What a dialog answers at once: mistakes by block id; undefined when there are none, or it is none of ours. */
export function submissionErrors(body: unknown): Readonly<Record<string, string>> | undefined {
  const seen = readBody(body, '');
  if (seen.kind !== 'submission') return undefined;
  const modal = decodeModal(seen.callback, seen.metadata);
  if (!modal) return undefined;
  const read = contentOf(modal, seen);
  return 'errors' in read ? read.errors : undefined;
}

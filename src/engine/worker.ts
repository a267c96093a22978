import type { Actor, Lane, PendingJob, ProcessKind } from '../domain/process.ts';
import { GiveUp, NotYet, sentenceOf, TryAgain } from '../errors.ts';
import type { Blobs } from '../ports.ts';
import type { AnyFailed, AnyJobs } from './job.ts';
import type { Bell, Ring } from './queue.ts';
import { type Retry, restAfter } from './retry.ts';
import type { Running } from './running.ts';
import type { Session } from './session.ts';
import { type Known, processOf, type Store } from './store.ts';
import type { Log, Processes } from './types.ts';
import type { BegunWork, WorkBook } from './work.ts';

/** Sends a command and follows it up (rings, aborts), as `Engine.send` does. */
export type Send = (request: {
  readonly kind: ProcessKind;
  readonly id: string;
  readonly command: unknown;
  readonly by: Actor;
  readonly known?: Known;
}) => ReturnType<Store['decide']>;

export type WorkerParts = {
  readonly processes: Processes;
  readonly jobs: AnyJobs;
  readonly failed: AnyFailed;
  readonly retry: Readonly<Record<Lane, Retry>>;
  readonly store: Store;
  readonly work: WorkBook;
  readonly blobs: Blobs;
  readonly running: Running;
  readonly session: Session;
  readonly send: Send;
  /** Work was put off: ring for it when it is due. */
  ring(ring: Ring): void;
  readonly now: () => Date;
  readonly log: Log;
};

/** A job that was begun this often without an end (the bot died each time) is not begun again. */
const mostInterruptions = 10;
/** How long a job rests whose failure the process would not hear of. */
const unheardRestMs = 600_000;

/**
 * Answers one bell: looks whether the work is still wanted and due, runs its job under a lease, and
 * sends what came of it. The same work never runs twice at once in a deployment.
 */
export async function answerBell(parts: WorkerParts, bell: Bell): Promise<void> {
  if (parts.running.has(bell)) return;
  const lease = await parts.session.hold(`job\n${bell.processId}\n${bell.key}`);
  if (!lease) return;
  const hand = parts.running.add(bell);
  try {
    if (hand) await runUnderLease(parts, bell, hand.signal);
  } catch (error) {
    parts.log.warn('A job was left for the next sweep', { ...bell, error: sentenceOf(error) });
  } finally {
    hand?.done();
    await lease.release();
  }
}

type Begun = {
  readonly kind: ProcessKind;
  readonly processId: string;
  readonly job: PendingJob;
  readonly state: unknown;
  readonly count: BegunWork;
  readonly signal: AbortSignal;
};

async function runUnderLease(parts: WorkerParts, bell: Bell, signal: AbortSignal): Promise<void> {
  const begun = await begin(parts, bell, signal);
  if (!begun) return;
  const outcome = await runJob(parts, begun);
  // Nobody waits for it any more, or it will be begun again after a restart.
  if (signal.aborted) return parts.work.takeBack(bell);
  switch (outcome.kind) {
    case 'commands':
      return deliver(parts, begun, outcome.commands);
    case 'not-yet':
      return lookLater(parts, begun, outcome.error);
    case 'try-again':
      return tryLater(parts, begun, outcome.error);
    case 'give-up':
      return tellFailure(parts, begun, outcome.error);
  }
}

async function begin(parts: WorkerParts, bell: Bell, signal: AbortSignal): Promise<Begun | undefined> {
  const count = await parts.work.begin({ ...bell, now: parts.now() });
  if (!count) return undefined;
  const { kind, state } = count;
  const job = pendingJob(parts, { kind, state, key: bell.key });
  if (!job) {
    await parts.work.forget(bell);
    return undefined;
  }
  return { kind, processId: bell.processId, job, state, count, signal };
}

type Outcome =
  | { readonly kind: 'commands'; readonly commands: readonly unknown[] }
  | { readonly kind: 'not-yet'; readonly error: NotYet }
  | { readonly kind: 'try-again'; readonly error: TryAgain }
  | { readonly kind: 'give-up'; readonly error: unknown };

async function runJob(parts: WorkerParts, begun: Begun): Promise<Outcome> {
  const { kind, processId, job, state, signal, count } = begun;
  const fields = { processId, job: job.name, key: job.key };
  if (count.begun - count.tries > mostInterruptions) {
    return {
      kind: 'give-up',
      error: new GiveUp(
        `The step "${job.name}" was begun ${mostInterruptions} times, and each time Slipway stopped before its end. Look into the log of the bot for why, then try again.`,
      ),
    };
  }
  const found = parts.jobs[kind]?.[job.name];
  if (!found) {
    return { kind: 'give-up', error: new GiveUp(`This Slipway has no job of the name "${job.name}".`) };
  }
  parts.log.info('A job begins', fields);
  try {
    const result = await found.run({ processId, job, state, signal, again: count.again, blobs: parts.blobs });
    return {
      kind: 'commands',
      commands: Array.isArray(result) ? result : result === undefined ? [] : [result],
    };
  } catch (error) {
    if (error instanceof NotYet) return { kind: 'not-yet', error };
    if (error instanceof TryAgain) return { kind: 'try-again', error };
    if (!(error instanceof GiveUp) && !signal.aborted) {
      parts.log.error('A job has a bug', { ...fields, error: error instanceof Error ? error.stack : error });
    }
    return { kind: 'give-up', error };
  }
}

async function deliver(parts: WorkerParts, begun: Begun, commands: readonly unknown[]): Promise<void> {
  const { kind, processId, job } = begun;
  let known: Known = { version: begun.count.version, state: begun.state };
  for (const command of commands) {
    const { sent } = await parts.send({
      kind,
      id: processId,
      command,
      by: { kind: 'job', name: job.name },
      known,
    });
    known = sent;
    if ('refused' in sent) {
      parts.log.info('What a job found out was refused', { processId, key: job.key, because: sent.refused });
    }
  }
  const still =
    commands.length > 0
      ? pendingJob(parts, { kind, state: known.state, key: job.key })
      : await stillPending(parts, begun);
  if (!still || still.notBefore !== job.notBefore) return;
  await tryLater(
    parts,
    begun,
    new TryAgain(`The step "${job.name}" ended, and what it found out did not close it.`),
  );
}

async function tryLater(parts: WorkerParts, begun: Begun, error: TryAgain): Promise<void> {
  const { processId, job, count } = begun;
  const retry = parts.retry[job.lane];
  const tries = count.tries + 1;
  if (tries >= retry.tries) return tellFailure(parts, begun, error);
  const restMs = restAfter(tries, retry, error.afterMs);
  const dueAt = new Date(parts.now().getTime() + restMs);
  parts.log.info('A job will be tried again', {
    processId,
    key: job.key,
    tries,
    restMs,
    because: error.message,
  });
  await parts.work.postpone({ processId, key: job.key, dueAt, reason: error.message });
  parts.ring({ bell: { processId, key: job.key }, lane: job.lane, dueAt, round: '' });
}

/** No try is counted: the work is well, and its time has not come. */
async function lookLater(parts: WorkerParts, begun: Begun, error: NotYet): Promise<void> {
  const { processId, job } = begun;
  const dueAt = new Date(parts.now().getTime() + error.afterMs);
  await parts.work.rest({ processId, key: job.key, dueAt, reason: error.message });
  parts.ring({ bell: { processId, key: job.key }, lane: job.lane, dueAt, round: '' });
}

async function tellFailure(parts: WorkerParts, begun: Begun, error: unknown): Promise<void> {
  const { kind, processId, job } = begun;
  const known = error instanceof GiveUp || error instanceof TryAgain;
  const reason = known
    ? error.message
    : `The step "${job.name}" met an error in Slipway itself: ${sentenceOf(error)}. Try again; if it stays, the log of the bot has the details.`;
  parts.log.warn('A job has failed', { processId, key: job.key, because: reason });
  const command = parts.failed[kind]?.({ job, reason, error });
  if (command !== undefined) {
    await parts.send({ kind, id: processId, command, by: { kind: 'job', name: job.name } });
  }
  if (!(await stillPending(parts, begun))) return;
  parts.log.error('A process does not hear that its job has failed', { processId, key: job.key });
  const dueAt = new Date(parts.now().getTime() + unheardRestMs);
  await parts.work.postpone({ processId, key: job.key, dueAt, reason });
}

async function stillPending(parts: WorkerParts, begun: Begun): Promise<PendingJob | undefined> {
  const { kind, processId, job } = begun;
  const saved = await parts.store.read(kind, processId);
  return saved && pendingJob(parts, { kind, state: saved.state, key: job.key });
}

function pendingJob(
  parts: WorkerParts,
  { kind, state, key }: { readonly kind: ProcessKind; readonly state: unknown; readonly key: string },
): PendingJob | undefined {
  return processOf(parts.processes, kind)
    .pendingJobs(state)
    .find((job) => job.key === key);
}

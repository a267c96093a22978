import { setTimeout as sleep } from 'node:timers/promises';
import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import { sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';

/**
 * Takes a raw Slack body; when it returns, the body is safe and may be acknowledged. What it answers is the
 * acknowledgement itself: a dialog with mistakes goes no further.
 */
export type Journal = (body: unknown) => Promise<object | undefined>;

/**
 * Writes each body down before Bolt sees it: Bolt acknowledges events before any listener runs, so a crash
 * after that would lose them. When the journal fails nothing is acknowledged, and Slack repeats.
 */
export function journalled(receiver: Receiver, journal: Journal, log: Log): Receiver {
  const inHand = new Set<Promise<void>>();
  let stopping = false;

  const take = async (app: App, event: ReceiverEvent): Promise<void> => {
    if (isFromTheFuture(event)) throw new Error('The request was signed with a time in the future.');
    let answer: object | undefined;
    try {
      answer = await journal(event.body);
    } catch (error) {
      log.error('A message from Slack was not written down, so it is not acknowledged', {
        error: sentenceOf(error),
      });
      throw error;
    }
    await (answer === undefined ? app.processEvent(event) : event.ack(answer));
  };

  return {
    init(app) {
      const processEvent = (event: ReceiverEvent): Promise<void> => {
        // Not acknowledged, so Slack gives it to whoever comes next.
        if (stopping) return Promise.resolve();
        const taken = take(app, event).finally(() => inHand.delete(taken));
        inHand.add(taken);
        return taken;
      };
      receiver.init(
        new Proxy(app, {
          get: (target, name) => (name === 'processEvent' ? processEvent : Reflect.get(target, name)),
        }),
      );
    },
    start: (...args) => receiver.start(...args),
    /** Takes nothing new, acknowledges what is in hand, and only then lets go of the connections. */
    stop: async (...args) => {
      stopping = true;
      await Promise.race([Promise.allSettled(inHand), sleep(drainMs, undefined, { ref: false })]);
      await receiver.stop(...args);
    },
  };
}

/** Slack waits three seconds for an acknowledgement; after that it is of no use. */
const drainMs = 3_000;
const skewSeconds = 300;

/** When an HTTP request says it was signed, in seconds; Bolt refuses old signatures, but not those of the future. */
export function signedAt(request: { readonly headers: Readonly<Record<string, unknown>> }): {
  signedAt: number;
} {
  return { signedAt: Number(request.headers['x-slack-request-timestamp']) };
}

function isFromTheFuture({ customProperties }: ReceiverEvent): boolean {
  const at: unknown = customProperties?.signedAt;
  return typeof at === 'number' && at > Date.now() / 1000 + skewSeconds;
}

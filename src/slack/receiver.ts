import { type App, type Receiver, type ReceiverEvent, SocketModeReceiver } from '@slack/bolt';
import { sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';

/** Takes a raw Slack body; when it returns, the body is safe and may be acknowledged. */
export type Journal = (body: unknown) => Promise<void>;

/**
 * Writes each body down before Bolt sees it: Bolt acknowledges events before any listener runs, so a crash
 * after that would lose them. When the journal fails nothing is acknowledged, and Slack repeats.
 */
export function journalled(receiver: Receiver, journal: Journal, log: Log): Receiver {
  return {
    init(app) {
      const processEvent = async (event: ReceiverEvent) => {
        if (isFromTheFuture(event)) {
          log.warn('A request was signed with a time in the future, so it is not taken');
          return;
        }
        try {
          await journal(event.body);
        } catch (error) {
          log.error('A message from Slack was not written down, so it is not acknowledged', {
            error: sentenceOf(error),
          });
          return;
        }
        await app.processEvent(event);
      };
      receiver.init(
        new Proxy(app, {
          get: (target, name) => (name === 'processEvent' ? processEvent : Reflect.get(target, name)),
        }),
      );
    },
    start: (...args) => receiver.start(...args),
    stop: (...args) => receiver.stop(...args),
  };
}

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

const watchEveryMs = 5_000;
const silentForMs = 20_000;

type Line = { receiver: SocketModeReceiver; lostAt: number | undefined };

/**
 * Two Socket Mode connections behind one receiver. Slack closes each about once an hour, and the client
 * needs seconds to come back; with two, the other one takes what comes meanwhile. One that stays away is
 * replaced, since the client gives up for good when reopening fails
 * (https://github.com/slackapi/node-slack-sdk/issues/2656).
 */
export function twoSockets(options: {
  readonly appToken: string;
  readonly apiUrl: string;
  readonly log: Log;
  readonly now: () => number;
}): Receiver {
  const { log, now } = options;
  const lines: Line[] = [];
  let app: App | undefined;
  let watch: NodeJS.Timeout | undefined;

  const open = (): Line => {
    const receiver = new SocketModeReceiver({
      appToken: options.appToken,
      // Each gets its own object: the client writes its retry settings into it.
      installerOptions: { clientOptions: { slackApiUrl: options.apiUrl } },
      logger: boltLogger(log),
    });
    const line: Line = { receiver, lostAt: now() };
    receiver.client.on('connected', () => {
      line.lostAt = undefined;
    });
    for (const state of ['disconnecting', 'disconnected', 'reconnecting']) {
      receiver.client.on(state, () => {
        line.lostAt ??= now();
      });
    }
    if (app) receiver.init(app);
    return line;
  };

  const replace = async (index: number, line: Line) => {
    log.warn('A connection to Slack stayed away and is opened anew', { connection: index + 1 });
    const fresh = open();
    lines[index] = fresh;
    line.receiver.client.removeAllListeners();
    await line.receiver.stop().catch(() => undefined);
    await fresh.receiver.start().catch((error: unknown) => {
      log.warn('Slack does not answer; it is tried again', { error: sentenceOf(error) });
    });
  };

  return {
    init(bolt) {
      app = bolt;
      lines.push(open(), open());
    },
    async start() {
      for (const line of lines) await line.receiver.start();
      watch = setInterval(() => {
        lines.forEach((line, index) => {
          if (line.lostAt === undefined || now() - line.lostAt < silentForMs) return;
          line.lostAt = now();
          void replace(index, line);
        });
      }, watchEveryMs);
      watch.unref();
    },
    async stop() {
      clearInterval(watch);
      await Promise.all(lines.map((line) => line.receiver.stop().catch(() => undefined)));
    },
  };
}

type BoltLogger = NonNullable<ConstructorParameters<typeof SocketModeReceiver>[0]['logger']>;

/** Bolt's words in our log; what it says about its own workings only when debugging. */
export function boltLogger(log: Log): BoltLogger {
  const words = (parts: readonly unknown[]) =>
    parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' ');
  return {
    debug: () => undefined,
    info: (...parts) => log.debug(words(parts)),
    warn: (...parts) => log.warn(words(parts)),
    error: (...parts) => log.error(words(parts)),
    setLevel: () => undefined,
    getLevel: () => 'info' as ReturnType<BoltLogger['getLevel']>,
    setName: () => undefined,
  };
}

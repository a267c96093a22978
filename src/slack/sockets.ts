import { type App, type Receiver, SocketModeReceiver } from '@slack/bolt';
import { GiveUp, sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { boltLogger } from './bolt-log.ts';
import { errorCode } from './calling.ts';

/** Slack's own limit for an app is ten connections; two leave room for a deployment that overlaps with the next. */
const lineCount = 2;
/** Opening asks Slack for an address (10 s at most) and then waits for its hello. */
const askMs = 10_000;
const helloMs = 20_000;
const watchEveryMs = 5_000;
/** A connection that ends sooner counts as one that could not be opened. */
const shortLifeMs = 10_000;
const longestRestMs = 30_000;

type Line = { readonly receiver: SocketModeReceiver; readonly ended: Promise<void> };

/**
 * Two Socket Mode connections behind one receiver. Slack closes each about once an hour; while one is opened
 * anew, the other takes what comes. The client's own reconnecting is switched off: it waits five seconds
 * before it begins, gives up for good when Slack answers with an error
 * (https://github.com/slackapi/node-slack-sdk/issues/2656), and one that is still asking cannot be called
 * back, so that it would come to life beside its successor and swallow every third message.
 */
export function twoSockets(options: {
  readonly appToken: string;
  readonly apiUrl: string;
  readonly log: Log;
}): Receiver {
  const { log } = options;
  const stopped = new AbortController();
  const open = new Set<SocketModeReceiver>();
  const keeping: Promise<void>[] = [];
  let app: App | undefined;

  const connect = async (): Promise<Line> => {
    const receiver = new SocketModeReceiver({
      appToken: options.appToken,
      autoReconnectEnabled: false,
      // Its own object: the client writes into it.
      installerOptions: {
        clientOptions: {
          slackApiUrl: options.apiUrl,
          timeout: askMs,
          retryConfig: { retries: 0 },
          rejectRateLimitedCalls: true,
        },
      },
      logger: boltLogger(log),
    });
    if (app) receiver.init(app);
    open.add(receiver);
    const ended = endOf(receiver).finally(() => open.delete(receiver));
    try {
      await within(helloMs, receiver.start());
      return { receiver, ended };
    } catch (error) {
      disconnect(receiver);
      throw error;
    }
  };

  /** Keeps one line open until `stop`. `onFirst` hears how the first try ended. */
  const keep = async (onFirst: (error?: unknown) => void): Promise<void> => {
    let failures = 0;
    while (!stopped.signal.aborted) {
      const since = Date.now();
      let error: unknown;
      try {
        const { receiver, ended } = await connect();
        onFirst();
        await Promise.race([ended, whenAborted(stopped.signal)]);
        disconnect(receiver);
      } catch (thrown) {
        error = thrown ?? new Error('Slack closed the connection before its hello');
        if (isHopeless(error)) {
          log.error(notLetIn(error));
          return onFirst(error);
        }
      }
      if (stopped.signal.aborted) return;
      failures = error === undefined && Date.now() - since > shortLifeMs ? 0 : failures + 1;
      const restMs = error === undefined && failures <= 1 ? 0 : restAfter(failures, error);
      log[error === undefined ? 'info' : 'warn']('A connection to Slack is opened anew', {
        restMs,
        ...(error !== undefined && { error: sentenceOf(error) }),
      });
      await rest(restMs, stopped.signal);
    }
  };

  return {
    init(bolt) {
      app = bolt;
    },
    /** Resolves with the first hello; rejects when Slack will never let this app in. */
    async start() {
      await new Promise<void>((resolve, reject) => {
        const onFirst = (error?: unknown) =>
          error === undefined ? resolve() : reject(new GiveUp(notLetIn(error), { cause: error }));
        for (let index = 0; index < lineCount; index += 1) keeping.push(keep(onFirst));
      });
    },
    async stop() {
      stopped.abort();
      for (const receiver of open) disconnect(receiver);
      await Promise.all(keeping);
    },
  };
}

/** When a connection is over: closed, told by Slack to go, or dead without a word. */
function endOf({ client }: SocketModeReceiver): Promise<void> {
  return new Promise((resolve) => {
    let connected = false;
    const watch = setInterval(() => {
      if (connected && client.websocket?.isActive() !== true) end();
    }, watchEveryMs);
    const end = () => {
      clearInterval(watch);
      resolve();
    };
    client.once('connected', () => {
      connected = true;
    });
    client.once('disconnected', end);
    client.on('ws_message', (data: unknown) => {
      if (typeof data === 'string' && data.includes('"disconnect"') && isDisconnect(data)) end();
    });
  });
}

function isDisconnect(data: string): boolean {
  try {
    const message: unknown = JSON.parse(data);
    return (
      typeof message === 'object' && message !== null && 'type' in message && message.type === 'disconnect'
    );
  } catch {
    return false;
  }
}

function disconnect(receiver: SocketModeReceiver): void {
  receiver.client.disconnect().catch(() => undefined);
}

function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`Slack did not say hello in ${milliseconds / 1000} s`)),
      milliseconds,
    );
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

/** Doubles up to half a minute, a little apart from others that fell at the same time; never sooner than Slack asks. */
function restAfter(failures: number, error: unknown): number {
  const asked =
    error instanceof Error && 'retryAfter' in error && typeof error.retryAfter === 'number'
      ? error.retryAfter * 1000
      : 0;
  const usual = Math.min(longestRestMs, 500 * 2 ** (failures - 1));
  return Math.max(asked, Math.round(usual * (0.75 + Math.random() / 2)));
}

/** Errors of apps.connections.open that only a person can mend. */
const hopeless = [
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'not_allowed_token_type',
  'missing_scope',
  'user_removed_from_team',
  'team_disabled',
];

function isHopeless(error: unknown): boolean {
  const code = errorCode(error);
  return code !== undefined && hopeless.includes(code);
}

function notLetIn(error: unknown): string {
  return `Connecting to Slack: it answered ${errorCode(error)}. Put an app-level token with connections:write into SLACK_APP_TOKEN, and switch Socket Mode on for the app.`;
}

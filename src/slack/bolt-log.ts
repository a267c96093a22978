import { LogLevel, type SocketModeReceiver } from '@slack/bolt';
import type { Log } from '../log.ts';

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
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}

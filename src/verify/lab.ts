import { totalmem } from 'node:os';
import type { Sandbox, SandboxLimits } from '../ports.ts';
import type { Toolchain } from './toolchain.ts';

/** What every run of one proof shares; nothing in it is ever writable from inside. */
export type Lab = {
  readonly sandbox: Sandbox;
  readonly toolchain: Toolchain;
  readonly signal: AbortSignal | undefined;
};

const gigabyte = 2 ** 30;

export function limitsFor(seconds: number): SandboxLimits {
  return {
    seconds,
    memoryBytes: Math.min(4 * gigabyte, Math.floor(totalmem() * 0.7)),
    processes: 1024,
    outputBytes: 16 * 2 ** 20,
    fileBytes: gigabyte,
  };
}

/** npm must not try the network where there is none: it would wait for it. */
export function environmentOf(toolchain: Toolchain): Readonly<Record<string, string>> {
  return {
    PATH: toolchain.path,
    npm_config_offline: 'true',
    npm_config_yes: 'false',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
    npm_config_cache: '/tmp/npm-cache',
    npm_config_userconfig: '/dev/null',
  };
}

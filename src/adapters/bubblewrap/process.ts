import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type { SandboxLimits, SandboxOutcome } from '../../ports.ts';

export type Ended = Omit<SandboxOutcome, 'milliseconds'> & {
  /** False when bubblewrap ended before the command inside did: then nothing was run. */
  readonly ran: boolean;
};

/** Runs the launcher to its end, or to the end of its time, its output or our patience; then nothing of it is left. */
export function runToEnd(
  [program, parameters]: readonly [string, readonly string[]],
  limits: SandboxLimits,
  signal: AbortSignal | undefined,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, {
      cwd: '/',
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      // Its own process group, so that one signal reaches the launcher whatever it has become.
      detached: true,
    });
    let ended: SandboxOutcome['ended'] = 'exited';
    const kill = (reason: SandboxOutcome['ended']) => {
      if (ended === 'exited') ended = reason;
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It ended by itself in the meantime.
      }
    };
    const timer = setTimeout(() => kill('timed-out'), limits.seconds * 1000);
    const stop = () => kill('stopped');
    signal?.addEventListener('abort', stop, { once: true });

    let left = limits.outputBytes;
    let truncated = false;
    const collect = (stream: Readable | null): (() => string) => {
      const chunks: Buffer[] = [];
      stream?.on('data', (chunk: Buffer) => {
        if (left > 0) chunks.push(chunk.subarray(0, left));
        left -= chunk.length;
        if (left >= 0 || truncated) return;
        truncated = true;
        kill('stopped');
      });
      return () => Buffer.concat(chunks).toString('utf8');
    };
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    let status = '';
    child.stdio[3]?.on('data', (chunk: Buffer) => {
      status += chunk.toString('utf8');
    });
    child.once('error', (error) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      reject(error);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      resolve({
        ended,
        status: ended === 'exited' ? code : null,
        signal: ended === 'exited' ? signalOf(code) : 'SIGKILL',
        stdout: stdout(),
        stderr: stderr(),
        truncated,
        ran: ended !== 'exited' || status.includes('"exit-code"'),
      });
    });
    if (signal?.aborted) stop();
  });
}

/** bubblewrap reports a death by signal as 128 + number, as shells do. */
function signalOf(status: number | null): string | null {
  if (status === null || status <= 128) return null;
  const found = Object.entries(constants.signals).find(([, number]) => number === status - 128);
  return found?.[0] ?? null;
}

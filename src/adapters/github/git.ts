import { spawn } from 'node:child_process';
import { GiveUp } from '../../errors.ts';

/**
 * Settings that leave a repository no way to run anything here: no hooks, no file-system monitor, no
 * links, no submodules, no other transport than HTTP, no redirect that would carry the token elsewhere.
 */
const hardening: Readonly<Record<string, string>> = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.symlinks': 'false',
  'core.attributesFile': '/dev/null',
  'core.quotePath': 'false',
  'credential.helper': '',
  'fetch.recurseSubmodules': 'false',
  'gc.auto': '0',
  'http.followRedirects': 'false',
  'log.showSignature': 'false',
  'maintenance.auto': 'false',
  'protocol.allow': 'never',
  'protocol.http.allow': 'always',
  'protocol.https.allow': 'always',
  'submodule.recurse': 'false',
};

/** What git may know of this machine: how to find programs, proxies and certificates. */
const passed = [
  'PATH',
  'HTTPS_PROXY',
  'https_proxy',
  'HTTP_PROXY',
  'http_proxy',
  'NO_PROXY',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];

export type GitRun = {
  readonly directory: string;
  readonly signal: AbortSignal;
  /** More settings, by environment: neither a process list nor a configuration file shows them. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Takes the output piece by piece instead of having it answered whole. */
  readonly onOutput?: (chunk: Buffer) => void;
};
export type GitOutcome = { readonly status: number | null; readonly stdout: Buffer; readonly stderr: string };

/** Runs the host's git in a bare repository of ours, never in a directory that a sandbox could write. */
export function runGit(args: readonly string[], run: GitRun): Promise<GitOutcome> {
  const settings = Object.entries({ ...hardening, ...run.settings });
  const environment = {
    ...Object.fromEntries(passed.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_DIR: run.directory,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...args], {
      env: environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    // Its own process group, so that the transport it starts ends with it.
    const end = () => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        child.kill('SIGKILL');
      }
    };
    run.signal.addEventListener('abort', end, { once: true });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let thrown: unknown;
    child.stdout.on('data', (chunk: Buffer) => {
      if (!run.onOutput) return out.push(chunk);
      try {
        if (thrown === undefined) run.onOutput(chunk);
      } catch (error) {
        thrown = error;
        end();
      }
      return undefined;
    });
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => {
      run.signal.removeEventListener('abort', end);
      reject(
        new GiveUp('Slipway needs git on this machine. Install it: apt-get install git.', { cause: error }),
      );
    });
    child.on('close', (status) => {
      run.signal.removeEventListener('abort', end);
      if (thrown !== undefined) return reject(thrown);
      if (run.signal.aborted) return reject(run.signal.reason);
      resolve({ status, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString('utf8') });
    });
    if (run.signal.aborted) end();
    child.stdin.end(run.input ?? '');
  });
}

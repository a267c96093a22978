import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGitHub } from '../../../playground/github/server.ts';
import { runGit } from '../../../src/adapters/github/git.ts';
import { createGitHub } from '../../../src/adapters/github.ts';

let directory: string;
const path = process.env.PATH;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'git-'));
});
afterEach(() => {
  process.env.PATH = path;
  rmSync(directory, { recursive: true, force: true });
});

const sayInstead = (script: string) => {
  const file = join(directory, 'git');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  process.env.PATH = `${directory}${delimiter}${path}`;
};

describe('the git of the host', () => {
  it('gets the token in its environment and never as an argument', async () => {
    const source = join(directory, 'source');
    execFileSync('sh', [
      '-ec',
      `git init -q -b main ${source} && git -C ${source} -c user.name=a -c user.email=a@b commit -q --allow-empty -m first`,
    ]);
    const people = [{ login: 'bot', token: 'ghs_the-token' }];
    const github = await startGitHub({ directory: join(directory, 'github'), people });
    await github.people.createRepository({ name: 'acme/shop', from: source });
    const commit = (await github.people.branches('acme/shop'))[0]?.sha ?? '';
    const real = execFileSync('sh', ['-c', 'command -v git']).toString().trim();
    sayInstead(`echo "$@" >> ${directory}/arguments; env >> ${directory}/environment; exec ${real} "$@"`);
    const forge = createGitHub({
      baseUrl: github.apiUrl,
      gitUrl: github.url,
      token: 'ghs_the-token',
      workDirectory: join(directory, 'work'),
    });
    process.env.SLACK_BOT_TOKEN = 'xoxb-not-for-git';
    const out = mkdtempSync(join(directory, 'out-'));
    await forge.checkOut({
      repository: 'acme/shop',
      commit,
      directory: out,
      signal: AbortSignal.timeout(20_000),
    });
    await github.stop();
    delete process.env.SLACK_BOT_TOKEN;
    const secret = Buffer.from('x-access-token:ghs_the-token').toString('base64');
    const given = readFileSync(join(directory, 'arguments'), 'utf8');
    expect(given).toContain('fetch');
    expect(given).not.toMatch(new RegExp(`ghs_the-token|${secret}`));
    const environment = readFileSync(join(directory, 'environment'), 'utf8');
    expect(environment.split('\n').filter((line) => line.includes(secret))).toHaveLength(1);
    expect(environment).not.toContain('xoxb-not-for-git');
  });

  it('is ended with all it started when the signal is aborted', async () => {
    sayInstead(`sleep 300 & echo $! > ${directory}/child; wait`);
    const stop = new AbortController();
    const work = runGit(['fetch'], { directory, signal: stop.signal });
    const pidFile = join(directory, 'child');
    const deadline = Date.now() + 5000;
    while (!(existsSync(pidFile) && readFileSync(pidFile, 'utf8').trim()) && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 10));
    const pid = Number(readFileSync(pidFile, 'utf8'));
    expect(isRunning(pid)).toBe(true);
    stop.abort(new Error('stopped'));
    await expect(work).rejects.toThrow('stopped');
    while (isRunning(pid) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(isRunning(pid)).toBe(false);
  });

  it('that is not installed is asked for', async () => {
    process.env.PATH = directory;
    const work = runGit(['version'], { directory, signal: AbortSignal.timeout(5000) });
    await expect(work).rejects.toThrow('Slipway needs git on this machine. Install it: apt-get install git.');
  });
});

/** A process that has ended but was not yet waited for counts as ended. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

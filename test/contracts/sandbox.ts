import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Sandbox, SandboxJob, SandboxOutcome } from '../../src/ports.ts';

const limits = { seconds: 20, memoryBytes: 2 ** 29, processes: 64, outputBytes: 100_000, fileBytes: 2 ** 24 };

/** What every sandbox must do. `make` answers a sandbox that is ready. */
export function sandboxContract(name: string, make: () => Sandbox): void {
  describe(name, () => {
    const sandbox = make();
    let directory = '';
    beforeEach(() => {
      directory = mkdtempSync(join(tmpdir(), 'slipway-contract-'));
    });
    afterEach(() => rmSync(directory, { recursive: true, force: true }));

    const node = { from: process.execPath, to: '/run/test/node', writable: false };
    function run(
      command: string | readonly string[],
      more: Partial<SandboxJob> = {},
    ): Promise<SandboxOutcome> {
      return sandbox.run({
        command: typeof command === 'string' ? ['/bin/sh', '-c', command] : command,
        directory,
        mounts: [node],
        environment: {},
        network: 'none',
        limits,
        ...more,
      });
    }
    const script = (code: string, more: Partial<SandboxJob> = {}) => run([node.to, '--eval', code], more);

    test('is ready', async () => {
      expect(await sandbox.unavailable()).toBeUndefined();
    });

    test('starts in /job, which is the directory, and tells how the command ended', async () => {
      writeFileSync(join(directory, 'in.txt'), 'hello');
      const outcome = await run('pwd; cat in.txt; echo bye > out.txt; echo oops >&2; exit 7');
      expect(outcome).toMatchObject({ ended: 'exited', status: 7, signal: null, truncated: false });
      expect(outcome.stdout).toBe('/job\nhello');
      expect(outcome.stderr).toBe('oops\n');
      expect(readFileSync(join(directory, 'out.txt'), 'utf8')).toBe('bye\n');
    });

    test('reports a death by signal', async () => {
      expect(await run('kill -SEGV $$')).toMatchObject({ ended: 'exited', signal: 'SIGSEGV' });
    });

    test('gives only the environment that was asked for', async () => {
      process.env.SLIPWAY_CONTRACT_TOKEN = 'xoxb-not-inside';
      const outcome = await run('env; tr "\\0" "\\n" < /proc/1/environ', { environment: { ASKED: 'yes' } });
      delete process.env.SLIPWAY_CONTRACT_TOKEN;
      expect(outcome.stdout).toContain('ASKED=yes');
      expect(outcome.stdout).toContain('CI=true');
      expect(outcome.stdout).not.toContain('xoxb-not-inside');
    });

    test('holds no rights, also when the host is root', async () => {
      const outcome = await run('id -u; grep -E "^(CapEff|CapBnd|NoNewPrivs)" /proc/self/status');
      expect(outcome.stdout.split(/\s+/)).toEqual([
        '1000',
        'CapEff:',
        '0000000000000000',
        'CapBnd:',
        '0000000000000000',
        'NoNewPrivs:',
        '1',
        '',
      ]);
      const nested = await run('unshare --user true');
      expect(nested.status).not.toBe(0);
    });

    test.each(['/x', '/usr/x', '/etc/x', '/dev/x', '/run/test/x'])('cannot write %s', async (path) => {
      expect((await run(`echo x > ${path}`)).status).not.toBe(0);
    });

    test('sees nothing of the host but its programs', async () => {
      const outcome = await run(
        'ls /; ls /root /home /work /sys 2>/dev/null; cat /etc/shadow 2>/dev/null; ls /tmp',
      );
      const known = [
        'bin',
        'dev',
        'etc',
        'job',
        'lib',
        'lib32',
        'lib64',
        'libx32',
        'proc',
        'run',
        'sbin',
        'tmp',
        'usr',
      ];
      expect(outcome.stdout.split('\n').filter((entry) => entry !== '' && !known.includes(entry))).toEqual(
        [],
      );
    });

    test('mounts what was asked for, and only writable where that was asked for', async () => {
      const [fixed, open] = [join(directory, 'fixed'), join(directory, 'open')];
      mkdirSync(fixed);
      mkdirSync(open);
      writeFileSync(join(fixed, 'a'), 'A');
      const mounts = [
        { from: fixed, to: '/run/fixed', writable: false },
        { from: open, to: '/run/open', writable: true },
      ];
      const outcome = await run('cat /run/fixed/a; echo B > /run/open/b; echo C > /run/fixed/c', { mounts });
      expect(outcome.stdout).toBe('A');
      expect(outcome.status).not.toBe(0);
      expect(readFileSync(join(open, 'b'), 'utf8')).toBe('B\n');
      expect(readdirSync(fixed)).toEqual(['a']);
    });

    test('reaches what lies in a private directory', async () => {
      const hidden = join(directory, 'hidden');
      const inner = join(hidden, 'job');
      mkdirSync(inner, { recursive: true });
      writeFileSync(join(inner, 'a'), 'A');
      writeFileSync(join(hidden, 'tool'), 'T', { mode: 0o644 });
      chmodSync(hidden, 0o700);
      const mounts = [{ from: join(hidden, 'tool'), to: '/run/tool', writable: false }];
      expect(await run('cat a /run/tool; echo B > b', { directory: inner, mounts })).toMatchObject({
        status: 0,
        stdout: 'AT',
      });
    });

    test('has no network but its own loopback', async () => {
      const server = createServer((_, response) => response.end('host'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const outcome = await script(`
        const tell = (url) => fetch(url).then((r) => r.text(), (error) => error.cause?.code ?? String(error)).then(console.log);
        await tell('http://127.0.0.1:${port}/');
        await tell('http://169.254.169.254/');
        await tell('http://example.com/');
        const own = process.getBuiltinModule('node:http').createServer((_, response) => response.end('mine')).listen(0, 'localhost', async () => {
          await tell('http://localhost:' + own.address().port);
          own.close();
        });
      `);
      server.close();
      expect(outcome.stdout.split('\n')).toEqual(['ECONNREFUSED', 'ENETUNREACH', 'EAI_AGAIN', 'mine', '']);
    });

    test('stops what takes too long, with everything it started', async () => {
      const outcome = await run('trap "" TERM; (setsid sleep 300 &) ; while :; do sleep 1; done', {
        limits: { ...limits, seconds: 1 },
      });
      expect(outcome).toMatchObject({ ended: 'timed-out', status: null });
      expect(processesOf(directory)).toEqual([]);
    });

    test('leaves no daemon behind', async () => {
      const outcome = await run(
        'setsid sh -c "while :; do date > /job/alive; sleep 0.05; done" > /dev/null 2>&1 & exit 0',
      );
      expect(outcome.status).toBe(0);
      expect(processesOf(directory)).toEqual([]);
    });

    test('stops when it is told to', async () => {
      const stop = new AbortController();
      const running = run('touch started; sleep 300', { signal: stop.signal });
      while (!existsSync(join(directory, 'started'))) await new Promise((resolve) => setTimeout(resolve, 10));
      stop.abort();
      expect(await running).toMatchObject({ ended: 'stopped', status: null });
    });

    test('does not even start when it was told to stop before', async () => {
      await run('touch started', { signal: AbortSignal.abort() });
      expect(existsSync(join(directory, 'started'))).toBe(false);
    });

    test('cuts a flood of output', async () => {
      const outcome = await run('yes');
      expect(outcome).toMatchObject({ ended: 'stopped', truncated: true });
      expect(outcome.stdout.length).toBeLessThanOrEqual(limits.outputBytes);
    });

    test('bounds memory', async () => {
      const outcome = await script('const all = []; for (;;) all.push(Buffer.alloc(1e7, 1));', {
        limits: { ...limits, memoryBytes: 2 ** 28 },
      });
      expect(outcome.ended === 'out-of-memory' || outcome.status !== 0).toBe(true);
    });

    test('bounds processes', async () => {
      const outcome = await run(
        'i=0; while [ $i -lt 200 ]; do sleep 5 & i=$((i+1)); done 2>/dev/null; ls -d /proc/[0-9]* | wc -l; kill -9 -1',
      );
      expect(Number(outcome.stdout.trim() || 0)).toBeLessThanOrEqual(limits.processes + 1);
    });

    test('bounds the size of a file', async () => {
      await run('head -c 100000000 /dev/zero > big');
      expect(readFileSync(join(directory, 'big')).length).toBe(limits.fileBytes);
    });

    test('keeps two jobs at once apart', async () => {
      const other = mkdtempSync(join(tmpdir(), 'slipway-contract-'));
      const both = await Promise.all([
        run('echo mine > a; sleep 0.3; ls /tmp; touch /tmp/a'),
        run('touch /tmp/b; sleep 0.5; ls /tmp /job', { directory: other }),
      ]);
      rmSync(other, { recursive: true });
      expect(both.map(({ stdout }) => stdout)).toEqual(['', '/job:\n\n/tmp:\nb\n']);
    });

    test('says so when a command does not exist', async () => {
      const outcome = await run(['/no/such/program']).catch((error: unknown) => error);
      expect(JSON.stringify(outcome) + String(outcome)).toMatch(/no\/such\/program/);
    });

    test('refuses a mount that is not there', async () => {
      const mounts = [{ from: '/no/such/place', to: '/run/x', writable: false }];
      await expect(run('true', { mounts })).rejects.toThrow('/no/such/place');
    });
  });
}

/** Processes of this machine whose working directory or command line is in a directory, dead ones left out. */
function processesOf(directory: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/mountinfo`, 'utf8').includes(directory);
      } catch {
        return false;
      }
    });
}

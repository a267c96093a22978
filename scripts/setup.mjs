// Makes a fresh clone ready: dependencies, Node 24, system packages. Plain JavaScript without dependencies,
// because it runs before there are any, under whichever Node (20 or later) the machine has.
// Writes to stderr only: what follows it in an npm script owns stdout.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { isInstalled, problemOfInstallation, rememberInstallation, root } from './installation.mjs';
import { withLock } from './lock.mjs';

/** What each purpose needs of the system: program names, and the Debian package that brings them. */
const systemPackages = [
  { programs: ['git'], debian: 'git', purposes: ['demo', 'playground', 'test'] },
  { programs: ['bwrap'], debian: 'bubblewrap', purposes: ['demo', 'playground', 'test'] },
  { programs: ['redis-server'], debian: 'redis-server', purposes: ['test'] },
  { programs: ['chromium', 'chromium-browser', 'google-chrome'], debian: 'chromium', purposes: ['test'] },
  { programs: ['prometheus'], debian: 'prometheus', purposes: ['test'] },
];

function onPath(program) {
  const directories = (process.env.PATH ?? '').split(path.delimiter);
  return directories.some((directory) => directory !== '' && existsSync(path.join(directory, program)));
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Runs a program with its output on our stderr, until it ends; Ctrl-C reaches it and then ends us. */
function run(program, args, options = {}) {
  return new Promise((resolve) => {
    let interrupted = false;
    const onInterrupt = () => {
      interrupted = true;
    };
    process.on('SIGINT', onInterrupt);
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 2, 2],
      ...options,
    });
    const end = (status) => {
      process.off('SIGINT', onInterrupt);
      resolve(interrupted ? 130 : status);
    };
    child.on('error', () => end(127));
    child.on('close', (status, signal) => end(status ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}

async function installDependencies() {
  if (isInstalled()) return;
  say('Installing the dependencies of package-lock.json (about a minute)…');
  // Ours alone decides: NODE_ENV=production would leave out the tools that tests need.
  const status = await run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  if (status === 130) throw new Interrupted();
  if (status !== 0)
    throw new Error(
      `npm ci ended with status ${status}. Its own lines above say why; then run the command again.`,
    );
  const problem = problemOfInstallation();
  if (problem !== undefined) throw new Error(problem);
  rememberInstallation();
}

const isRoot = () => process.getuid?.() === 0;

function isDebian() {
  try {
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/** Installs with apt but starts no service: a test run must not leave a Redis or a Prometheus listening. */
async function aptInstall(packages) {
  const policy = '/usr/sbin/policy-rc.d';
  const ownPolicy = !existsSync(policy);
  if (ownPolicy) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    const updated = await run('apt-get', ['update', '-qq'], { env });
    if (updated === 130) return updated;
    return await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env });
  } finally {
    if (ownPolicy) rmSync(policy, { force: true });
  }
}

/** Brings the system packages a purpose needs; without them it says what to run and what that means. */
async function installSystemPackages(purpose) {
  const missing = () =>
    systemPackages
      .filter(({ purposes }) => purposes.includes(purpose))
      .filter(({ programs }) => !programs.some(onPath))
      .map(({ debian }) => debian);
  const wanted = missing();
  if (wanted.length === 0) return;
  if (isDebian() && isRoot()) {
    say(`Installing with apt: ${wanted.join(', ')}…`);
    const status = await aptInstall(wanted);
    if (status === 130) throw new Interrupted();
  }
  const still = missing();
  if (still.length === 0) return;
  const line = isDebian()
    ? `${isRoot() ? '' : 'sudo '}apt-get install -y --no-install-recommends ${still.join(' ')}`
    : `install with your system's package manager: ${still.join(', ')}`;
  if (purpose !== 'test')
    throw new Error(`Slipway needs ${still.join(', ')}, which this machine lacks. Run:\n  ${line}`);
  if (process.env.CI === 'true')
    throw new Error(
      `This machine lacks ${still.join(', ')}, and with CI=true no test may be skipped. Run:\n  ${line}`,
    );
  say(
    `This machine lacks ${still.join(', ')}; the tests that need them will be skipped. To have them, run:\n  ${line}`,
  );
}

class Interrupted extends Error {}

/**
 * Makes the checkout ready for a purpose: `run` (dependencies only), `demo`, `playground` or `test`.
 * Two at once take turns. Throws an Error whose message says what to do.
 */
export async function setUp(purpose) {
  if (purpose === 'run' && isInstalled()) return;
  mkdirSync(path.join(root, '.slipway'), { recursive: true });
  await withLock(path.join(root, '.slipway', 'setup.lock'), say, async () => {
    await installDependencies();
    await installSystemPackages(purpose);
  });
}

/** `setUp` for a script: prints the problem and answers the exit status. */
export async function setUpOrExplain(purpose) {
  try {
    await setUp(purpose);
    return 0;
  } catch (error) {
    if (error instanceof Interrupted) return 130;
    say(error instanceof Error ? error.message : String(error));
    return 2;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = await setUpOrExplain(process.argv[2] ?? 'test');

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GiveUp, sentenceOf } from '../errors.ts';
import type { Sandbox, SandboxJob, SandboxOutcome } from '../ports.ts';
import { bubblewrapArguments, type Mount } from './bubblewrap/arguments.ts';
import { controlGroup } from './bubblewrap/cgroup.ts';
import { reachableDirectory, writeEtc } from './bubblewrap/etc.ts';
import { launcher, type Staged, stage } from './bubblewrap/launch.ts';
import { endOrphans } from './bubblewrap/orphans.ts';
import { type Ended, runToEnd } from './bubblewrap/process.ts';
import { openRegistry } from './bubblewrap/registry.ts';
import { claimSlot } from './bubblewrap/slot.ts';

const run = promisify(execFile);

/**
 * The sandbox on bubblewrap: own namespaces, an empty network, a read-only system, a uid of its own when we are
 * root, and limits on memory, processes, files, time and output. It fails closed: what cannot be isolated is not run.
 */
export function bubblewrap(): Sandbox {
  let ready = false;
  return {
    async unavailable() {
      if (ready) return undefined;
      await endOrphans();
      const reason = await whyNot();
      ready = reason === undefined;
      return reason;
    },
    run: runJob,
  };
}

const programs: Readonly<Record<string, string>> = {
  bwrap: 'bubblewrap',
  prlimit: 'util-linux',
  setpriv: 'util-linux',
};

async function whyNot(): Promise<string | undefined> {
  const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  const absent = Object.keys(programs).filter(
    (program) => !folders.some((folder) => existsSync(join(folder, program))),
  );
  if (absent.length > 0) {
    const packages = [...new Set(absent.map((program) => programs[program]))].join(' ');
    return `Generated code runs only in a sandbox, and ${absent.join(' and ')} is not installed. Install it with: sudo apt-get install -y ${packages}`;
  }
  const directory = await mkdtemp(join(tmpdir(), 'slipway-probe-'));
  try {
    await runJob({
      command: ['/bin/sh', '-c', 'exit 0'],
      directory,
      mounts: [],
      environment: {},
      network: 'none',
      limits: {
        seconds: 20,
        memoryBytes: 2 ** 28,
        processes: 32,
        outputBytes: 10_000,
        fileBytes: 2 ** 20,
      },
    });
    return undefined;
  } catch (error) {
    return sentenceOf(error);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function runJob(job: SandboxJob): Promise<SandboxOutcome> {
  const start = performance.now();
  const slot = process.getuid?.() === 0 ? await claimSlot() : undefined;
  const box = await reachableDirectory();
  const registry = job.network === 'registry' ? await openRegistry(box) : undefined;
  const group = await controlGroup(job.limits);
  try {
    const mounts: readonly Mount[] = [
      { from: job.directory, to: '/job', writable: true },
      ...job.mounts,
      ...(registry?.mounts ?? []),
    ];
    for (const mount of mounts) {
      if (!existsSync(mount.from)) {
        throw new GiveUp(`The sandbox was to show ${mount.from} at ${mount.to}, but it is not there.`);
      }
    }
    if (slot) await giveTo(slot.uid, mounts);
    const staged: Staged = slot ? await stage(mounts, box) : { mounts, binds: [] };
    const start = launcher({
      uid: slot?.uid,
      doors: group?.doors ?? [],
      binds: staged.binds,
      limits: job.limits,
      bubblewrap: bubblewrapArguments({
        command: registry ? registry.wrap(job.command) : job.command,
        mounts: staged.mounts,
        environment: { ...registry?.environment, ...job.environment },
        limits: job.limits,
        etc: await writeEtc(box),
        counted: group !== undefined,
      }),
    });
    const ended = await runToEnd(start, job.limits, job.signal);
    if (!ended.ran && !(await group?.outOfMemory())) throw cannotIsolate(ended);
    return { ...outcomeOf(ended, (await group?.outOfMemory()) ?? false), milliseconds: since() };
  } finally {
    registry?.close();
    slot?.release();
    await group?.remove();
    await rm(box, { recursive: true, force: true });
  }

  function since(): number {
    return Math.round(performance.now() - start);
  }
}

function outcomeOf({ ran: _, ...ended }: Ended, outOfMemory: boolean): Omit<SandboxOutcome, 'milliseconds'> {
  // A killed child that its parent survived is the parent's to report; only a tree that died of it is ours.
  if (outOfMemory && ended.ended === 'exited' && ended.status !== 0) {
    return { ...ended, ended: 'out-of-memory', status: null, signal: 'SIGKILL' };
  }
  return ended;
}

function cannotIsolate(ended: Ended): GiveUp {
  const said = ended.stderr.trim().split('\n').slice(-3).join(' ') || `status ${ended.status}`;
  const hint = /namespace|uid map|not permitted|clone|loopback/i.test(said)
    ? ' It needs user namespaces: in a container start it with --security-opt seccomp=unconfined --security-opt apparmor=unconfined; on Ubuntu 24.04 or newer run: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0'
    : '';
  return new GiveUp(`The sandbox could not be set up, so nothing was run. It said: ${said}.${hint}`);
}

/** What the sandbox may write belongs to its uid. Links are not followed. */
async function giveTo(uid: number, mounts: readonly Mount[]): Promise<void> {
  const writable = mounts.filter((mount) => mount.writable).map((mount) => mount.from);
  await run('chown', ['--recursive', '--no-dereference', `${uid}:${uid}`, '--', ...writable]);
}

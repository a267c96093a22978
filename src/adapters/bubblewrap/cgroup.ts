import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Limits for a whole process tree, where this process may make control groups. */
export type ControlGroup = {
  /** Files the first process of the tree writes its own pid to before it becomes the sandbox. */
  readonly doors: readonly string[];
  outOfMemory(): Promise<boolean>;
  /** After the last process is gone. */
  remove(): Promise<void>;
};

type Limits = { readonly memoryBytes: number; readonly processes: number };

const root = '/sys/fs/cgroup';

/** Undefined when the machine does not let us: then prlimit alone must do. */
export async function controlGroup(limits: Limits): Promise<ControlGroup | undefined> {
  const name = `slipway-${randomBytes(8).toString('hex')}`;
  const own = await ownGroups();
  return existsSync(join(root, 'cgroup.controllers'))
    ? unified(join(root, own.get('') ?? '/'), name, limits)
    : perController(own, name, limits);
}

async function perController(
  own: ReadonlyMap<string, string>,
  name: string,
  limits: Limits,
): Promise<ControlGroup | undefined> {
  const memory = join(parentOf('memory', own), name);
  const pids = join(parentOf('pids', own), name);
  const made: string[] = [];
  try {
    for (const path of [memory, pids]) {
      await mkdir(path);
      made.push(path);
    }
    await writeFile(join(memory, 'memory.limit_in_bytes'), String(limits.memoryBytes));
    await writeFile(join(pids, 'pids.max'), String(limits.processes));
  } catch {
    await removeAll(made);
    return undefined;
  }
  return {
    doors: made.map((path) => join(path, 'cgroup.procs')),
    outOfMemory: () => counted(join(memory, 'memory.oom_control')),
    remove: () => removeAll(made),
  };
}

async function unified(parent: string, name: string, limits: Limits): Promise<ControlGroup | undefined> {
  const group = join(parent, name);
  try {
    await writeFile(join(parent, 'cgroup.subtree_control'), '+memory +pids');
    await mkdir(group);
  } catch {
    return undefined;
  }
  try {
    await writeFile(join(group, 'memory.max'), String(limits.memoryBytes));
    await writeFile(join(group, 'pids.max'), String(limits.processes));
  } catch {
    await removeAll([group]);
    return undefined;
  }
  return {
    doors: [join(group, 'cgroup.procs')],
    outOfMemory: () => counted(join(group, 'memory.events')),
    remove: () => removeAll([group]),
  };
}

/** The `oom_kill` counter, which both versions write in the same way. */
async function counted(path: string): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0) > 0;
}

/** Controller to path of this process's own group; the unified hierarchy has the empty name. */
async function ownGroups(): Promise<ReadonlyMap<string, string>> {
  const lines = await readFile('/proc/self/cgroup', 'utf8').catch(() => '');
  const groups = new Map<string, string>();
  for (const line of lines.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    for (const controller of (controllers ?? '').split(',')) groups.set(controller, path ?? '/');
  }
  return groups;
}

function parentOf(controller: string, own: ReadonlyMap<string, string>): string {
  const inside = join(root, controller, own.get(controller) ?? '/');
  return existsSync(inside) ? inside : join(root, controller);
}

/** A group can stay busy for a moment after its last process was killed. */
async function removeAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    for (let attempt = 0; attempt < 50; attempt += 1) {
      const removed = await rmdir(path).then(
        () => true,
        () => !existsSync(path),
      );
      if (removed) break;
      await wait(20);
    }
  }
}

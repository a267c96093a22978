import { readdirSync, readFileSync } from 'node:fs';

export type Running = { readonly pid: number; readonly command: string };

/** The processes inside the sandboxes of a bot: what runs below a bubblewrap that descends from it. */
export function inSandboxesOf(bot: number): readonly Running[] {
  const all = processes();
  const below = (pid: number): readonly number[] => {
    const children = [...all].filter(([, { parent }]) => parent === pid).map(([child]) => child);
    return children.flatMap((child) => [child, ...below(child)]);
  };
  const sandboxes = below(bot).filter((pid) => all.get(pid)?.command.startsWith('bwrap'));
  return [...new Set(sandboxes.flatMap((pid) => [pid, ...below(pid)]))].map((pid) => ({
    pid,
    command: all.get(pid)?.command ?? '',
  }));
}

/** Those of these processes that are still there; one that has ended and waits for its parent is not. */
export function alive(pids: readonly number[]): readonly Running[] {
  const all = processes();
  return pids.flatMap((pid) => {
    const found = all.get(pid);
    return found ? [{ pid, command: found.command }] : [];
  });
}

/** The processes whose command line names a place. */
export function naming(place: string): readonly Running[] {
  return [...processes()].flatMap(([pid, { command }]) =>
    command.includes(place) ? [{ pid, command }] : [],
  );
}

function processes(): ReadonlyMap<number, { readonly parent: number; readonly command: string }> {
  const found = new Map<number, { parent: number; command: string }>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const status = readFileSync(`/proc/${name}/stat`, 'latin1');
      const [state = '', parent = ''] = status.slice(status.lastIndexOf(')') + 2).split(' ');
      if (state === 'Z') continue;
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      found.set(Number(name), { parent: Number(parent), command });
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}

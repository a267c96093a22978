import type { ProcessKind } from '../domain/process.ts';
import { hashOf, type Link, noHash, toEvent } from '../engine/chain.ts';
import { canonical, storable } from '../engine/json.ts';
import type { AnyProcess, Processes } from '../engine/types.ts';

export type StoredProcess = {
  readonly kind: ProcessKind;
  readonly version: number;
  readonly state: unknown;
  readonly channel: string | null;
  readonly thread: string | null;
};
export type StoredEvent = Omit<Link, 'processId'> & { readonly prevHash: string; readonly hash: string };

type ChainFault = { readonly seq: number | undefined; readonly because: string };

/** The first event of one process that does not fit, or undefined when everything does. Pure. */
export function checkChain(of: {
  readonly processId: string;
  readonly saved: StoredProcess | undefined;
  readonly chain: readonly StoredEvent[];
  readonly processes: Processes;
}): ChainFault | undefined {
  const { saved, chain } = of;
  const broken = brokenLink(of);
  if (broken) return broken;
  if (!saved) return { seq: 1, because: `There are ${chain.length} events but no saved process.` };
  if (saved.version !== chain.length) {
    return {
      seq: Math.min(saved.version, chain.length) + 1,
      because: `The saved state is of event ${saved.version}, but the chain ends with event ${chain.length}.`,
    };
  }
  const process = of.processes[saved.kind];
  if (!process)
    return { seq: undefined, because: `"${saved.kind}" is not a kind of process this Slipway knows.` };
  return differingState(process, saved, chain);
}

function brokenLink(of: {
  readonly processId: string;
  readonly saved: StoredProcess | undefined;
  readonly chain: readonly StoredEvent[];
}): ChainFault | undefined {
  let previous = noHash;
  for (const [index, { prevHash, hash, ...stored }] of of.chain.entries()) {
    const seq = index + 1;
    if (stored.seq !== seq)
      return { seq, because: `Event ${seq} is missing: event ${stored.seq} follows event ${index}.` };
    if (of.saved && stored.kind !== of.saved.kind) {
      return { seq, because: `The event is of a ${stored.kind}, the process is a ${of.saved.kind}.` };
    }
    if (prevHash !== previous) {
      return { seq, because: `The event holds on to ${prevHash}, but the hash before it is ${previous}.` };
    }
    const expected = hashOf(previous, { ...stored, processId: of.processId });
    if (hash !== expected) {
      return { seq, because: `The event's content has the hash ${expected}, but ${hash} is recorded.` };
    }
    previous = hash;
  }
  return undefined;
}

function differingState(
  process: AnyProcess,
  saved: StoredProcess,
  chain: readonly StoredEvent[],
): ChainFault | undefined {
  const last = chain.length;
  let state = process.initial;
  for (const event of chain) {
    try {
      state = process.evolve(state, toEvent(event), event.at);
    } catch (error) {
      return { seq: event.seq, because: `The event cannot be folded again: ${String(error)}` };
    }
  }
  const folded = storable(state);
  if (canonical(folded) !== canonical(saved.state)) {
    return {
      seq: last,
      because: `Folding the events again gives another state than the saved one (they differ at ${firstDifference(folded, saved.state)}).`,
    };
  }
  const place = process.placeOf(folded);
  if ((place?.channel ?? null) !== saved.channel || (place?.thread ?? null) !== saved.thread) {
    return {
      seq: last,
      because: `The thread index says ${saved.channel}/${saved.thread}, the state says ${place?.channel}/${place?.thread}.`,
    };
  }
  return undefined;
}

/** The path of the first value that differs, for example `spec.criteria.2`. */
function firstDifference(one: unknown, other: unknown): string {
  const path: string[] = [];
  let left = one;
  let right = other;
  while (isTree(left) && isTree(right)) {
    const [before, after]: [Tree, Tree] = [left, right];
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
    const key = keys.find((name) => textOf(before[name]) !== textOf(after[name]));
    if (key === undefined) break;
    path.push(key);
    [left, right] = [before[key], after[key]];
  }
  return path.join('.') || 'the top';
}

type Tree = { readonly [key: string]: unknown };

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown): string | undefined {
  return value === undefined ? undefined : canonical(value);
}

import type { Place } from '../domain/process.ts';
import type { Store } from './store.ts';
import type { EventOf, KindOf, PastEvent, Processes, Saved, StateOf } from './types.ts';

/** What may be asked about processes without changing anything. */
export type Reading<All extends Processes> = {
  read<Kind extends KindOf<All>>(
    kind: Kind,
    id: string,
  ): Promise<Saved<StateOf<All[Kind]>, Kind> | undefined>;
  /** A thread has at most one process of each kind. */
  findByThread<Kind extends KindOf<All>>(
    kind: Kind,
    place: Place,
  ): Promise<Saved<StateOf<All[Kind]>, Kind> | undefined>;
  /** The most recently changed first. */
  list<Kind extends KindOf<All>>(query: {
    readonly kind: Kind;
    readonly limit?: number;
  }): Promise<readonly Saved<StateOf<All[Kind]>, Kind>[]>;
  /** The number of the newest event of every process of a kind: what tells which of them have changed. */
  versions(kind: KindOf<All>): Promise<ReadonlyMap<string, number>>;
  readAll<Kind extends KindOf<All>>(
    kind: Kind,
    ids: readonly string[],
  ): Promise<readonly Saved<StateOf<All[Kind]>, Kind>[]>;
  /** Every event of a process, the oldest first. */
  history<Kind extends KindOf<All>>(
    kind: Kind,
    id: string,
  ): Promise<readonly PastEvent<EventOf<All[Kind]>>[]>;
};

/** The store with the types of the registered processes put back: what was saved under a kind is of that kind. */
export function createReading<All extends Processes>(store: Store): Reading<All> {
  return {
    read: async <Kind extends KindOf<All>>(kind: Kind, id: string) =>
      (await store.read(kind, id)) as Saved<StateOf<All[Kind]>, Kind> | undefined,
    findByThread: async <Kind extends KindOf<All>>(kind: Kind, place: Place) =>
      (await store.findByThread(kind, place)) as Saved<StateOf<All[Kind]>, Kind> | undefined,
    list: async <Kind extends KindOf<All>>(query: { readonly kind: Kind; readonly limit?: number }) =>
      (await store.list(query)) as readonly Saved<StateOf<All[Kind]>, Kind>[],
    versions: store.versions,
    readAll: async <Kind extends KindOf<All>>(kind: Kind, ids: readonly string[]) =>
      (await store.readAll(kind, ids)) as readonly Saved<StateOf<All[Kind]>, Kind>[],
    history: async <Kind extends KindOf<All>>(kind: Kind, id: string) =>
      (await store.history(kind, id)) as readonly PastEvent<EventOf<All[Kind]>>[],
  };
}

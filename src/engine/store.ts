import pg from 'pg';
import type { Actor, DomainEvent, PendingJob, Place, ProcessKind } from '../domain/process.ts';
import { hashOf, noHash, toColumns, toEvent } from './chain.ts';
import { storable } from './json.ts';
import { atTheEdge, inTransaction } from './transaction.ts';
import type { AnyProcess, Change, PastEvent, Processes, Saved, Sent } from './types.ts';
import { dropWork, oweWork, workValues } from './work.ts';

/** The channel of NOTIFY on which every change is told to all workers, as the JSON of a `ChangeNotice`. */
export const changeChannel = 'slipway_change';
export type ChangeNotice = Change & {
  /** The worker that made it. */
  readonly worker: string;
};

export type Store = {
  /** Decides a command and saves what came of it, in one transaction. See `Engine.send`. */
  decide(request: {
    readonly kind: ProcessKind;
    readonly id: string;
    readonly command: unknown;
    readonly by: Actor;
    readonly known?: Known;
  }): Promise<Decided>;
  read(kind: ProcessKind, id: string): Promise<Saved<unknown> | undefined>;
  findByThread(kind: ProcessKind, place: Place): Promise<Saved<unknown> | undefined>;
  versions(kind: ProcessKind): Promise<ReadonlyMap<string, number>>;
  readAll(kind: ProcessKind, ids: readonly string[]): Promise<readonly Saved<unknown>[]>;
  list(query: { readonly kind: ProcessKind; readonly limit?: number }): Promise<readonly Saved<unknown>[]>;
  history(kind: ProcessKind, id: string): Promise<readonly PastEvent[]>;
};
/** A state that the sender has read: when it is still the newest, it need not be read again. */
export type Known = { readonly version: number; readonly state: unknown };
export type Decided = {
  readonly sent: Sent<unknown, DomainEvent>;
  readonly pending: readonly PendingJob[];
};

/** Processes and their events in PostgreSQL. It knows nothing of queues. */
export function createStore(options: {
  readonly pool: pg.Pool;
  readonly processes: Processes;
  /** The name of this worker, so that it knows its own changes when it hears of them. */
  readonly worker?: string;
  readonly now: () => Date;
}): Store {
  const { pool, processes, worker = '', now } = options;
  return {
    decide: async (request) => {
      const process = processOf(processes, request.kind);
      try {
        return await inTransaction(pool, (client) =>
          decideIn(client, { ...request, process, worker, now: now() }),
        );
      } catch (error) {
        if (error instanceof Refused) return error.decided;
        if (!isThreadTaken(error)) throw error;
        const state = (await readIn(pool, request.id))?.state ?? process.initial;
        return refusal('This thread already belongs to another request. Start in a new one.', { state });
      }
    },
    read: async (kind, id) => {
      const saved = await readIn(pool, id);
      return saved?.kind === kind ? saved : undefined;
    },
    findByThread: async (kind, place) => {
      const rows = await select(pool, 'where kind = $1 and channel = $2 and thread = $3', [
        kind,
        place.channel,
        place.thread,
      ]);
      return rows[0];
    },
    versions: async (kind) => {
      const { rows } = await pool.query<{ id: string; version: number }>(
        'select id, version from processes where kind = $1 and version > 0',
        [kind],
      );
      return new Map(rows.map(({ id, version }) => [id, version]));
    },
    readAll: (kind, ids) => select(pool, 'where kind = $1 and id = any($2) and version > 0', [kind, ids]),
    list: ({ kind, limit = 100 }) =>
      select(pool, 'where kind = $1 order by updated_at desc, id limit $2', [kind, limit]),
    history: async (kind, id) => {
      const { rows } = await pool.query<EventRow>(
        'select seq, type, because, data, actor, at, hash from events where process_id = $1 and kind = $2 order by seq',
        [id, kind],
      );
      return rows.map((row) => ({
        seq: row.seq,
        event: toEvent(row),
        by: row.actor,
        at: row.at.toISOString(),
        hash: row.hash,
      }));
    },
  };
}

/** The process of a kind; its absence is a mistake in the wiring. */
export function processOf(processes: Processes, kind: ProcessKind): AnyProcess {
  const process = processes[kind];
  if (!process) throw new Error(`No process of the kind "${kind}" is registered with the engine.`);
  return process;
}

/** Carries a refusal out of the transaction, which is rolled back: a refused command leaves nothing. */
class Refused extends Error {
  readonly decided: Decided;
  constructor(decided: Decided) {
    super('refused');
    this.decided = decided;
  }
}

async function decideIn(
  client: pg.PoolClient,
  request: {
    readonly process: AnyProcess;
    readonly kind: ProcessKind;
    readonly id: string;
    readonly command: unknown;
    readonly by: Actor;
    readonly known?: Known;
    readonly worker: string;
    readonly now: Date;
  },
): Promise<Decided> {
  const { process, kind, id, worker, now } = request;
  const before = await lock(client, request);
  const by = storable(request.by);
  const decision = process.decide(before.state, request.command, by, now);
  if ('refuse' in decision) throw new Refused(refusal(decision.refuse, before));

  const accepted = decision.accept.map(storable);
  const at = now.toISOString();
  const state = storable(
    accepted.reduce<unknown>((folded, event) => process.evolve(folded, event, at), before.state),
  );
  const pending = process.pendingJobs(state);
  const version = before.version + accepted.length;
  if (accepted.length === 0 && before.version === 0) {
    throw new Refused({ sent: { accepted: [], state: before.state, version: 0 }, pending: [] });
  }
  if (accepted.length > 0) {
    const notice: ChangeNotice = { processId: id, kind, version, worker };
    const place = process.placeOf(state);
    await client.query(saveAll, [
      ...workValues({ id, kind }, pending, now),
      version,
      JSON.stringify(state),
      place?.channel ?? null,
      place?.thread ?? null,
      JSON.stringify(linksOf({ id, kind, by, at, accepted, before })),
      changeChannel,
      JSON.stringify(notice),
    ]);
  }
  return { sent: { accepted, state, version }, pending };
}

/** Everything that comes of a command, in one statement: what is owed, the state, the events, and the news. */
const saveAll = `with
  dropped as (${dropWork}),
  owed as (${oweWork}),
  saved as (update processes
    set version = $6, state = $7, channel = $8, thread = $9, updated_at = $5 where id = $1),
  appended as (insert into events (process_id, seq, kind, type, data, actor, because, at, prev_hash, hash)
    select $1, link.seq, $2, link.type, link.data, link.actor, link.because, link.at, link."prevHash", link.hash
    from jsonb_to_recordset($10::jsonb) as link (seq integer, type text, data jsonb, actor jsonb, because text,
      at timestamptz, "prevHash" text, hash text))
  select pg_notify($11, $12)`;

/** `hash` is that of the newest event. */
type Before = { readonly state: unknown; readonly version: number; readonly hash: string };

/** Locks the row, which is made first when there is none: of two creators the second waits for the first. */
async function lock(
  client: pg.PoolClient,
  request: { process: AnyProcess; kind: ProcessKind; id: string; known?: Known; now: Date },
): Promise<Before> {
  const { process, kind, id, known, now } = request;
  const found = await lockRow(client, id, known);
  if (found === undefined) {
    await client.query(
      'insert into processes (id, kind, version, state, updated_at) values ($1, $2, 0, $3, $4) on conflict do nothing',
      [id, kind, JSON.stringify(process.initial), now],
    );
  }
  const saved = found ?? (await lockRow(client, id));
  if (saved === undefined) return lock(client, request);
  if (saved.kind !== kind) {
    throw new Error(`The process ${id} is a ${saved.kind}; a command for a ${kind} was sent to it.`);
  }
  if (saved.version === 0) return { state: process.initial, version: 0, hash: noHash };
  return {
    state: saved.state,
    version: saved.version,
    hash: saved.hash ?? (await newestHash(client, saved)),
  };
}

type Locked = {
  readonly id: string;
  readonly kind: ProcessKind;
  readonly version: number;
  readonly state: unknown;
  readonly hash: string | null;
};

async function lockRow(client: pg.PoolClient, id: string, known?: Known): Promise<Locked | undefined> {
  const { rows } = await client.query<Locked>(
    `select id, kind, version, case when version = $2 then null else state end as state,
       (select hash from events where process_id = processes.id and seq = processes.version) as hash
     from processes where id = $1 for update`,
    [id, known?.version ?? null],
  );
  const row = rows[0];
  return row && known?.version === row.version ? { ...row, state: known.state } : row;
}

/** A statement that waited for the lock does not see the events of the one it waited for. */
async function newestHash(client: pg.PoolClient, { id, version }: Locked): Promise<string> {
  const { rows } = await client.query<{ hash: string }>(
    'select hash from events where process_id = $1 and seq = $2',
    [id, version],
  );
  return rows[0]?.hash ?? noHash;
}

function linksOf(what: {
  readonly id: string;
  readonly kind: ProcessKind;
  readonly by: Actor;
  readonly at: string;
  readonly accepted: readonly DomainEvent[];
  readonly before: Before;
}): readonly object[] {
  const { id, kind, by: actor, at, before } = what;
  let previous = before.hash;
  return what.accepted.map((event, index) => {
    const link = { seq: before.version + index + 1, processId: id, kind, actor, at, ...toColumns(event) };
    const prevHash = previous;
    previous = hashOf(prevHash, link);
    return { ...link, prevHash, hash: previous };
  });
}

type ProcessRow = {
  id: string;
  kind: ProcessKind;
  version: number;
  state: unknown;
  channel: string | null;
  thread: string | null;
  updated_at: Date;
};
type EventRow = {
  seq: number;
  type: string;
  because: string;
  data: Record<string, unknown>;
  actor: Actor;
  at: Date;
  hash: string;
};

async function readIn(pool: pg.Pool, id: string): Promise<Saved<unknown> | undefined> {
  return (await select(pool, 'where id = $1 and version > 0', [id]))[0];
}

async function select(
  from: pg.Pool | pg.PoolClient,
  condition: string,
  values: readonly unknown[],
): Promise<readonly Saved<unknown>[]> {
  const { rows } = await from
    .query<ProcessRow>(
      `select id, kind, version, state, channel, thread, updated_at from processes ${condition}`,
      [...values],
    )
    .catch((error: unknown) => {
      throw atTheEdge(error);
    });
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    version: row.version,
    state: row.state,
    place: row.channel && row.thread ? { channel: row.channel, thread: row.thread } : undefined,
    updatedAt: row.updated_at,
  }));
}

function refusal(refused: string, before: { state: unknown; version?: number }): Decided {
  return { sent: { refused, state: before.state, version: before.version ?? 0 }, pending: [] };
}

function isThreadTaken(error: unknown): boolean {
  return (
    error instanceof pg.DatabaseError && error.code === '23505' && error.constraint === 'processes_thread'
  );
}

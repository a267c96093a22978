import type pg from 'pg';
import type { Actor, ProcessKind } from '../domain/process.ts';
import type { Processes } from '../engine/types.ts';
import { checkChain, type StoredEvent, type StoredProcess } from './check-chain.ts';

/** The first thing of a chain that does not fit, or content that is not what its name says. */
export type Fault = {
  readonly processId: string | undefined;
  /** The number of the event that does not fit. */
  readonly seq: number | undefined;
  /** What does not fit, in a sentence with its values. */
  readonly because: string;
};

export type ChainReport = {
  readonly intact: boolean;
  readonly processes: number;
  readonly events: number;
  readonly blobs: number;
  /** At most one per process, in the order of their ids, then those of the blobs. */
  readonly faults: readonly Fault[];
};

/**
 * Walks every chain, folds every process again and compares with what was saved, and hashes every blob
 * again. A chain shows edits, gaps and reordering; a cut tail shows by the version of the saved state.
 */
export async function verifyChains(options: {
  readonly pool: pg.Pool;
  readonly processes: Processes;
}): Promise<ChainReport> {
  const { pool } = options;
  const { rows: ids } = await pool.query<{ id: string }>(
    'select id from processes union select process_id from events order by id',
  );
  const faults: Fault[] = [];
  let events = 0;
  for (const { id } of ids) {
    const chain = await readEvents(pool, id);
    events += chain.length;
    const fault = checkChain({
      processId: id,
      saved: await readProcess(pool, id),
      chain,
      processes: options.processes,
    });
    if (fault) faults.push({ processId: id, ...fault });
  }
  const blobs = await checkBlobs(pool);
  faults.push(...blobs.faults);
  return {
    intact: faults.length === 0,
    processes: ids.length,
    events,
    blobs: blobs.count,
    faults,
  };
}

async function readProcess(pool: pg.Pool, id: string): Promise<StoredProcess | undefined> {
  const { rows } = await pool.query<StoredProcess>(
    'select kind, version, state, channel, thread from processes where id = $1',
    [id],
  );
  return rows[0];
}

type EventRow = Omit<StoredEvent, 'at' | 'prevHash'> & {
  readonly kind: ProcessKind;
  readonly actor: Actor;
  readonly at: Date;
  readonly prev_hash: string;
};

async function readEvents(pool: pg.Pool, id: string): Promise<readonly StoredEvent[]> {
  const { rows } = await pool.query<EventRow>(
    'select seq, kind, type, data, actor, because, at, prev_hash, hash from events where process_id = $1 order by seq',
    [id],
  );
  return rows.map(({ at, prev_hash, ...row }) => ({ ...row, at: at.toISOString(), prevHash: prev_hash }));
}

async function checkBlobs(pool: pg.Pool): Promise<{ count: number; faults: readonly Fault[] }> {
  const { rows: counted } = await pool.query<{ count: number }>(
    'select count(*)::integer as count from blobs',
  );
  const { rows } = await pool.query<{
    sha256: string;
    found: string;
    process_id: string | null;
    seq: number | null;
  }>(
    `select sha256, encode(sha256(content), 'hex') as found, process_id, seq
     from blobs left join lateral (
       select process_id, seq from events
       where position(blobs.sha256 in events.data::text) > 0 order by at, process_id, seq limit 1
     ) as first_use on true
     where sha256 <> encode(sha256(content), 'hex') order by sha256`,
  );
  const faults = rows.map((row) => ({
    processId: row.process_id ?? undefined,
    seq: row.seq ?? undefined,
    because: `The content kept as ${row.sha256} has the SHA-256 ${row.found}.`,
  }));
  return { count: counted[0]?.count ?? 0, faults };
}

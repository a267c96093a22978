import type pg from 'pg';
import type { Lane, PendingJob, ProcessKind } from '../domain/process.ts';

/** One pending job of one process, as the database remembers it. */
export type Work = {
  readonly processId: string;
  readonly kind: ProcessKind;
  readonly key: string;
  readonly lane: Lane;
  readonly dueAt: Date;
};

/** Work that was begun: how often before, and how often it asked to be tried again. */
export type BegunWork = {
  readonly kind: ProcessKind;
  readonly begun: number;
  readonly tries: number;
  /** It was begun before, whatever came of that. */
  readonly again: boolean;
  /** The state of its process when it was begun, and its version. */
  readonly state: unknown;
  readonly version: number;
};

/**
 * What makes the work of a process what `pendingJobs` says; part of the statement that saves the state.
 * The values are those of `workValues`.
 */
export const dropWork = 'delete from work where process_id = $1 and key <> all($3::text[])';
export const oweWork = `insert into work (process_id, kind, key, name, lane, not_before, due_at)
  select $1, $2, job.key, job.name, job.lane, job."notBefore", coalesce(job."notBefore", $5)
  from jsonb_to_recordset($4::jsonb) as job (key text, name text, lane text, "notBefore" timestamptz)
  on conflict (process_id, key) do update set
    name = excluded.name,
    lane = excluded.lane,
    not_before = excluded.not_before,
    due_at = case when work.not_before is distinct from excluded.not_before
                  then excluded.due_at else work.due_at end`;

export function workValues(
  process: { readonly id: string; readonly kind: ProcessKind },
  jobs: readonly PendingJob[],
  now: Date,
): readonly unknown[] {
  return [process.id, process.kind, jobs.map((job) => job.key), JSON.stringify(jobs), now];
}

export type WorkBook = {
  /** What is overdue, and what becomes due in a time that begins after `after`; the longest waiting first. */
  due(time: {
    readonly now: Date;
    readonly after: Date;
    readonly until: Date;
    readonly limit: number;
  }): Promise<readonly Work[]>;
  /** What a process owes, due or not. */
  of(processId: string): Promise<readonly Work[]>;
  /** Counts one more beginning; undefined when the work is no longer pending or not due. */
  begin(at: { processId: string; key: string; now: Date }): Promise<BegunWork | undefined>;
  /** Puts it off after a try that did not succeed. */
  postpone(at: { processId: string; key: string; dueAt: Date; reason: string }): Promise<void>;
  /** Puts it off without counting a try: what it waits for has not happened. */
  rest(at: { processId: string; key: string; dueAt: Date; reason: string }): Promise<void>;
  /** Takes a beginning back that ended through no fault of the work. */
  takeBack(at: { processId: string; key: string }): Promise<void>;
  /** Forgets work that the state no longer asks for. */
  forget(at: { processId: string; key: string }): Promise<void>;
};

type Row = { process_id: string; kind: ProcessKind; key: string; lane: Lane; due_at: Date };
const columns = 'process_id, kind, key, lane, due_at';

/** The work table outside of `send`. */
export function createWorkBook(pool: pg.Pool): WorkBook {
  return {
    due: async ({ now, after, until, limit }) => {
      const { rows } = await pool.query<Row>(
        `select ${columns} from work
         where due_at <= $1 or (due_at > $2 and due_at <= $3) order by (lane = 'halt') desc, due_at limit $4`,
        [now, after, until, limit],
      );
      return rows.map(toWork);
    },
    of: async (processId) => {
      const { rows } = await pool.query<Row>(`select ${columns} from work where process_id = $1`, [
        processId,
      ]);
      return rows.map(toWork);
    },
    begin: async ({ processId, key, now }) => {
      const { rows } = await pool.query<BegunWork>(
        `update work set begun = begun + 1, first_begun_at = coalesce(first_begun_at, $3)
         from processes
         where process_id = $1 and key = $2 and due_at <= $3 and processes.id = process_id
         returning work.kind, begun, tries, first_begun_at < $3 as again, processes.state, processes.version`,
        [processId, key, now],
      );
      return rows[0];
    },
    postpone: async ({ processId, key, dueAt, reason }) => {
      await pool.query(
        'update work set tries = tries + 1, due_at = $3, last_error = $4 where process_id = $1 and key = $2',
        [processId, key, dueAt, reason],
      );
    },
    rest: async ({ processId, key, dueAt, reason }) => {
      await pool.query(
        'update work set begun = 0, first_begun_at = null, tries = 0, due_at = $3, last_error = $4 where process_id = $1 and key = $2',
        [processId, key, dueAt, reason],
      );
    },
    takeBack: async ({ processId, key }) => {
      await pool.query('update work set begun = begun - 1 where process_id = $1 and key = $2', [
        processId,
        key,
      ]);
    },
    forget: async ({ processId, key }) => {
      await pool.query('delete from work where process_id = $1 and key = $2', [processId, key]);
    },
  };
}

function toWork(row: Row): Work {
  return {
    processId: row.process_id,
    kind: row.kind,
    key: row.key,
    lane: row.lane,
    dueAt: row.due_at,
  };
}

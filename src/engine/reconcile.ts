import type pg from 'pg';
import type { ProcessKind } from '../domain/process.ts';
import { inTransaction } from './transaction.ts';
import type { Processes } from './types.ts';
import { dropWork, oweWork, workValues } from './work.ts';

type Row = {
  readonly id: string;
  readonly kind: ProcessKind;
  readonly state: unknown;
  readonly keys: readonly string[];
};
const pageSize = 100;

/**
 * Goes through all processes and makes the work table say what `pendingJobs` says of each. `send` keeps
 * them equal; this is for a new version of Slipway, whose `pendingJobs` may see other work in an old state.
 */
export async function reconcile(options: {
  readonly pool: pg.Pool;
  readonly processes: Processes;
  readonly now: () => Date;
}): Promise<void> {
  const { pool, processes, now } = options;
  let after = '';
  for (;;) {
    const { rows } = await pool.query<Row>(
      `${rowsWithKeys} where id > $1 and version > 0 order by id limit ${pageSize}`,
      [after],
    );
    for (const row of rows) {
      if (isReconciled(row, processes)) continue;
      await inTransaction(pool, (client) => repair(client, row.id, { processes, now }));
    }
    const last = rows.at(-1);
    if (!last || rows.length < pageSize) return;
    after = last.id;
  }
}

const rowsWithKeys = `select id, kind, state,
  array(select key from work where work.process_id = processes.id) as keys from processes`;

function isReconciled(row: Row, processes: Processes): boolean {
  const process = processes[row.kind];
  if (!process) return true;
  const wanted = new Set(process.pendingJobs(row.state).map((job) => job.key));
  return wanted.size === row.keys.length && row.keys.every((key) => wanted.has(key));
}

async function repair(
  client: pg.PoolClient,
  id: string,
  options: { readonly processes: Processes; readonly now: () => Date },
): Promise<void> {
  const { rows } = await client.query<Row>(`${rowsWithKeys} where id = $1 for update`, [id]);
  const row = rows[0];
  const process = row && options.processes[row.kind];
  if (!process) return;
  await client.query(`with dropped as (${dropWork}) ${oweWork}`, [
    ...workValues(row, process.pendingJobs(row.state), options.now()),
  ]);
}

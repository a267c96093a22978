import pg from 'pg';
import { TryAgain } from '../errors.ts';

/** Runs `work` in one transaction. When the database cannot be reached or is overloaded: `TryAgain`. */
export async function inTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect().catch((error: unknown) => {
    throw atTheEdge(error);
  });
  let broken: Error | undefined;
  const remember = (error: Error) => {
    broken = error;
  };
  client.on('error', remember);
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(remember);
    throw atTheEdge(error);
  } finally {
    client.off('error', remember);
    client.release(broken);
  }
}

/** An error of the database as one of ours: what may pass by itself is `TryAgain`, the rest stays a bug. */
export function atTheEdge(error: unknown): unknown {
  if (!mayPass(error)) return error;
  return new TryAgain('The database cannot be reached or is overloaded just now.', { cause: error });
}

/** Connection lost (08), shutting down (57P), out of resources (53), deadlock or serialization (40). */
const passing = /^(08|57P|53|40)/;
const unreachable = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);

function mayPass(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return passing.test(error.code ?? '');
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string') return unreachable.has(error.code);
  // pg gives these no code: a socket that closed, or a connection or query time-out.
  return /^(Connection terminated|timeout expired|timeout exceeded|Query read timeout)/.test(error.message);
}

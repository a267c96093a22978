import type pg from 'pg';
import { rollout } from '../../src/domain/rollout/rollout.ts';
import type { RolloutState } from '../../src/domain/rollout/state.ts';
import { hashOf, noHash, toColumns } from '../../src/engine/chain.ts';
import { foldTick, nextTick, rampingState, tickSeconds } from '../ramping.ts';

const pageSize = 500;
const actor = { kind: 'job', name: 'bench' } as const;

/**
 * Puts rollouts into the database as if each had been watched for a few ticks, with their next ticks spread
 * evenly over the first 30 s after `from`.
 */
export async function seed(
  pool: pg.Pool,
  options: { readonly rollouts: number; readonly from: Date; readonly cards: boolean },
): Promise<void> {
  const { rollouts, from, cards } = options;
  for (let first = 0; first < rollouts; first += pageSize) {
    const page = Array.from({ length: Math.min(pageSize, rollouts - first) }, (_, index) => {
      const number = first + index;
      const dueMs = from.getTime() + (number / rollouts) * tickSeconds * 1000;
      const states = history(rampingState({ number, at: new Date(dueMs - 4 * tickSeconds * 1000) }));
      return cards ? withCard(states) : states;
    });
    await insert(pool, page);
  }
}

function history(start: RolloutState): RolloutState {
  let state = start;
  for (let tick = 0; tick < 3; tick++) state = foldTick(state, nextTick(state));
  return state;
}

function withCard(state: RolloutState): RolloutState {
  const card = {
    key: 'card',
    about: { kind: 'rollout-card' },
    version: 1,
    drawn: 1,
    ts: '1780000000.1',
  } as const;
  return { ...state, messages: [card] };
}

async function insert(pool: pg.Pool, states: readonly RolloutState[]): Promise<void> {
  const processes = states.map((state) => ({ id: state.id, state }));
  const links = states.map(({ id, startedAt = '' }) => {
    const event = { type: 'rehearsal-began', because: 'Made for the benchmark.' };
    const link = { seq: 1, processId: id, kind: 'rollout', actor, at: startedAt, ...toColumns(event) };
    return { ...link, hash: hashOf(noHash, link) };
  });
  const work = states.flatMap((state) =>
    rollout.pendingJobs(state).map((job) => ({ processId: state.id, ...job })),
  );
  await pool.query(
    `insert into processes (id, kind, version, state, channel, thread, updated_at)
     select one.id, 'rollout', 1, one.state, one.state->>'channel', one.state->>'thread', now()
     from jsonb_to_recordset($1::jsonb) as one (id text, state jsonb)`,
    [JSON.stringify(processes)],
  );
  await pool.query(
    `insert into events (process_id, seq, kind, type, data, actor, because, at, prev_hash, hash)
     select link."processId", link.seq, link.kind, link.type, link.data, link.actor, link.because, link.at,
            '${noHash}', link.hash
     from jsonb_to_recordset($1::jsonb) as link ("processId" text, seq integer, kind text, type text,
       data jsonb, actor jsonb, because text, at timestamptz, hash text)`,
    [JSON.stringify(links)],
  );
  await pool.query(
    `insert into work (process_id, kind, key, name, lane, not_before, due_at)
     select job."processId", 'rollout', job.key, job.name, job.lane, job."notBefore", coalesce(job."notBefore", now())
     from jsonb_to_recordset($1::jsonb) as job ("processId" text, key text, name text, lane text, "notBefore" timestamptz)`,
    [JSON.stringify(work)],
  );
}

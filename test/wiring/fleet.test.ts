import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rollout } from '../../src/domain/rollout/rollout.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { migrate } from '../../src/engine/migrate.ts';
import type { Queue } from '../../src/engine/queue.ts';
import { createFleet } from '../../src/wiring/rollouts.ts';
import { keptLog } from '../engine/errand.ts';
import { freshDatabase } from '../setup/database.ts';

/** The engine only decides here: nothing is rung for. */
const quiet: Queue = {
  ring: async () => {},
  answer: async () => {},
  stop: async () => {},
  close: async () => {},
  counts: () => Promise.reject(new Error('not asked')),
};
const raj = { kind: 'person', id: 'U0RAJ', name: 'raj', rights: ['request'] } as const;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let pool: pg.Pool;
beforeAll(async () => {
  database = await freshDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
  await migrate(pool);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const engineOf = () =>
  createEngine<{ rollout: typeof rollout }>({
    database: { pool, url: database.url },
    queue: quiet,
    processes: { rollout },
    jobs: { rollout: {} },
    failed: { rollout: ({ job, reason }) => ({ type: 'gave-up', key: job.key, because: reason }) },
    handle: async () => {},
    log: keptLog(),
  });

const start = (id: string) =>
  ({
    type: 'start',
    id,
    flag: 'free-shipping',
    origin: { kind: 'feature', feature: 'f-test', repository: 'acme/shop' },
    owner: { id: 'U0RAJ', name: 'raj' },
    channel: 'C0SHOP',
    createFlag: true,
  }) as const;

test('a start that was cut short after it was sent is no second one', async () => {
  const engine = engineOf();
  const fleet = createFleet({ engine: () => engine, people: { actor: async () => raj } });
  await fleet.start(start('r-once'));
  await fleet.start(start('r-once'));
  expect(await engine.history('rollout', 'r-once')).toHaveLength(1);
});

test('a start that its owner may not make is said', async () => {
  const engine = engineOf();
  const gone = { refuse: 'Bots and deactivated people may not ask Slipway for anything.' };
  const fleet = createFleet({ engine: () => engine, people: { actor: async () => gone } });
  await expect(fleet.start(start('r-gone'))).rejects.toThrow(gone.refuse);
});

test('rollouts that are over are left out', async () => {
  const engine = engineOf();
  const at = () => createFleet({ engine: () => engine, people: { actor: async () => raj } });
  await at().start(start('r-open'));
  await at().start(start('r-over'));
  await engine.send({ kind: 'rollout', id: 'r-over', command: { type: 'roll-back' }, by: raj });
  const ids = (await at().open()).map(({ id }) => id);
  expect(ids).toContain('r-open');
  expect(ids).not.toContain('r-over');
});

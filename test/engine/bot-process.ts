import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { createBullQueue } from '../../src/engine/bull.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { migrate } from '../../src/engine/migrate.ts';
import { openDatabase } from '../../src/engine/postgres.ts';
import { errand, maria } from './errand.ts';

/**
 * A bot in a process of its own, to be killed: `node bot-process.ts DIRECTORY [hang]`. It keeps its
 * database in the directory, asks for one job when there is none, writes `begun` to `journal`
 * in the directory when that job begins, and with `hang` never ends it.
 */
const [directory = '', hang] = process.argv.slice(2);
const log = {
  info: () => {},
  warn: (message: string, fields?: object) => console.error(message, fields),
  error: (message: string, fields?: object) => console.error(message, fields),
};
const journal = (line: string) => appendFile(path.join(directory, 'journal'), `${line}\n`);

const database = await openDatabase({ directory: path.join(directory, 'postgres'), log });
await migrate(database.pool);
const engine = createEngine<{ feature: typeof errand }>({
  database,
  // The queue itself would give the job of a killed worker back only after half a minute.
  queue: await createBullQueue({ databaseUrl: database.url, lockMs: 30_000, stalledMs: 30_000, log }),
  processes: { feature: errand },
  jobs: {
    feature: {
      run: {
        run: async ({ job }) => {
          await journal('begun');
          if (hang) await new Promise(() => {});
          return { kind: 'finish', key: job.key };
        },
      },
    },
  },
  failed: { feature: ({ job, reason }) => ({ kind: 'fail', key: job.key, reason }) },
  handle: async (entry) => {
    await journal(`handling ${entry.id}`);
    if (hang) await new Promise(() => {});
  },
  log,
});
await engine.start();
if (!(await engine.read('feature', 'f-1'))) {
  await engine.inbox.journal({ id: 'Ev1', kind: 'message', body: { text: 'hello' } });
  await engine.send({ kind: 'feature', id: 'f-1', command: { kind: 'ask', key: 'a' }, by: maria });
}
while (!hang && (await engine.read('feature', 'f-1'))?.state.done.length === 0) {
  await new Promise((resolve) => setTimeout(resolve, 20));
}
if (!hang) {
  await engine.drain();
  await database.close();
  await journal('ended');
}

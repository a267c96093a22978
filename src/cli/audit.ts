import path from 'node:path';
import { parseArgs } from 'node:util';
import { verifyChains } from '../audit/verify-chains.ts';
import { readEnvironment } from '../config/read-environment.ts';
import { feature } from '../domain/feature/feature.ts';
import { migrate } from '../engine/migrate.ts';
import { openDatabase } from '../engine/postgres.ts';
import type { Command } from './io.ts';

const usage = `slipway audit verify [--json]
Walks every chain, folds every process again and compares with what was saved.
Reads DATABASE_URL, or the PostgreSQL in SLIPWAY_HOME.`;

/** Checks the record. Exit status 0: it holds; 1: the first event that does not fit is named; 2: it could not be read. */
export const auditCommand: Command = async (args, io) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  });
  if (positionals.length !== 1 || positionals[0] !== 'verify') {
    io.err(usage);
    return 2;
  }
  const { values: environment } = readEnvironment(io.env);
  const database = await openDatabase({
    url: environment.DATABASE_URL,
    directory: path.resolve(io.cwd, environment.SLIPWAY_HOME ?? '.slipway', 'postgres'),
    log: { info: () => undefined, warn: io.err, error: io.err },
  });
  try {
    await migrate(database.pool);
    const report = await verifyChains({ pool: database.pool, processes: { feature } });
    if (values.json) {
      io.out(JSON.stringify(report));
    } else {
      const { processes, events, blobs, faults } = report;
      io.out(
        `${processes} processes, ${events} events, ${blobs} blobs: ${report.intact ? 'every chain holds.' : 'the record does not hold.'}`,
      );
      for (const { processId, seq, because } of faults) {
        io.out(`  ${processId ?? 'blobs'}${seq === undefined ? '' : `, event ${seq}`}: ${because}`);
      }
    }
    return report.intact ? 0 : 1;
  } finally {
    await database.close();
  }
};

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../src/engine/postgres/embedded.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A database of the server that all test files share; `freshDatabase` makes others on it. */
    readonly databaseUrl: string;
  }
}

/** One PostgreSQL for the whole run, in memory-like settings: a test's data need not survive a power cut. */
export default async function startPostgres(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(path.join(tmpdir(), 'slipway-test-'));
  const server = await startEmbedded({
    directory,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' },
  });
  project.provide('databaseUrl', server.urlOf('postgres'));
  return async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
}

import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { sentenceOf } from '../../errors.ts';
import { type CheckUp, ok, problem, unknown } from './finding.ts';

const oldestPostgres = 130_000;
const patienceMs = 5_000;

async function checkHome(home: string): Promise<CheckUp> {
  const subject = 'SLIPWAY_HOME';
  const trial = path.join(home, `doctor-${process.pid}`);
  try {
    await mkdir(home, { recursive: true });
    await writeFile(trial, '');
    await rm(trial);
    return ok(subject, `${home} can be written`);
  } catch (error) {
    return problem(
      subject,
      `${home} cannot be written: ${sentenceOf(error)}`,
      'Give it to the user that runs Slipway.',
    );
  }
}

async function checkPostgres(databaseUrl: string | undefined): Promise<CheckUp> {
  const subject = 'PostgreSQL';
  if (databaseUrl === undefined)
    return ok(subject, 'DATABASE_URL is not set: Slipway starts its own in SLIPWAY_HOME');
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: patienceMs,
    query_timeout: patienceMs,
  });
  // A connection that breaks later than the answer has nothing to say here.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number; creates: boolean }>(
      "select current_setting('server_version_num')::int as version, has_schema_privilege(current_schema(), 'create') as creates",
    );
    const { version = 0, creates = false } = rows[0] ?? {};
    if (version < oldestPostgres)
      return problem(
        subject,
        `version ${Math.floor(version / 10_000)} is too old`,
        'Use PostgreSQL 13 or newer.',
      );
    if (!creates)
      return problem(subject, 'its user may not create tables', 'GRANT CREATE on the schema to that user.');
    return ok(subject, `version ${Math.floor(version / 10_000)}`);
  } catch (error) {
    return problem(
      subject,
      `no connection: ${sentenceOf(error)}`,
      'Check DATABASE_URL and that the server runs.',
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** BullMQ loses jobs when Redis may evict keys. */
async function evictionOf(redis: Redis): Promise<string | undefined> {
  try {
    const answer = await redis.config('GET', 'maxmemory-policy');
    return Array.isArray(answer) ? String(answer[1]) : undefined;
  } catch {
    return undefined;
  }
}

async function checkRedis(redisUrl: string | undefined): Promise<CheckUp> {
  const subject = 'Redis';
  if (redisUrl === undefined) return ok(subject, 'REDIS_URL is not set: the queue is in PostgreSQL');
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    connectTimeout: patienceMs,
    commandTimeout: patienceMs,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    retryStrategy: () => null,
  });
  let reason: string | undefined;
  redis.on('error', (error) => {
    reason = sentenceOf(error);
  });
  try {
    await redis.connect();
    await redis.ping();
    const eviction = await evictionOf(redis);
    if (eviction === undefined) return unknown(subject, 'answers, but does not tell its maxmemory-policy.');
    if (eviction === 'noeviction') return ok(subject, 'answers, and evicts nothing');
    return problem(
      subject,
      `its maxmemory-policy is ${eviction}, so it may drop jobs`,
      'Set maxmemory-policy noeviction.',
    );
  } catch (error) {
    return problem(
      subject,
      `no connection: ${reason ?? sentenceOf(error)}`,
      'Check REDIS_URL and that the server runs.',
    );
  } finally {
    redis.disconnect();
  }
}

/** Where Slipway keeps things. */
export async function checkStorage(settings: {
  readonly home: string;
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
}): Promise<readonly CheckUp[]> {
  return Promise.all([
    checkHome(settings.home),
    checkPostgres(settings.databaseUrl),
    checkRedis(settings.redisUrl),
  ]);
}

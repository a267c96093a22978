import { createHash } from 'node:crypto';
import type pg from 'pg';
import { GiveUp } from '../errors.ts';
import type { Blobs } from '../ports.ts';
import { atTheEdge } from './transaction.ts';

/** Large content in the database, by its SHA-256. The same content is kept once. */
export function createBlobs(pool: pg.Pool): Blobs {
  return {
    put: async (content) => {
      const bytes = Buffer.from(content, 'utf8');
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      await pool
        .query('insert into blobs (sha256, content) values ($1, $2) on conflict do nothing', [sha256, bytes])
        .catch((error: unknown) => {
          throw atTheEdge(error);
        });
      return sha256;
    },
    get: async (sha256) => {
      const { rows } = await pool
        .query<{ content: Buffer }>('select content from blobs where sha256 = $1', [sha256])
        .catch((error: unknown) => {
          throw atTheEdge(error);
        });
      const content = rows[0]?.content;
      if (!content) throw new GiveUp(`There is no content with the SHA-256 ${sha256} in the database.`);
      return content.toString('utf8');
    },
  };
}

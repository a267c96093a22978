import pg from 'pg';
import { migrate } from '../../src/engine/migrate.ts';

/**
 * Lets a bot write just so many events: each transaction that appends some takes a ticket first, and waits
 * where there is none. So a test decides after which of them a bot dies, and nothing more is written by it.
 */
export type Gate = {
  /** Hands out tickets; those that are left over from before are gone. */
  open(tickets: number): Promise<void>;
  /** Whether all tickets are used up. */
  isUsedUp(): Promise<boolean>;
  /** Whether a transaction waits for a ticket: what it is to write down is done, and nobody knows. */
  isWaitedFor(): Promise<boolean>;
  /** Ends what the connections of a dead bot still have in hand, as the network would sooner or later. */
  clear(): Promise<void>;
  /** Whether the bot owes nothing any more but to look at the open pull request: no work, and nothing in its inbox. */
  isQuiet(): Promise<boolean>;
  /** Takes the gate away. */
  remove(): Promise<void>;
  close(): Promise<void>;
};

const gateName = 'gate of a test';

const setUp = `
  create schema gate;
  create table gate.tickets (id serial);
  create function gate.pass() returns trigger language plpgsql as $$
  begin
    loop
      delete from gate.tickets where id = (select id from gate.tickets limit 1 for update skip locked);
      exit when found;
      perform pg_sleep(0.01);
    end loop;
    return null;
  end $$;
  create trigger gate before insert on events for each statement execute function gate.pass();
`;

export async function gateOn(databaseUrl: string): Promise<Gate> {
  const pool = new pg.Pool({ connectionString: databaseUrl, application_name: gateName });
  pool.on('error', () => undefined);
  await migrate(pool);
  await pool.query(setUp);
  const holds = async (condition: string) =>
    (await pool.query<{ holds: boolean }>(`select ${condition} as holds`)).rows[0]?.holds === true;
  const others = 'from pg_stat_activity where datname = current_database() and application_name <> $1';
  return {
    open: async (tickets) => {
      await pool.query('truncate gate.tickets');
      await pool.query('insert into gate.tickets select from generate_series(1, $1)', [tickets]);
    },
    isUsedUp: () => holds('not exists (select from gate.tickets)'),
    isWaitedFor: () =>
      holds(
        "exists (select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep')",
      ),
    clear: async () => {
      for (;;) {
        const { rowCount } = await pool.query(`select pg_terminate_backend(pid) ${others}`, [gateName]);
        if (rowCount === 0) return;
      }
    },
    isQuiet: () =>
      holds(
        "not exists (select from work where name <> 'watch-pull-request') and not exists (select from inbox where due_at is not null)",
      ),
    remove: async () => {
      await pool.query('drop schema gate cascade');
    },
    close: () => pool.end(),
  };
}

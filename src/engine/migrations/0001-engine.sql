create table processes (
  id text primary key,
  kind text not null,
  version integer not null,
  state jsonb not null,
  channel text,
  thread text,
  updated_at timestamptz not null
);
create unique index processes_thread on processes (channel, thread) where thread is not null;
create index processes_recent on processes (kind, updated_at desc);

create table events (
  process_id text not null references processes (id),
  seq integer not null,
  kind text not null,
  type text not null,
  data jsonb not null,
  actor jsonb not null,
  because text not null,
  at timestamptz not null,
  prev_hash text not null,
  hash text not null,
  primary key (process_id, seq)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'The table % is append-only: % is refused.', tg_table_name, tg_op;
end $$;
create trigger events_append_only before update or delete on events
  for each row execute function refuse_change();
create trigger events_no_truncate before truncate on events
  for each statement execute function refuse_change();

-- What pendingJobs(state) said when the state was saved, with what the engine knows about each: how
-- often it was begun and tried, and when it is due. The queue can be lost; this cannot.
create table work (
  process_id text not null references processes (id),
  key text not null,
  kind text not null,
  name text not null,
  lane text not null,
  not_before timestamptz,
  due_at timestamptz not null,
  begun integer not null default 0,
  first_begun_at timestamptz,
  tries integer not null default 0,
  last_error text,
  primary key (process_id, key)
);
create index work_due on work (due_at);

create table blobs (
  sha256 text primary key,
  content bytea not null
);

create table inbox (
  id text primary key,
  kind text not null,
  body jsonb not null,
  received_at timestamptz not null,
  -- Null when it was handled or given up.
  due_at timestamptz,
  handled_at timestamptz,
  attempts integer not null default 0,
  last_error text
);
create index inbox_due on inbox (received_at) where due_at is not null;

-- A feature and its rollout are told in one thread.
drop index processes_thread;
create unique index processes_thread on processes (channel, thread, kind) where thread is not null;

import { statements } from './statements.ts';

export const monitoring = statements([
  `create table monitoring_sessions (
     id uuid primary key,
     supervisor_account bigint references accounts (id) on delete set null,
     supervisor_name text not null,
     supervisor_phone text not null,
     target_account bigint references accounts (id) on delete set null,
     target_name text not null,
     target_phone text,
     mode text not null check (mode in ('listen', 'whisper')),
     door text not null check (door in ('realtime_monitor', 'seat_view', 'job_monitor', 'dial')),
     shortcut boolean not null,
     continuous boolean not null,
     started_at timestamptz not null,
     answered_at timestamptz,
     ended_at timestamptz,
     reason text)`,
  // One supervisor, one phone: one session. Two that start in the same moment cannot both pass.
  `create unique index monitoring_one_session on monitoring_sessions (supervisor_account) where ended_at is null`,
  `create unique index monitoring_one_phone on monitoring_sessions (supervisor_phone) where ended_at is null`,
  `create index monitoring_started on monitoring_sessions (started_at desc, id)`,
  `create table monitoring_parts (
     session_id uuid not null references monitoring_sessions (id) on delete cascade,
     at timestamptz not null,
     call_id uuid not null,
     mode text not null,
     primary key (session_id, at, call_id, mode))`,
]);

import { statements } from './statements.ts';

export const calls = statements([
  `create table call_records (
     id uuid primary key,
     kind text not null check (kind in ('internal', 'incoming', 'outgoing', 'call_center')),
     caller text not null,
     dialled text not null,
     call_center text,
     trunk text,
     started_at timestamptz not null,
     answered_at timestamptz,
     ended_at timestamptz,
     result text,
     held_ms bigint not null default 0)`,
  `create index call_records_started on call_records (started_at desc, id)`,
  `create index call_records_open on call_records (id) where ended_at is null`,
  `create index call_records_call_center on call_records (call_center, started_at desc) where call_center is not null`,
  `create table call_parts (
     call_id uuid not null references call_records (id) on delete cascade,
     channel text not null,
     joined_at timestamptz not null,
     left_at timestamptz,
     side text not null check (side in ('caller', 'callee')),
     number text not null,
     outside boolean not null,
     account_id bigint references accounts (id) on delete set null,
     primary key (call_id, channel, joined_at))`,
  `create index call_parts_account on call_parts (account_id, joined_at desc) where account_id is not null`,
]);

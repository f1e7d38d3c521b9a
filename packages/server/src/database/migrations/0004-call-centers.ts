import { statements } from './statements.ts';

export const callCenters = statements([
  // priority: 1 is served first. wrap_up_seconds: 0 is by hand. max_misses, notice_seconds: 0 is never.
  `alter table call_centers
     add priority int not null default 10 check (priority between 1 and 99),
     add ring_seconds int not null default 20 check (ring_seconds between 5 and 120),
     add wrap_up_seconds int not null default 0 check (wrap_up_seconds between 0 and 3600),
     add max_misses int not null default 3 check (max_misses between 0 and 99),
     add notice_seconds int not null default 30 check (notice_seconds = 0 or notice_seconds between 10 and 600),
     add overflow_seconds int not null default 300 check (overflow_seconds between 5 and 3600),
     add overflow_action text not null default 'notice'
       check (overflow_action in ('busy', 'notice', 'call_center', 'extension')),
     add overflow_target text,
     add service_level_seconds int not null default 20 check (service_level_seconds between 1 and 3600),
     add check (case overflow_action
       when 'call_center' then coalesce(overflow_target ~ '^7[0-9]{3}$' and overflow_target <> number, false)
       when 'extension' then coalesce(overflow_target ~ '^[1-3][0-9]{3}$', false)
       else overflow_target is null end)`,
  // idle_since decides who is called next; ready_at is when after-call work ends by itself; reserved_call is the caller for whom the phone
  // is to ring, and rest_until keeps the next one away for a moment after a ring in vain.
  `alter table agent_states
     add idle_since timestamptz not null default now(),
     add ready_at timestamptz,
     add misses int not null default 0,
     add reserved_call uuid,
     add reserved_until timestamptz,
     add rest_until timestamptz,
     add check (ready_at is null or base_status = 'after_call_work'),
     add check ((reserved_call is null) = (reserved_until is null))`,
  `create index agent_states_ready_at on agent_states (ready_at) where ready_at is not null`,
  `create index agent_states_reserved on agent_states (reserved_call) where reserved_call is not null`,
  // Callers who wait now; a server that takes over reads here what Asterisk does not know.
  `create table waiting_calls (
     call_id uuid primary key,
     node text not null,
     channel text not null,
     call_center text not null,
     caller text not null,
     entered_at timestamptz not null,
     state text not null check (state in ('waiting', 'offering', 'leaving')),
     account_id bigint,
     tried bigint[] not null,
     visited text[] not null)`,
  `create index waiting_calls_call_center on waiting_calls (call_center, entered_at)`,
]);

import { statements } from './statements.ts';

export const callHistory = statements([
  // The caller as it was when the call began: transfers change who talks, not who called.
  `alter table call_records
     add caller_outside boolean not null default false,
     add caller_account_id bigint references accounts (id) on delete set null`,
  `update call_records set caller_outside = true
   where kind = 'incoming' or exists (
     select from call_parts where call_id = id and side = 'caller' and outside and kind = 'call_center')`,
  `create index call_records_caller on call_records (caller, started_at desc)`,
  `create index call_records_dialled on call_records (dialled, started_at desc)`,
  `create index call_records_caller_account on call_records (caller_account_id, started_at desc)
   where caller_account_id is not null`,
  `create index call_parts_number on call_parts (number, joined_at desc)`,
]);

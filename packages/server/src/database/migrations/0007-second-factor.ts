import { statements } from './statements.ts';

export const secondFactor = statements([
  `alter table api_tokens add column scope text not null default 'full' check (scope in ('full', 'read'))`,
  `create table second_factors (
     account_id bigint primary key references accounts (id) on delete cascade,
     secret bytea not null,
     created_at timestamptz not null default now(),
     confirmed_at timestamptz,
     last_step bigint not null default 0)`,
  `create table recovery_codes (
     account_id bigint not null references second_factors (account_id) on delete cascade,
     code_hash bytea not null,
     used_at timestamptz,
     primary key (account_id, code_hash))`,
]);

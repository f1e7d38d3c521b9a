import { statements } from './statements.ts';

export const api = statements([
  `create table api_tokens (
     id uuid primary key default gen_random_uuid(),
     token_hash bytea not null unique,
     account_id bigint not null references accounts (id) on delete cascade,
     name text not null check (length(name) between 1 and 100),
     created_at timestamptz not null default now(),
     last_used_at timestamptz,
     expires_at timestamptz,
     revoked_at timestamptz)`,
  `create index api_tokens_account on api_tokens (account_id)`,
  // A session can be named without showing what it is looked up by.
  `alter table console_sessions add id uuid not null unique default gen_random_uuid()`,
  // Who did it still reads when the account is gone; what exactly was done, never with a secret.
  `alter table audit_log add by_name text not null default '', add detail text not null default ''`,
]);

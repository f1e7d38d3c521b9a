import { Migrator, sql, type Kysely, type Migration } from 'kysely';
import type { Database } from './schema.ts';
import { DatabaseError } from './errors.ts';

/**
 * Migrations, oldest first. One that has been released is never changed; a new one is added. They only go forward: a restore from a
 * backup is the way back, because a `down` that nobody runs is a promise that nobody keeps.
 */
const migrations: Readonly<Record<string, Migration>> = {
  '0001-first': {
    async up(db: Kysely<unknown>): Promise<void> {
      for (const statement of FIRST) await sql.raw(statement).execute(db);
    },
  },
};

const FIRST = [
  `create table settings (key text primary key, value jsonb not null)`,
  `create table phones (
     number text primary key check (number ~ '^[1-3][0-9]{3}$'),
     name text not null,
     kind text not null check (kind in ('desk', 'browser', 'mobile')),
     language text check (language in ('ja', 'en')),
     sip_password bytea not null)`,
  `create table accounts (
     id bigint generated always as identity primary key,
     login_name text not null unique check (login_name ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
     display_name text not null,
     role text not null check (role in ('system_administrator', 'supervisor', 'user')),
     built_in boolean not null default false,
     agent_enabled boolean not null default false,
     language text not null default 'ja' check (language in ('ja', 'en')),
     password_hash text,
     must_change_password boolean not null default false,
     dial_id text not null unique check (dial_id ~ '^[0-9]{4,20}$'),
     dial_password bytea not null,
     sign_in_phone text references phones (number) on delete set null,
     created_at timestamptz not null default now())`,
  `create unique index one_built_in_account on accounts (built_in) where built_in`,
  `create table console_sessions (
     token_hash bytea primary key,
     account_id bigint not null references accounts (id) on delete cascade,
     created_at timestamptz not null default now(),
     last_seen_at timestamptz not null default now(),
     expires_at timestamptz not null,
     user_agent text not null)`,
  `create index console_sessions_account on console_sessions (account_id)`,
  `create table floors (id bigint generated always as identity primary key, name text not null unique)`,
  `create table seats (
     id text primary key check (id ~ '^[0-9]{1,6}$'),
     floor_id bigint not null references floors (id) on delete cascade,
     name text not null)`,
  `create table agent_states (
     account_id bigint primary key references accounts (id) on delete cascade,
     base_status text not null default 'signed_off'
       check (base_status in ('ready', 'after_call_work', 'on_break', 'away', 'signed_off')),
     base_since timestamptz not null default now(),
     call_status text check (call_status in
       ('ringing', 'call_center_call', 'external_call', 'outgoing_call', 'internal_call', 'on_hold')),
     call_since timestamptz,
     phone text unique references phones (number),
     seat text unique references seats (id),
     check ((call_status is null) = (call_since is null)),
     check (base_status <> 'signed_off' or (phone is null and seat is null)))`,
  `create table agent_activity (
     id bigint generated always as identity primary key,
     account_id bigint not null references accounts (id) on delete cascade,
     at timestamptz not null,
     from_status text not null,
     to_status text not null,
     lasted_ms bigint not null,
     cause text not null,
     door text not null,
     phone text,
     seat text,
     by_account_id bigint references accounts (id) on delete set null)`,
  `create index agent_activity_account on agent_activity (account_id, id desc)`,
  `create index agent_activity_at on agent_activity (at desc, id desc)`,
  `create table dial_locks (
     kind text not null check (kind in ('pair', 'id', 'phone')),
     key bytea not null,
     account_id bigint references accounts (id) on delete cascade,
     phone text,
     failures timestamptz[] not null,
     locked_until timestamptz,
     level int not null default 0,
     updated_at timestamptz not null,
     primary key (kind, key))`,
  `create table call_centers (number text primary key check (number ~ '^7[0-9]{3}$'), name text not null)`,
  `create table call_center_members (
     call_center text not null references call_centers (number) on delete cascade,
     account_id bigint not null references accounts (id) on delete cascade,
     priority int not null default 1 check (priority between 1 and 99),
     primary key (call_center, account_id))`,
  `create index call_center_members_account on call_center_members (account_id)`,
  `create table grants (
     account_id bigint not null references accounts (id) on delete cascade,
     resource_kind text not null check (resource_kind in ('phone', 'call_center', 'campaign')),
     resource text not null,
     level text not null check (level in ('view', 'edit', 'manage')),
     primary key (account_id, resource_kind, resource))`,
  `create table audit_log (
     id bigint generated always as identity primary key,
     at timestamptz not null default now(),
     by_account_id bigint references accounts (id) on delete set null,
     action text not null,
     subject text not null)`,
];

/**
 * Brings the database to this release. Kysely's migrator takes an advisory lock, so that two servers starting together do it once.
 * @throws DatabaseError DATABASE_NEWER when the database was made by a newer release, DATABASE_MIGRATION when a step fails.
 */
export async function migrate(db: Kysely<Database>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const message = error instanceof Error ? error.message : 'unknown error';
  if (message.includes('previously executed migration')) {
    throw new DatabaseError('DATABASE_NEWER', 'The database was made by a newer release of Sasayaki.');
  }
  throw new DatabaseError(
    'DATABASE_MIGRATION',
    `The database could not be brought to this release: ${message}`,
  );
}

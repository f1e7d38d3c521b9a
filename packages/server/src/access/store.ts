import { sql } from 'kysely';
import type { Db } from '../database/pool.ts';
import type { Actor, Grant, Role, Target } from './rules.ts';

export interface SessionAccount {
  readonly id: number;
  readonly loginName: string;
  readonly displayName: string;
  readonly role: Role;
  readonly language: 'ja' | 'en';
  readonly signInPhone: string | null;
  readonly mustChangePassword: boolean;
}

/** What a token is good for: everything that its account may, or only looking, at no passwords. */
export type TokenScope = 'full' | 'read';

/** Who calls, and by what right: a session of the console, or an API token. */
export interface Identity {
  readonly account: SessionAccount;
  readonly door: 'console' | 'api';
  /** A token may be for reading only; a session is for everything. */
  readonly scope: TokenScope;
  /** Of the session or the token. */
  readonly id: string;
}

const ACCOUNT_COLUMNS = [
  'accounts.id as account_id',
  'accounts.login_name',
  'accounts.display_name',
  'accounts.role',
  'accounts.language',
  'accounts.sign_in_phone',
  'accounts.must_change_password',
] as const;

function toAccount(row: {
  account_id: number;
  login_name: string;
  display_name: string;
  role: Role;
  language: 'ja' | 'en';
  sign_in_phone: string | null;
  must_change_password: boolean;
}): SessionAccount {
  return {
    id: row.account_id,
    loginName: row.login_name,
    displayName: row.display_name,
    role: row.role,
    language: row.language,
    signInPhone: row.sign_in_phone,
    mustChangePassword: row.must_change_password,
  };
}

/** The session of a cookie, unless it is over. */
export async function readSession(
  db: Db,
  tokenHash: Buffer,
  now: Date,
  idleMs: number,
): Promise<Identity | undefined> {
  const row = await db
    .selectFrom('console_sessions')
    .innerJoin('accounts', 'accounts.id', 'console_sessions.account_id')
    .select(ACCOUNT_COLUMNS)
    .select('console_sessions.id')
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', now)
    .where('last_seen_at', '>', new Date(now.getTime() - idleMs))
    .executeTakeFirst();
  return row === undefined
    ? undefined
    : { account: toAccount(row), door: 'console', id: row.id, scope: 'full' };
}

/** The API token that was shown, unless it is over. */
export async function readToken(db: Db, tokenHash: Buffer, now: Date): Promise<Identity | undefined> {
  const row = await db
    .selectFrom('api_tokens')
    .innerJoin('accounts', 'accounts.id', 'api_tokens.account_id')
    .select(ACCOUNT_COLUMNS)
    .select(['api_tokens.id', 'api_tokens.scope'])
    .where('token_hash', '=', tokenHash)
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('api_tokens.expires_at', 'is', null), eb('api_tokens.expires_at', '>', now)]))
    .executeTakeFirst();
  return row === undefined
    ? undefined
    : { account: toAccount(row), door: 'api', id: row.id, scope: row.scope };
}

/**
 * Writes down that these sessions and tokens are in use, as open connections are.
 * @returns those that are not over
 */
export async function touchIdentities(
  db: Db,
  ids: readonly string[],
  now: Date,
  idleMs: number,
): Promise<ReadonlySet<string>> {
  const these = sql<string>`any(${[...ids]}::uuid[])`;
  const [sessions, tokens] = await Promise.all([
    db
      .updateTable('console_sessions')
      .set({ last_seen_at: now })
      .where('id', '=', these)
      .where('expires_at', '>', now)
      .where('last_seen_at', '>', new Date(now.getTime() - idleMs))
      .returning('id')
      .execute(),
    db
      .updateTable('api_tokens')
      .set({ last_used_at: now })
      .where('id', '=', these)
      .where('revoked_at', 'is', null)
      .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
      .returning('id')
      .execute(),
  ]);
  return new Set([...sessions, ...tokens].map(({ id }) => id));
}

export async function findAccount(
  db: Db,
  loginName: string,
): Promise<(SessionAccount & { readonly passwordHash: string | null }) | undefined> {
  const row = await db
    .selectFrom('accounts')
    .selectAll()
    .where('login_name', '=', loginName)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    id: row.id,
    loginName: row.login_name,
    displayName: row.display_name,
    role: row.role,
    language: row.language,
    signInPhone: row.sign_in_phone,
    mustChangePassword: row.must_change_password,
    passwordHash: row.password_hash,
  };
}

export async function readActor(db: Db, accountId: number): Promise<Actor | undefined> {
  const account = await db
    .selectFrom('accounts')
    .select('role')
    .where('id', '=', accountId)
    .executeTakeFirst();
  if (account === undefined) return undefined;
  const rows = await db.selectFrom('grants').selectAll().where('account_id', '=', accountId).execute();
  const grants = rows.map((row): Grant => ({
    kind: row.resource_kind,
    resource: row.resource,
    level: row.level,
  }));
  return { role: account.role, grants };
}

/** Every agent, or this one, with the call centers through which it can be seen. */
export async function listAgentTargets(db: Db, accountId?: number): Promise<readonly Target<number>[]> {
  let query = db
    .selectFrom('agent_states')
    .leftJoin('call_center_members', 'call_center_members.account_id', 'agent_states.account_id')
    .select(['agent_states.account_id', 'call_center_members.call_center']);
  if (accountId !== undefined) query = query.where('agent_states.account_id', '=', accountId);
  const rows = await query.execute();
  const resources = new Map<number, string[]>();
  for (const row of rows) {
    const list = resources.get(row.account_id) ?? [];
    if (row.call_center !== null) list.push(row.call_center);
    resources.set(row.account_id, list);
  }
  return [...resources].map(([id, list]) => ({ id, resources: list }));
}

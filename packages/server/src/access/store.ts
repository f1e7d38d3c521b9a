import type { Db } from '../database/pool.ts';
import type { Actor, Grant, Role, Target } from './rules.ts';

export interface SessionAccount {
  readonly id: number;
  readonly loginName: string;
  readonly displayName: string;
  readonly role: Role;
  readonly language: 'ja' | 'en';
  readonly mustChangePassword: boolean;
}

export async function readSession(
  db: Db,
  tokenHash: Buffer,
  now: Date,
  idleMs: number,
): Promise<SessionAccount | undefined> {
  const row = await db
    .selectFrom('console_sessions')
    .innerJoin('accounts', 'accounts.id', 'console_sessions.account_id')
    .select([
      'accounts.id',
      'accounts.login_name',
      'accounts.display_name',
      'accounts.role',
      'accounts.language',
      'accounts.must_change_password',
    ])
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', now)
    .where('last_seen_at', '>', new Date(now.getTime() - idleMs))
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    id: row.id,
    loginName: row.login_name,
    displayName: row.display_name,
    role: row.role,
    language: row.language,
    mustChangePassword: row.must_change_password,
  };
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

/** Every agent with the call centers through which it can be seen. */
export async function listAgentTargets(db: Db): Promise<readonly Target<number>[]> {
  const rows = await db
    .selectFrom('agent_states')
    .leftJoin('call_center_members', 'call_center_members.account_id', 'agent_states.account_id')
    .select(['agent_states.account_id', 'call_center_members.call_center'])
    .execute();
  const resources = new Map<number, string[]>();
  for (const row of rows) {
    const list = resources.get(row.account_id) ?? [];
    if (row.call_center !== null) list.push(row.call_center);
    resources.set(row.account_id, list);
  }
  return [...resources].map(([id, list]) => ({ id, resources: list }));
}

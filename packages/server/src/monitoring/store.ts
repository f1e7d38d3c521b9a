import type { Db } from '../database/pool.ts';
import { sql } from 'kysely';
import type { Session } from './rules.ts';

export interface Names {
  readonly supervisor: string;
  readonly target: string;
  readonly targetPhone: string | null;
}

const UNIQUE_VIOLATION = '23505';

/**
 * Writes a session that begins; committed when this settles.
 * @param alive the sessions that run: what else is open is left over and closed, so that it blocks nobody
 * @returns false when the supervisor or the phone has a session already
 */
export async function insertSession(
  db: Db,
  session: Session,
  names: Names,
  alive: readonly string[],
): Promise<boolean> {
  const { supervisor, target } = session;
  try {
    await db.transaction().execute(async (trx) => {
      await trx
        .updateTable('monitoring_sessions')
        .set({ ended_at: new Date(session.startedAt), reason: 'lost' })
        .where('ended_at', 'is', null)
        .where('id', '!=', sql<string>`all(${[...alive]}::uuid[])`)
        .execute();
      await trx
        .insertInto('monitoring_sessions')
        .values({
          id: session.id,
          supervisor_account: supervisor.accountId,
          supervisor_name: names.supervisor,
          supervisor_phone: supervisor.phone,
          target_account: target.kind === 'agent' ? target.accountId : null,
          target_name: names.target,
          target_phone: names.targetPhone,
          mode: session.mode,
          door: session.door,
          shortcut: session.shortcut,
          continuous: session.continuous,
          started_at: new Date(session.startedAt),
          answered_at: dateOf(session.answeredAt),
          ended_at: null,
          reason: null,
        })
        .execute();
    });
    return true;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === UNIQUE_VIOLATION) return false;
    throw error;
  }
}

/** Writes how a session stands. Written again it changes nothing. */
export async function saveSession(db: Db, session: Session): Promise<void> {
  await db
    .updateTable('monitoring_sessions')
    .set({
      mode: session.mode,
      answered_at: dateOf(session.answeredAt),
      ended_at: dateOf(session.endedAt),
      reason: session.reason,
    })
    .where('id', '=', session.id)
    .execute();
}

/** Writes that a session was attached to a call. */
export async function addPart(db: Db, session: Session, call: string, at: Date): Promise<void> {
  await db
    .insertInto('monitoring_parts')
    .values({ session_id: session.id, at, call_id: call, mode: session.mode })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Closes the sessions that are no longer there. */
export async function closeLost(db: Db, alive: readonly string[], at: Date): Promise<void> {
  await db
    .updateTable('monitoring_sessions')
    .set({ ended_at: at, reason: 'lost' })
    .where('ended_at', 'is', null)
    .where('id', '!=', sql<string>`all(${[...alive]}::uuid[])`)
    .execute();
}

export interface AgentFacts {
  readonly accountId: number;
  readonly name: string;
  /** The bound phone; null while signed off. */
  readonly phone: string | null;
  readonly callCenters: readonly string[];
}

/** What monitoring has to know of an agent; undefined when the account is none. */
export async function readAgent(db: Db, accountId: number): Promise<AgentFacts | undefined> {
  const row = await db
    .selectFrom('agent_states')
    .innerJoin('accounts', 'accounts.id', 'agent_states.account_id')
    .select(['accounts.display_name', 'agent_states.phone'])
    .where('agent_states.account_id', '=', accountId)
    .where('accounts.agent_enabled', '=', true)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const members = await db
    .selectFrom('call_center_members')
    .select('call_center')
    .where('account_id', '=', accountId)
    .execute();
  return {
    accountId,
    name: row.display_name,
    phone: row.phone,
    callCenters: members.map((member) => member.call_center),
  };
}

/** The phone that is bound to an account: where it is signed in, or else its サインイン端末. */
export async function readOwnPhone(db: Db, accountId: number): Promise<string | null> {
  const row = await db
    .selectFrom('accounts')
    .leftJoin('agent_states', 'agent_states.account_id', 'accounts.id')
    .select(['agent_states.phone', 'accounts.sign_in_phone'])
    .where('accounts.id', '=', accountId)
    .executeTakeFirst();
  return row?.phone ?? row?.sign_in_phone ?? null;
}

export async function readName(db: Db, accountId: number): Promise<string> {
  const row = await db
    .selectFrom('accounts')
    .select('display_name')
    .where('id', '=', accountId)
    .executeTakeFirst();
  return row?.display_name ?? '';
}

/** Who is signed in at each of these phones, by phone. */
export async function readPhoneUsers(
  db: Db,
  phones: readonly string[],
): Promise<ReadonlyMap<string, { readonly accountId: number; readonly name: string }>> {
  if (phones.length === 0) return new Map();
  const rows = await db
    .selectFrom('agent_states')
    .innerJoin('accounts', 'accounts.id', 'agent_states.account_id')
    .select(['agent_states.phone', 'accounts.id', 'accounts.display_name'])
    .where('agent_states.phone', 'in', [...phones])
    .execute();
  return new Map(rows.map((row) => [row.phone ?? '', { accountId: row.id, name: row.display_name }]));
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}

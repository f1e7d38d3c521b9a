import { sql, type Transaction } from 'kysely';
import type { Db } from '../database/pool.ts';
import type { Database } from '../database/schema.ts';
import type { AgentState, CallStatus } from './rules.ts';

type Trx = Transaction<Database>;

export interface StateRow {
  account_id: number;
  base_status: AgentState['baseStatus'];
  base_since: Date;
  call_status: CallStatus | null;
  call_since: Date | null;
  phone: string | null;
  seat: string | null;
  idle_since: Date;
  ready_at: Date | null;
  misses: number;
}

export function toState(row: StateRow): AgentState {
  return {
    accountId: row.account_id,
    baseStatus: row.base_status,
    baseSince: row.base_since,
    callStatus: row.call_status,
    callSince: row.call_since,
    phone: row.phone,
    seat: row.seat,
    idleSince: row.idle_since,
    readyAt: row.ready_at,
    misses: row.misses,
  };
}

/**
 * Locks the agent's row and those of whoever holds the phone or the seat, always in the order of ids so that two sign-ins that cross
 * wait for each other instead of deadlocking.
 */
export async function lockStates(
  trx: Trx,
  accountId: number | undefined,
  phone: string | undefined,
  seat: string | undefined,
): Promise<readonly AgentState[]> {
  const rows = await trx
    .selectFrom('agent_states')
    .selectAll()
    .where((eb) =>
      eb.or([
        ...(accountId === undefined ? [] : [eb('account_id', '=', accountId)]),
        ...(phone === undefined ? [] : [eb('phone', '=', phone)]),
        ...(seat === undefined ? [] : [eb('seat', '=', seat)]),
      ]),
    )
    .orderBy('account_id')
    .forUpdate()
    .execute();
  return rows.map(toState);
}

export async function saveState(trx: Trx, state: AgentState): Promise<void> {
  await trx
    .updateTable('agent_states')
    .set({
      base_status: state.baseStatus,
      base_since: state.baseSince,
      call_status: state.callStatus,
      call_since: state.callSince,
      phone: state.phone,
      seat: state.seat,
      idle_since: state.idleSince,
      ready_at: state.readyAt,
      misses: state.misses,
    })
    .where('account_id', '=', state.accountId)
    .execute();
}

/**
 * Ends the reservation that a waiting call has on an agent.
 * @param accountId null when only the call is known
 * @returns the agent, locked; undefined when there is no such reservation
 */
export async function endReservation(
  trx: Trx,
  callId: string,
  accountId: number | null,
  restUntil: Date,
): Promise<AgentState | undefined> {
  let query = trx
    .updateTable('agent_states')
    .set({ reserved_call: null, reserved_until: null, rest_until: restUntil })
    .where('reserved_call', '=', callId);
  if (accountId !== null) query = query.where('account_id', '=', accountId);
  const row = await query.returningAll().executeTakeFirst();
  return row === undefined ? undefined : toState(row);
}

/** How long 後作業 lasts after a call of this call center, s; 0 when it ends by hand. */
export async function readWrapUpSeconds(trx: Trx, callCenter: string): Promise<number> {
  const row = await trx
    .selectFrom('call_centers')
    .select('wrap_up_seconds')
    .where('number', '=', callCenter)
    .executeTakeFirst();
  return row?.wrap_up_seconds ?? 0;
}

/** Agents whose 後作業 ends by itself, the first to end first. */
export async function listAfterCallWork(
  db: Db,
): Promise<readonly { readonly accountId: number; readonly readyAt: Date }[]> {
  const rows = await db
    .selectFrom('agent_states')
    .select(['account_id', 'ready_at'])
    .where('ready_at', 'is not', null)
    .orderBy('ready_at')
    .execute();
  return rows.flatMap((row) =>
    row.ready_at === null ? [] : [{ accountId: row.account_id, readyAt: row.ready_at }],
  );
}

export interface ActivityEntry {
  readonly accountId: number;
  readonly at: Date;
  readonly from: string;
  readonly to: string;
  readonly lastedMs: number;
  readonly cause: ActivityCause;
  readonly door: Door;
  readonly phone: string | null;
  readonly seat: string | null;
  readonly byAccountId: number | null;
}

export const ACTIVITY_CAUSES = [
  'sign_in',
  'status_change',
  'sign_out',
  'taken_over',
  'call',
  'after_call_work',
  'misses',
] as const;
export type ActivityCause = (typeof ACTIVITY_CAUSES)[number];
/** Where an operation came in. */
export const DOORS = ['guided_dial', 'one_shot_dial', 'console', 'api', 'call', 'system'] as const;
export type Door = (typeof DOORS)[number];

export async function addActivity(trx: Trx, entries: readonly ActivityEntry[]): Promise<void> {
  await trx
    .insertInto('agent_activity')
    .values(
      entries.map((entry) => ({
        account_id: entry.accountId,
        at: entry.at,
        from_status: entry.from,
        to_status: entry.to,
        lasted_ms: lastedMs(entry),
        cause: entry.cause,
        door: entry.door,
        phone: entry.phone,
        seat: entry.seat,
        by_account_id: entry.byAccountId,
      })),
    )
    .execute();
}

export function lastedMs(entry: ActivityEntry): number {
  return Math.max(0, Math.round(entry.lastedMs));
}

export interface AgentRow extends AgentState {
  readonly loginName: string;
  readonly displayName: string;
  /** Numbers of the call centers that the agent belongs to. */
  readonly callCenters: readonly string[];
}

/** The board's rows, for these accounts or for all agents, in the order of names. */
export async function listAgents(db: Db, ids?: readonly number[]): Promise<readonly AgentRow[]> {
  let query = db
    .selectFrom('accounts')
    .innerJoin('agent_states', 'agent_states.account_id', 'accounts.id')
    .selectAll('agent_states')
    .select([
      'accounts.login_name',
      'accounts.display_name',
      sql<
        string[]
      >`array(select m.call_center from call_center_members m where m.account_id = accounts.id order by 1)`.as(
        'call_centers',
      ),
    ])
    .where('accounts.agent_enabled', '=', true)
    .orderBy('accounts.display_name')
    .orderBy('accounts.id');
  if (ids !== undefined) query = query.where('accounts.id', '=', sql<number>`any(${[...ids]}::bigint[])`);
  const rows = await query.execute();
  return rows.map((row) => ({
    ...toState(row),
    loginName: row.login_name,
    displayName: row.display_name,
    callCenters: row.call_centers,
  }));
}

/** Who is signed in at these phones. */
export async function listAgentsAt(db: Db, phones: readonly string[]): Promise<readonly number[]> {
  const rows = await db
    .selectFrom('agent_states')
    .select('account_id')
    .where('phone', '=', sql<string>`any(${[...phones]}::text[])`)
    .execute();
  return rows.map((row) => row.account_id);
}

export async function readState(db: Db, accountId: number): Promise<AgentState | undefined> {
  const row = await db
    .selectFrom('agent_states')
    .selectAll()
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return row === undefined ? undefined : toState(row);
}

/** What a sign-in from a page or the API needs of an account; undefined when it is no agent. */
export async function readAgentAccount(
  db: Db,
  accountId: number,
): Promise<{ readonly signInPhone: string | null } | undefined> {
  const row = await db
    .selectFrom('accounts')
    .select('sign_in_phone')
    .where('id', '=', accountId)
    .where('agent_enabled', '=', true)
    .executeTakeFirst();
  return row === undefined ? undefined : { signInPhone: row.sign_in_phone };
}

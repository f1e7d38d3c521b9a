import { sql } from 'kysely';
import type { Db } from '../database/pool.ts';
import type { CallCenterRules, Candidate } from './rules.ts';
import type { Waiting } from './waiting.ts';

/** All call centers with their rules. */
export async function listCallCenters(db: Db): Promise<readonly CallCenterRules[]> {
  const rows = await db.selectFrom('call_centers').selectAll().orderBy('number').execute();
  return rows.map((row) => ({
    number: row.number,
    name: row.name,
    priority: row.priority,
    ringSeconds: row.ring_seconds,
    wrapUpSeconds: row.wrap_up_seconds,
    maxMisses: row.max_misses,
    noticeSeconds: row.notice_seconds,
    overflowSeconds: row.overflow_seconds,
    overflowAction: row.overflow_action,
    overflowTarget: row.overflow_target,
    serviceLevelSeconds: row.service_level_seconds,
  }));
}

/** Whether a call center has agents at all, signed in or not. */
export async function hasAgents(db: Db, callCenter: string): Promise<boolean> {
  const row = await db
    .selectFrom('call_center_members')
    .innerJoin('accounts', 'accounts.id', 'call_center_members.account_id')
    .select('account_id')
    .where('call_center', '=', callCenter)
    .where('accounts.agent_enabled', '=', true)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Members of these call centers who are 受付可, once for each of them. */
export async function listCandidates(db: Db, callCenters: readonly string[]): Promise<readonly Candidate[]> {
  if (callCenters.length === 0) return [];
  const rows = await db
    .selectFrom('call_center_members')
    .innerJoin('agent_states', 'agent_states.account_id', 'call_center_members.account_id')
    .innerJoin('accounts', 'accounts.id', 'agent_states.account_id')
    .select([
      'call_center_members.call_center',
      'call_center_members.priority',
      'agent_states.account_id',
      'base_status',
      'call_status',
      'phone',
      'idle_since',
      'reserved_until',
      'rest_until',
    ])
    .where('accounts.agent_enabled', '=', true)
    .where('agent_states.base_status', '=', 'ready')
    .where('call_center_members.call_center', 'in', [...callCenters])
    .execute();
  return rows.map((row) => ({
    callCenter: row.call_center,
    priority: row.priority,
    accountId: row.account_id,
    baseStatus: row.base_status,
    callStatus: row.call_status,
    phone: row.phone,
    idleSince: row.idle_since,
    reservedUntil: row.reserved_until,
    restUntil: row.rest_until,
  }));
}

export interface ReservationRequest {
  readonly callId: string;
  /** Best first; what was decided from, to be found unchanged. */
  readonly agents: readonly { readonly accountId: number; readonly phone: string }[];
  readonly at: Date;
  /** When the reservation ends by itself, should nobody end it. */
  readonly until: Date;
}

/**
 * Reserves the first of these agents who is still free, in one statement: rows that another statement has in hand are passed over, and those
 * that it changed are looked at again, so that no agent is ever given twice.
 * @returns undefined when none is free
 */
export async function reserve(
  db: Db,
  { callId, agents, at, until }: ReservationRequest,
): Promise<{ readonly accountId: number; readonly phone: string } | undefined> {
  const ids = agents.map(({ accountId }) => accountId);
  const phones = agents.map(({ phone }) => phone);
  const { rows } = await sql<{ readonly account_id: number; readonly phone: string }>`
    with chosen as materialized (
      select state.account_id
      from unnest(${ids}::bigint[], ${phones}::text[]) with ordinality as wanted (account_id, phone, place)
      join agent_states state on state.account_id = wanted.account_id
      where state.phone = wanted.phone
        and state.base_status = 'ready'
        and state.call_status is null
        and (state.reserved_until is null or state.reserved_until <= ${at})
        and (state.rest_until is null or state.rest_until <= ${at})
      order by wanted.place
      limit 1
      for update of state skip locked)
    update agent_states
    set reserved_call = ${callId}, reserved_until = ${until}
    from chosen
    where agent_states.account_id = chosen.account_id
    returning agent_states.account_id, agent_states.phone`.execute(db);
  const [row] = rows;
  return row === undefined ? undefined : { accountId: row.account_id, phone: row.phone };
}

/** Gives an agent back. @param accountId null when only the call is known */
export async function release(
  db: Db,
  callId: string,
  accountId: number | null,
  restUntil: Date | null,
): Promise<void> {
  let query = db
    .updateTable('agent_states')
    .set({ reserved_call: null, reserved_until: null, rest_until: restUntil })
    .where('reserved_call', '=', callId);
  if (accountId !== null) query = query.where('account_id', '=', accountId);
  await query.execute();
}

/** Who is reserved for these calls, by call. */
export async function listReservations(
  db: Db,
  callIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (callIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('agent_states')
    .select(['account_id', 'reserved_call'])
    .where('reserved_call', 'in', [...callIds])
    .execute();
  return new Map(rows.map((row) => [row.reserved_call ?? '', row.account_id]));
}

/** At which phones these agents are signed in; those who are not signed in are left out. */
export async function listPhonesOf(
  db: Db,
  accountIds: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  if (accountIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('agent_states')
    .select(['account_id', 'phone'])
    .where('account_id', 'in', [...accountIds])
    .execute();
  return new Map(rows.flatMap((row) => (row.phone === null ? [] : [[row.account_id, row.phone]])));
}

/** Writes how a wait stands; one that is over is removed. Written again it changes nothing. */
export async function saveWaiting(db: Db, node: string, waiting: Waiting): Promise<void> {
  const { callId, phase, agent, tried, visited } = waiting;
  if (phase === 'gone') {
    await db.deleteFrom('waiting_calls').where('call_id', '=', callId).execute();
    return;
  }
  const changing = {
    state: phase,
    account_id: agent?.accountId ?? null,
    tried: [...tried],
    visited: [...visited],
  };
  await db
    .insertInto('waiting_calls')
    .values({
      call_id: callId,
      node,
      channel: waiting.channel,
      call_center: waiting.callCenter,
      caller: waiting.caller,
      entered_at: new Date(waiting.enteredAt),
      ...changing,
    })
    .onConflict((conflict) => conflict.column('call_id').doUpdateSet(changing))
    .execute();
}

export interface WaitingRow {
  readonly callId: string;
  readonly callCenter: string;
  readonly caller: string;
  readonly enteredAt: Date;
  readonly state: 'waiting' | 'offering' | 'leaving';
  readonly accountId: number | null;
  readonly agentName: string | null;
  readonly tried: readonly number[];
  readonly visited: readonly string[];
}

/** Who waits, the longest first; in one call center or in all. */
export async function listWaiting(db: Db, callCenter?: string): Promise<readonly WaitingRow[]> {
  let query = db
    .selectFrom('waiting_calls')
    .leftJoin('accounts', 'accounts.id', 'waiting_calls.account_id')
    .selectAll('waiting_calls')
    .select('accounts.display_name')
    .orderBy('entered_at')
    .orderBy('call_id');
  if (callCenter !== undefined) query = query.where('call_center', '=', callCenter);
  const rows = await query.execute();
  return rows.map((row) => ({
    callId: row.call_id,
    callCenter: row.call_center,
    caller: row.caller,
    enteredAt: row.entered_at,
    state: row.state,
    accountId: row.account_id,
    agentName: row.display_name,
    tried: row.tried.map(Number),
    visited: row.visited,
  }));
}

/** Forgets the callers of this node who are no longer there, and gives the agents back who were reserved for them. */
export async function keepWaiting(db: Db, node: string, callIds: readonly string[]): Promise<void> {
  const alive = sql<string>`all(${[...callIds]}::uuid[])`;
  const gone = await db
    .deleteFrom('waiting_calls')
    .where('node', '=', node)
    .where('call_id', '!=', alive)
    .returning('call_id')
    .execute();
  for (const { call_id: callId } of gone) await release(db, callId, null, null);
}

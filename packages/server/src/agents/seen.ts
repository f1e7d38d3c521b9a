import { sql } from 'kysely';
import { notifying } from '../database/notifications.ts';
import { prepared, type Db } from '../database/pool.ts';
import type { AgentState } from './rules.ts';
import { lastedMs, type ActivityEntry } from './store.ts';

/** A state that was read without a lock, and the version of the row that it was read from. */
export interface SeenState {
  readonly state: AgentState;
  readonly version: string;
}

/** The columns of a {@link StateRow}. */
export const stateColumns = sql.raw(
  [
    'account_id',
    'base_status',
    'base_since',
    'call_status',
    'call_since',
    'phone',
    'seat',
    'idle_since',
    'ready_at',
    'misses',
  ]
    .map((name) => `agent_states.${name}`)
    .join(', '),
);

/** PostgreSQL writes a new one with each change of a row. */
export const stateVersion = sql<string>`agent_states.xmin::text`;

/**
 * A change of one agent's state with its activity and its notice in one statement, so in one round trip and one commit: a caller waits for it.
 * It does not wait for others: it would go on, and commit, when the server dies meanwhile.
 * @returns false, and nothing is written, when the row is no longer as it was seen or is being changed, or the phone is unknown or somebody
 * else's
 */
export async function saveUnlessChanged(
  db: Db,
  seen: SeenState,
  state: AgentState,
  entry: ActivityEntry,
): Promise<boolean> {
  const { accountId, phone } = state;
  const statement = sql<{ readonly told: unknown }>`
    with free as (
      select account_id as id from agent_states
      where account_id = ${accountId} and ${stateVersion} = ${seen.version}
        and (${phone}::text is null or exists (select from phones where number = ${phone}))
        and not exists (
          select from agent_states as other where other.phone = ${phone} and other.account_id <> ${accountId})
      for no key update of agent_states skip locked),
    changed as (
      update agent_states
      set base_status = ${state.baseStatus}, base_since = ${state.baseSince}, call_status = ${state.callStatus},
        call_since = ${state.callSince}, phone = ${phone}, seat = ${state.seat}, idle_since = ${state.idleSince},
        ready_at = ${state.readyAt}, misses = ${state.misses}
      from free where account_id = free.id
      returning account_id),
    written as (
      insert into agent_activity
        (account_id, at, from_status, to_status, lasted_ms, cause, door, phone, seat, by_account_id)
      select account_id, ${entry.at}::timestamptz, ${entry.from}::text, ${entry.to}::text,
        ${lastedMs(entry)}::bigint, ${entry.cause}::text, ${entry.door}::text, ${entry.phone}::text,
        ${entry.seat}::text, ${entry.byAccountId}::bigint
      from changed)
    select ${notifying({ kind: 'agents', ids: [accountId] })} as told from changed`;
  try {
    return (await prepared(db, 'save_unless_changed', statement)).length > 0;
  } catch (error) {
    if (isConstraint(error)) return false;
    throw error;
  }
}

/** Somebody took the phone, or it was deleted, at the same moment. */
function isConstraint(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('23');
}

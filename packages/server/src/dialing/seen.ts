import type { AgentState } from '../agents/rules.ts';
import { lastedMs, type ActivityEntry } from '../agents/store.ts';
import { noticeOf } from '../database/notifications.ts';
import { prepared, type Db } from '../database/pool.ts';
import type { DialAccount, LockKeys } from './store.ts';

/** What a dial operation was decided from. All of it must still hold when the result is written. */
export interface Seen {
  readonly account: DialAccount;
  readonly keys: LockKeys;
}

/**
 * A statement that the database has not begun by then, ms, is not to be done; well below the 5 s after which the caller is told of an error, because
 * the database may be another machine with a clock of its own.
 */
const STALE_MS = 2_000;

/**
 * A change of one agent's state with its activity and its notice in one statement, so in one round trip and one commit: a caller waits for it.
 * It holds only while nothing that it was decided from has changed: the account with its password, the state, the locks, the phone. It does not
 * wait for others: it would go on, and commit, when the server dies meanwhile. Nor does it hold once it is stale: a database that hung, and got to it
 * when it was well again, would do what the caller was told is not done.
 */
const SAVE = `
  with free as (
    select account_id as id from agent_states
    where account_id = $1 and xmin::text = $2 and clock_timestamp() < $27
      and exists (select from accounts where id = $1 and xmin::text = $3)
      and not exists (select from dial_locks where kind = 'pair' and key = $4)
      and not exists (select from dial_locks where kind = 'id' and key = $5 and locked_until > $7)
      and not exists (select from dial_locks where kind = 'phone' and key = $6 and locked_until > $7)
      and ($8::text is null or exists (select from phones where number = $8))
      and not exists (select from agent_states as other where other.phone = $8 and other.account_id <> $1)
    for no key update of agent_states skip locked),
  changed as (
    update agent_states
    set phone = $8, base_status = $9, base_since = $10, call_status = $11, call_since = $12, seat = $13, idle_since = $14,
      ready_at = $15, misses = $16
    from free where account_id = free.id
    returning account_id, agent_states.xmin::text as version),
  written as (
    insert into agent_activity
      (account_id, at, from_status, to_status, lasted_ms, cause, door, phone, seat, by_account_id)
    select account_id, $7::timestamptz, $17::text, $18::text, $19::bigint, $20::text, $21::text, $22::text, $23::text, $24::bigint
    from changed)
  select version, pg_notify($25, $26) as told from changed`;

/** @returns the version of the new state; undefined, and nothing is written, when what was seen no longer holds or is being changed */
export async function saveUnlessChanged(
  db: Db,
  { account, keys: [pair, id, phone] }: Seen,
  next: AgentState,
  entry: ActivityEntry,
): Promise<string | undefined> {
  if (account.agent === undefined) return undefined;
  const values = [
    account.accountId,
    account.agent.version,
    account.version,
    pair.key,
    id.key,
    phone.key,
    entry.at,
    next.phone,
    next.baseStatus,
    next.baseSince,
    next.callStatus,
    next.callSince,
    next.seat,
    next.idleSince,
    next.readyAt,
    next.misses,
    entry.from,
    entry.to,
    lastedMs(entry),
    entry.cause,
    entry.door,
    entry.phone,
    entry.seat,
    entry.byAccountId,
    ...noticeOf({ kind: 'agents', ids: [account.accountId] }),
    new Date(Date.now() + STALE_MS),
  ];
  try {
    const [row] = await prepared<{ readonly version: string }>(db, 'save_unless_changed', SAVE, values);
    return row?.version;
  } catch (error) {
    if (isConstraint(error)) return undefined;
    throw error;
  }
}

/** Somebody took the phone, or it was deleted, at the same moment. */
function isConstraint(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('23');
}

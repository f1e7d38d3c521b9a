import { sql } from 'kysely';
import type { Db } from '../database/pool.ts';
import type { Status } from './rules.ts';
import type { ActivityCause, Door } from './store.ts';

export interface Activity {
  readonly id: number;
  readonly accountId: number;
  readonly loginName: string;
  readonly displayName: string;
  readonly at: Date;
  readonly from: Status;
  readonly to: Status;
  /** How long the status that was left had lasted, ms. */
  readonly lastedMs: number;
  readonly cause: ActivityCause;
  readonly door: Door;
  readonly phone: string | null;
  readonly seat: string | null;
  readonly byAccountId: number | null;
  readonly byName: string | null;
}

export interface ActivitySelection {
  readonly accounts: readonly number[];
  readonly from?: Date | undefined;
  /** Before this moment. */
  readonly to?: Date | undefined;
  readonly cause?: ActivityCause | undefined;
  readonly door?: Door | undefined;
  /** The status that was entered. */
  readonly status?: Status | undefined;
}

/** The activity history, newest first, of what is older than `after`. */
export async function listActivity(
  db: Db,
  selection: ActivitySelection,
  after: { readonly at: Date; readonly id: number } | undefined,
  limit: number,
): Promise<readonly Activity[]> {
  const { accounts, from, to, cause, door, status } = selection;
  let query = db
    .selectFrom('agent_activity as a')
    .innerJoin('accounts', 'accounts.id', 'a.account_id')
    .leftJoin('accounts as doer', 'doer.id', 'a.by_account_id')
    .select([
      'a.id',
      'a.account_id as accountId',
      'accounts.login_name as loginName',
      'accounts.display_name as displayName',
      'a.at',
      'a.from_status as from',
      'a.to_status as to',
      'a.lasted_ms as lastedMs',
      'a.cause',
      'a.door',
      'a.phone',
      'a.seat',
      'a.by_account_id as byAccountId',
      'doer.display_name as byName',
    ])
    .where('a.account_id', '=', sql<number>`any(${[...accounts]}::bigint[])`)
    .orderBy('a.at', 'desc')
    .orderBy('a.id', 'desc')
    .limit(limit);
  if (from !== undefined) query = query.where('a.at', '>=', from);
  if (to !== undefined) query = query.where('a.at', '<', to);
  if (cause !== undefined) query = query.where('a.cause', '=', cause);
  if (door !== undefined) query = query.where('a.door', '=', door);
  if (status !== undefined) query = query.where('a.to_status', '=', status);
  if (after !== undefined) {
    query = query.where(sql<boolean>`(a.at, a.id) < (${after.at}, ${after.id})`);
  }
  return (await query.execute()) as readonly Activity[];
}

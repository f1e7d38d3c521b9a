import { sql, type SqlBool } from 'kysely';
import type { Db } from '../database/pool.ts';
import type { Direction } from './history-forms.ts';
import type { CallKind, CallResult } from './rules.ts';

/** Whose calls are seen: those that one of these accounts made or talked in, of these call centers, and at these extensions. */
export interface Sight {
  readonly accounts: readonly number[];
  readonly callCenters: readonly string[];
  readonly phones: readonly string[];
}

export interface CallSelection {
  readonly sight: Sight;
  readonly from?: Date | undefined;
  /** Before this moment. */
  readonly to?: Date | undefined;
  readonly direction?: Direction | undefined;
  readonly number?: string | undefined;
  readonly account?: number | undefined;
  readonly callCenter?: string | undefined;
  readonly result?: CallResult | undefined;
}

export interface RecordedPart {
  readonly side: 'caller' | 'callee';
  readonly number: string;
  readonly outside: boolean;
  readonly accountId: number | null;
  readonly agentName: string | null;
  readonly joinedAt: Date;
  readonly leftAt: Date | null;
}

export interface RecordedCall {
  readonly id: string;
  readonly direction: Direction;
  readonly kind: CallKind;
  readonly caller: string;
  readonly callerAccountId: number | null;
  readonly callerName: string | null;
  readonly dialled: string;
  readonly callCenter: string | null;
  readonly trunk: string | null;
  readonly startedAt: Date;
  readonly answeredAt: Date | null;
  readonly endedAt: Date | null;
  readonly result: CallResult | null;
  readonly heldMs: number;
  readonly parts: readonly RecordedPart[];
}

const DIRECTION = sql<Direction>`case
  when record.kind = 'outgoing' then 'outgoing'
  when record.kind = 'incoming' or record.caller_outside then 'incoming'
  else 'internal' end`;

/** Call records, newest first, of what is older than `after`; within one moment in the order of ids. */
export async function listCalls(
  db: Db,
  selection: CallSelection,
  after: { readonly startedAt: Date; readonly id: string } | undefined,
  limit: number,
): Promise<readonly RecordedCall[]> {
  const { sight, from, to, direction, number, account, callCenter, result } = selection;
  let query = db
    .selectFrom('call_records as record')
    .leftJoin('accounts', 'accounts.id', 'record.caller_account_id')
    .select([
      'record.id',
      DIRECTION.as('direction'),
      'record.kind',
      'record.caller',
      'record.caller_account_id as callerAccountId',
      'accounts.display_name as callerName',
      'record.dialled',
      'record.call_center as callCenter',
      'record.trunk',
      'record.started_at as startedAt',
      'record.answered_at as answeredAt',
      'record.ended_at as endedAt',
      'record.result',
      'record.held_ms as heldMs',
    ])
    .where(seen(sight))
    .orderBy('record.started_at', 'desc')
    .orderBy('record.id')
    .limit(limit);
  if (from !== undefined) query = query.where('record.started_at', '>=', from);
  if (to !== undefined) query = query.where('record.started_at', '<', to);
  if (direction !== undefined) query = query.where(DIRECTION, '=', direction);
  if (number !== undefined) query = query.where(withNumber(number));
  if (account !== undefined) query = query.where(ofAccounts([account]));
  if (callCenter !== undefined) query = query.where('record.call_center', '=', callCenter);
  if (result !== undefined) query = query.where('record.result', '=', result);
  if (after !== undefined) {
    const { startedAt, id } = after;
    query = query
      .where('record.started_at', '<=', startedAt)
      .where(sql<SqlBool>`(record.started_at < ${startedAt} or record.id > ${id})`);
  }
  const rows = await query.execute();
  const parts = await listParts(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ ...row, parts: parts.get(row.id) ?? [] })) as readonly RecordedCall[];
}

/** In a form that begins with the accounts' own calls: of many records few are theirs. */
function ofAccounts(accounts: readonly number[]) {
  const ids = sql`any(${[...accounts]}::bigint[])`;
  return sql<SqlBool>`record.id in (
    select call_id from call_parts where account_id = ${ids}
    union select id from call_records where caller_account_id = ${ids})`;
}

function withNumber(number: string) {
  return sql<SqlBool>`record.id in (
    select id from call_records where caller = ${number}
    union select id from call_records where dialled = ${number}
    union select call_id from call_parts where number = ${number})`;
}

/** Who leads sees most of the records, so that each is looked at; who does not sees those of one account. */
function seen({ accounts, callCenters, phones }: Sight) {
  if (callCenters.length === 0 && phones.length === 0) return ofAccounts(accounts);
  const [ids, centers, numbers] = [
    sql`any(${[...accounts]}::bigint[])`,
    sql`any(${[...callCenters]}::text[])`,
    sql`any(${[...phones]}::text[])`,
  ];
  return sql<SqlBool>`(record.call_center = ${centers} or record.caller_account_id = ${ids}
    or (record.caller = ${numbers} and not record.caller_outside)
    or (record.dialled = ${numbers} and record.kind <> 'outgoing')
    or exists (select from call_parts part where part.call_id = record.id
      and (part.account_id = ${ids} or (part.number = ${numbers} and not part.outside))))`;
}

async function listParts(
  db: Db,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly RecordedPart[]>> {
  const rows = await db
    .selectFrom('call_parts')
    .leftJoin('accounts', 'accounts.id', 'call_parts.account_id')
    .select([
      'call_id',
      'side',
      'number',
      'outside',
      'account_id as accountId',
      'accounts.display_name as agentName',
      'joined_at as joinedAt',
      'left_at as leftAt',
    ])
    .where('call_id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .orderBy('joined_at')
    .orderBy('side')
    .execute();
  const parts = new Map<string, RecordedPart[]>();
  for (const { call_id: callId, ...part } of rows) {
    const before = parts.get(callId);
    if (before === undefined) parts.set(callId, [part]);
    else before.push(part);
  }
  return parts;
}

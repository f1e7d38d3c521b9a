import { sql } from 'kysely';
import type { Db } from '../database/pool.ts';
import type { Counts, Day } from './figures.ts';

export interface CountedCallCenter extends Counts {
  readonly number: string;
  readonly name: string;
  readonly serviceLevelSeconds: number;
}

/**
 * Counts the calls of a day and those who wait now, of these call centers or of all. One that was handed over before an answer (an agent asked
 * here, and let the customer wait instead) is none of them: the customer's own call is.
 */
export async function countCalls(
  db: Db,
  { from, to }: Day,
  numbers?: readonly string[],
): Promise<readonly CountedCallCenter[]> {
  const { rows } = await sql<CountedCallCenter>`
    select center.number, center.name, center.service_level_seconds as "serviceLevelSeconds",
      coalesce(waits.waiting, 0)::int as waiting, waits.since as "waitingSince", calls.*
    from call_centers center
    left join (
      select call_center, count(*) as waiting, min(entered_at) as since
      from waiting_calls where state <> 'leaving' group by call_center) waits on waits.call_center = center.number
    cross join lateral (
      select
        count(answered_at)::int as answered,
        count(*) filter (where answered_at is null and result = 'abandoned')::int as abandoned,
        count(*) filter (where answered_at is null and result = 'overflowed')::int as overflowed,
        count(*) filter (where answered_at is null and result not in ('abandoned', 'overflowed', 'transferred'))::int as lost,
        count(*) filter (where answered_at <= started_at + make_interval(secs => center.service_level_seconds))::int
          as "answeredInTime",
        coalesce(extract(epoch from sum(answered_at - started_at)) * 1000, 0)::float8 as "answerMs",
        count(ended_at) filter (where answered_at is not null)::int as talked,
        coalesce(extract(epoch from sum(ended_at - answered_at)) * 1000, 0)::float8 as "talkMs"
      from call_records
      where call_center = center.number and started_at >= ${from} and started_at < ${to}) calls
    where ${numbers === undefined ? sql`true` : sql`center.number = any(${[...numbers]}::text[])`}
    order by center.number`.execute(db);
  return rows;
}

export interface WaitingCaller {
  readonly callCenter: string;
  readonly callId: string;
  /** The caller's number. */
  readonly caller: string;
  readonly since: Date;
  /** 1 waits longest in this call center. */
  readonly position: number;
  /** Whether an agent's phone rings for the caller. */
  readonly ringing: boolean;
  readonly accountId: number | null;
  readonly agentName: string | null;
}

/** Who waits in these call centers or in all, the longest first; of each at most so many. */
export async function listWaitingCallers(
  db: Db,
  most: number,
  numbers?: readonly string[],
): Promise<readonly WaitingCaller[]> {
  const { rows } = await sql<WaitingCaller>`
    select waits.call_center as "callCenter", waits.call_id as "callId", waits.caller, waits.entered_at as since,
      waits.position::int, waits.state = 'offering' as ringing, waits.account_id as "accountId",
      accounts.display_name as "agentName"
    from (
      select *, row_number() over (partition by call_center order by entered_at, call_id) as position
      from waiting_calls
      where state <> 'leaving'
        and ${numbers === undefined ? sql`true` : sql`call_center = any(${[...numbers]}::text[])`}) waits
    left join accounts on accounts.id = waits.account_id
    where waits.position <= ${most}
    order by waits.call_center, waits.position`.execute(db);
  return rows;
}

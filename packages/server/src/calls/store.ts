import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../database/pool.ts';
import type { Call, Party } from './rules.ts';

/** Writes a call as it is now; written again it changes nothing. The agent of a part is whoever was signed in when it was first written. */
export async function saveCall(db: Db, call: Call): Promise<void> {
  const { caller, callee } = call;
  const record = {
    kind: call.kind,
    caller: caller.party.number,
    dialled: call.dialled,
    call_center: call.callCenter,
    trunk:
      [caller, callee].map((leg) => (leg?.party.kind === 'outside' ? leg.party.trunk : null)).find(Boolean) ??
      null,
    started_at: new Date(call.startedAt),
    answered_at: dateOf(call.answeredAt),
    ended_at: dateOf(call.endedAt),
    result: call.result,
    held_ms: call.heldMs,
  };
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('call_records')
      .values({ id: call.id, ...record, ...callerOf(caller.party) })
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet({
          answered_at: record.answered_at,
          ended_at: record.ended_at,
          result: record.result,
          held_ms: record.held_ms,
          trunk: record.trunk,
        }),
      )
      .execute();
    for (const part of call.parts) {
      const { number } = part.party;
      const outside = part.party.kind === 'outside';
      await trx
        .insertInto('call_parts')
        .values({
          call_id: call.id,
          channel: part.channel,
          joined_at: new Date(part.joinedAt),
          left_at: dateOf(part.leftAt),
          side: part.side,
          number,
          outside,
          account_id: outside ? null : agentAt(number),
        })
        .onConflict((conflict) =>
          conflict.columns(['call_id', 'channel', 'joined_at']).doUpdateSet({ left_at: dateOf(part.leftAt) }),
        )
        .execute();
    }
  });
}

/** Closes the records of calls that are no longer there: they ended while nobody watched. @returns how many */
export async function closeLost(db: Db, alive: readonly string[], at: Date): Promise<number> {
  const ids = sql<string>`all(${[...alive]}::uuid[])`;
  return db.transaction().execute(async (trx) => {
    await trx
      .updateTable('call_parts')
      .set({ left_at: at })
      .where('left_at', 'is', null)
      .where('call_id', '!=', ids)
      .execute();
    const closed = await trx
      .updateTable('call_records')
      .set({
        ended_at: at,
        result: sql<string>`case when answered_at is null then 'lost' else 'answered' end`,
      })
      .where('ended_at', 'is', null)
      .where('id', '!=', ids)
      .executeTakeFirst();
    return Number(closed.numUpdatedRows);
  });
}

function callerOf(party: Party): {
  readonly caller_outside: boolean;
  readonly caller_account_id: number | RawBuilder<number> | null;
} {
  const outside = party.kind === 'outside';
  return { caller_outside: outside, caller_account_id: outside ? null : agentAt(party.number) };
}

/** Who is signed in at this phone now. */
function agentAt(phone: string): RawBuilder<number> {
  return sql<number>`(select account_id from agent_states where phone = ${phone})`;
}

export interface PhoneStatusRow {
  readonly phone: string;
  readonly callStatus: string | null;
}

/** What is committed of the call status at each phone where somebody is signed in. */
export async function listPhoneStatuses(db: Db): Promise<readonly PhoneStatusRow[]> {
  const rows = await db
    .selectFrom('agent_states')
    .select(['phone', 'call_status'])
    .where('phone', 'is not', null)
    .execute();
  return rows.map((row) => ({ phone: row.phone ?? '', callStatus: row.call_status }));
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}

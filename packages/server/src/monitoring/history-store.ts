import { sql } from 'kysely';
import type { Db } from '../database/pool.ts';
import type { MonitoringFilters, MonitoringRecord } from './forms.ts';

/** The sessions that were, newest first, of what is older than `after`. */
export async function listRecords(
  db: Db,
  { supervisor, target, from, to, door }: MonitoringFilters,
  after: { readonly startedAt: string; readonly id: string } | undefined,
  limit: number,
): Promise<readonly MonitoringRecord[]> {
  let query = db
    .selectFrom('monitoring_sessions as s')
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('monitoring_parts as p')
        .whereRef('p.session_id', '=', 's.id')
        .select(sql<number>`count(*)::int`.as('count'))
        .as('calls'),
    )
    .orderBy('s.started_at', 'desc')
    .orderBy('s.id', 'desc')
    .limit(limit);
  if (supervisor !== undefined) query = query.where('s.supervisor_account', '=', supervisor);
  if (target !== undefined) query = query.where('s.target_account', '=', target);
  if (from !== undefined) query = query.where('s.started_at', '>=', new Date(from));
  if (to !== undefined) query = query.where('s.started_at', '<', new Date(to));
  if (door !== undefined) query = query.where('s.door', '=', door);
  if (after !== undefined) {
    query = query.where(
      sql<boolean>`(s.started_at, s.id) < (${new Date(after.startedAt)}, ${after.id}::uuid)`,
    );
  }
  const rows = await query.execute();
  return rows.map((row) => ({
    id: row.id,
    supervisorAccount: row.supervisor_account,
    supervisorName: row.supervisor_name,
    supervisorPhone: row.supervisor_phone,
    targetAccount: row.target_account,
    targetName: row.target_name,
    targetPhone: row.target_phone,
    mode: row.mode,
    door: row.door,
    shortcut: row.shortcut,
    continuous: row.continuous,
    startedAt: row.started_at.toISOString(),
    answeredAt: row.answered_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    reason: row.reason as MonitoringRecord['reason'],
    calls: row.calls ?? 0,
  }));
}

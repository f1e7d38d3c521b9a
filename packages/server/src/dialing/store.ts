import type { Transaction } from 'kysely';
import type { Db } from '../database/pool.ts';
import type { Database } from '../database/schema.ts';
import type { LockKind, LockRecord } from './lockout.ts';

export interface DialAccount {
  readonly accountId: number;
  readonly agentEnabled: boolean;
  readonly signInPhone: string | null;
  readonly sealedPassword: Buffer;
}

export async function findByDialId(db: Db, dialId: string): Promise<DialAccount | undefined> {
  const row = await db
    .selectFrom('accounts')
    .select(['id', 'agent_enabled', 'sign_in_phone', 'dial_password'])
    .where('dial_id', '=', dialId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    accountId: row.id,
    agentEnabled: row.agent_enabled,
    signInPhone: row.sign_in_phone,
    sealedPassword: row.dial_password,
  };
}

export interface LockKey {
  readonly kind: LockKind;
  readonly key: Buffer;
}

export type LockRecords = ReadonlyMap<LockKind, LockRecord>;

/** The records of these keys as they are now. */
export async function readLocks(
  db: Db | Transaction<Database>,
  keys: readonly LockKey[],
): Promise<LockRecords> {
  const rows = await db
    .selectFrom('dial_locks')
    .select(['kind', 'failures', 'locked_until', 'level', 'updated_at'])
    .where((eb) => eb.or(keys.map(({ kind, key }) => eb.and([eb('kind', '=', kind), eb('key', '=', key)]))))
    .execute();
  return new Map(
    rows.map((row) => [
      row.kind,
      { failures: row.failures, lockedUntil: row.locked_until, level: row.level, updatedAt: row.updated_at },
    ]),
  );
}

/** Makes sure that the rows exist and locks them, so that failures at the same moment are all counted. */
export async function lockLocks(
  trx: Transaction<Database>,
  keys: readonly LockKey[],
  about: { readonly accountId: number | null; readonly phone: string; readonly now: Date },
): Promise<LockRecords> {
  // One statement takes the rows in one order, so that two failures that cross wait instead of deadlocking.
  await trx
    .insertInto('dial_locks')
    .values(
      keys.map(({ kind, key }) => ({
        kind,
        key,
        account_id: kind === 'phone' ? null : about.accountId,
        phone: kind === 'id' ? null : about.phone,
        failures: [],
        locked_until: null,
        updated_at: about.now,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['kind', 'key']).doUpdateSet((eb) => ({ level: eb.ref('dial_locks.level') })),
    )
    .execute();
  return readLocks(trx, keys);
}

export async function saveLock(
  trx: Transaction<Database>,
  { kind, key }: LockKey,
  record: LockRecord,
): Promise<void> {
  await trx
    .updateTable('dial_locks')
    .set({
      failures: [...record.failures],
      locked_until: record.lockedUntil,
      level: record.level,
      updated_at: record.updatedAt,
    })
    .where('kind', '=', kind)
    .where('key', '=', key)
    .execute();
}

export async function clearLock(db: Db, { kind, key }: LockKey): Promise<void> {
  await db.deleteFrom('dial_locks').where('kind', '=', kind).where('key', '=', key).execute();
}

/** Removes what no longer counts; how many rows there are is bounded by how many failures a day sees. */
export async function removeOldLocks(db: Db, before: Date): Promise<void> {
  await db.deleteFrom('dial_locks').where('updated_at', '<', before).execute();
}

import type { Transaction } from 'kysely';
import { writeAudit, type Author } from '../access/audit.ts';
import type { Db } from '../database/pool.ts';
import type { Database } from '../database/schema.ts';
import { DialError } from './errors.ts';
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

export interface Locked {
  /** Names the lock; from it nothing can be learned of what was keyed. */
  readonly id: string;
  readonly kind: LockKind;
  readonly account: {
    readonly id: number;
    readonly loginName: string;
    readonly displayName: string;
  } | null;
  readonly phone: string | null;
  readonly lockedUntil: Date;
}

/** The locks that hold, the longest first. */
export async function listLocked(db: Db, now: Date): Promise<readonly Locked[]> {
  const rows = await db
    .selectFrom('dial_locks')
    .leftJoin('accounts', 'accounts.id', 'dial_locks.account_id')
    .select(['kind', 'key', 'phone', 'locked_until', 'account_id', 'login_name', 'display_name'])
    .where('locked_until', '>', now)
    .orderBy('locked_until', 'desc')
    .execute();
  return rows.map((row) => ({
    id: `${row.kind}.${row.key.toString('base64url')}`,
    kind: row.kind,
    account:
      row.account_id === null
        ? null
        : { id: row.account_id, loginName: row.login_name ?? '', displayName: row.display_name ?? '' },
    phone: row.phone,
    lockedUntil: row.locked_until ?? now,
  }));
}

/** Clears a lock, and writes down who did. @throws DialError DIAL_LOCK_UNKNOWN */
export async function clearLockById(db: Db, id: string, author: Author): Promise<void> {
  const [kind = '', key = ''] = id.split('.');
  await db.transaction().execute(async (trx) => {
    const row = await trx
      .deleteFrom('dial_locks')
      .where('kind', '=', kind as LockKind)
      .where('key', '=', Buffer.from(key, 'base64url'))
      .returning(['account_id', 'phone'])
      .executeTakeFirst();
    if (row === undefined) throw new DialError('DIAL_LOCK_UNKNOWN');
    await writeAudit(trx, author, {
      action: 'dial_lock.cleared',
      subject: row.account_id === null ? `phone:${row.phone ?? ''}` : `account:${row.account_id}`,
      detail: kind,
    });
  });
}

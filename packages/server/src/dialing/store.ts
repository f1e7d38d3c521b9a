import type { Transaction } from 'kysely';
import { writeAudit, type Author } from '../access/audit.ts';
import type { AgentState } from '../agents/rules.ts';
import { toState, type StateRow } from '../agents/store.ts';
import { prepared, type Db } from '../database/pool.ts';
import type { Database } from '../database/schema.ts';
import { DialError } from './errors.ts';
import type { LockKind, LockRecord } from './lockout.ts';

export interface LockKey {
  readonly kind: LockKind;
  readonly key: Buffer;
}

/** Failures are counted by an ID at a phone, by an ID, and by a phone. */
export type LockKeys = readonly [pair: LockKey, id: LockKey, phone: LockKey];

export type LockRecords = ReadonlyMap<LockKind, LockRecord>;

/** A row as it was read, without a lock: PostgreSQL writes a new version with each change of it. */
export interface Versioned {
  readonly version: string;
}

export interface DialAccount extends Versioned {
  readonly accountId: number;
  readonly agentEnabled: boolean;
  readonly signInPhone: string | null;
  readonly sealedPassword: Buffer;
  /** As an agent; undefined for an account that never was one. */
  readonly agent: SeenAgent | undefined;
}

export interface SeenAgent extends Versioned {
  readonly state: AgentState;
}

type AgentColumns = Omit<StateRow, 'account_id'> & {
  readonly account_id: number | null;
  readonly version: string;
};

type ForDialRow = AgentColumns & {
  readonly id: number | null;
  readonly account_version: string;
  readonly agent_enabled: boolean;
  readonly sign_in_phone: string | null;
  readonly dial_password: Buffer;
  readonly kind: LockKind | null;
  readonly failures: Date[];
  readonly locked_until: Date | null;
  readonly level: number;
  readonly updated_at: Date;
};

const AGENT_COLUMNS = `agent_states.account_id, base_status, base_since, call_status, call_since, agent_states.phone, seat, idle_since, ready_at, misses,
  agent_states.xmin::text as version`;

/** Each row has the account, or nulls when there is none, and one of the locks, or nulls when there is none. */
const READ_FOR_DIAL = `
  select accounts.id, accounts.xmin::text as account_version, agent_enabled, sign_in_phone, dial_password,
    ${AGENT_COLUMNS},
    kind, failures, locked_until, level, updated_at
  from (select) as always
  left join accounts on dial_id = $1
  left join agent_states on agent_states.account_id = accounts.id
  left join dial_locks on (kind, key) in (('pair', $2::bytea), ('id', $3), ('phone', $4))`;

/** All that a dial operation needs to know before it decides, in one round trip: a caller waits for it. */
export async function readForDial(
  db: Db,
  dialId: string,
  keys: LockKeys,
): Promise<{ readonly account: DialAccount | undefined; readonly locks: LockRecords }> {
  const values = [dialId, ...keys.map(({ key }) => key)];
  const rows = await prepared<ForDialRow>(db, 'read_for_dial', READ_FOR_DIAL, values);
  const locks = rows.flatMap((row) => (row.kind === null ? [] : [[row.kind, lockOf(row)] as const]));
  const [first] = rows;
  return {
    account: first === undefined || first.id === null ? undefined : accountOf({ ...first, id: first.id }),
    locks: new Map(locks),
  };
}

function accountOf(row: ForDialRow & { readonly id: number }): DialAccount {
  return {
    accountId: row.id,
    version: row.account_version,
    agentEnabled: row.agent_enabled,
    signInPhone: row.sign_in_phone,
    sealedPassword: row.dial_password,
    agent: agentOf(row),
  };
}

function agentOf(row: AgentColumns): SeenAgent | undefined {
  const { account_id, version } = row;
  return account_id === null ? undefined : { state: toState({ ...row, account_id }), version };
}

/** These agents as they are now. */
export async function readSeenAgents(db: Db, ids: readonly number[]): Promise<readonly SeenAgent[]> {
  const text = `select ${AGENT_COLUMNS} from agent_states where account_id = any($1::bigint[])`;
  const rows = await prepared<AgentColumns>(db, 'read_seen_agents', text, [ids]);
  return rows.flatMap((row) => agentOf(row) ?? []);
}

function lockOf(row: Pick<ForDialRow, 'failures' | 'locked_until' | 'level' | 'updated_at'>): LockRecord {
  return {
    failures: row.failures,
    lockedUntil: row.locked_until,
    level: row.level,
    updatedAt: row.updated_at,
  };
}

/** The records of these keys as they are now. */
async function readLocks(db: Transaction<Database>, keys: readonly LockKey[]): Promise<LockRecords> {
  const rows = await db
    .selectFrom('dial_locks')
    .select(['kind', 'failures', 'locked_until', 'level', 'updated_at'])
    .where((eb) => eb.or(keys.map(({ kind, key }) => eb.and([eb('kind', '=', kind), eb('key', '=', key)]))))
    .execute();
  return new Map(rows.map((row) => [row.kind, lockOf(row)]));
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

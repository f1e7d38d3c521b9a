import type { Transaction } from 'kysely';
import { grantToAdministrators } from '../access/accounts.ts';
import { writeAudit, type Author } from '../access/audit.ts';
import { AccessError } from '../access/errors.ts';
import { notify } from '../database/notifications.ts';
import type { Db } from '../database/pool.ts';
import type { Database } from '../database/schema.ts';
import { CallCenterError } from './errors.ts';
import { columnsOf, overflowProblem, type RulesForm } from './form.ts';
import type { CallCenterRules } from './rules.ts';
import { listCallCenters } from './store.ts';

type Trx = Transaction<Database>;

const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';

export interface Member {
  readonly accountId: number;
  /** 1 is served first. */
  readonly priority: number;
}

export interface CallCenter extends CallCenterRules {
  readonly members: readonly Member[];
}

export async function listWithMembers(db: Db): Promise<readonly CallCenter[]> {
  const [centers, members] = await Promise.all([
    listCallCenters(db),
    db
      .selectFrom('call_center_members')
      .select(['call_center', 'account_id', 'priority'])
      .orderBy('priority')
      .orderBy('account_id')
      .execute(),
  ]);
  return centers.map((center) => ({
    ...center,
    members: members
      .filter((member) => member.call_center === center.number)
      .map((member) => ({ accountId: member.account_id, priority: member.priority })),
  }));
}

/** @throws CallCenterError CALL_CENTER_NUMBER_TAKEN, CALL_CENTER_OVERFLOW_WRONG */
export async function createCallCenter(
  db: Db,
  { number, name, ...rules }: RulesForm & { readonly number: string; readonly name: string },
  author: Author,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    await checkOverflow(trx, number, rules);
    await trx
      .insertInto('call_centers')
      .values({ number, name, ...columnsOf(rules) })
      .execute();
    await grantToAdministrators(trx, 'call_center', number);
    await written(trx, author, 'call_center.created', number, name);
  });
}

/** @throws CallCenterError CALL_CENTER_UNKNOWN, CALL_CENTER_OVERFLOW_WRONG */
export async function changeCallCenter(
  db: Db,
  number: string,
  { name, ...rules }: RulesForm & { readonly name?: string | undefined },
  author: Author,
): Promise<void> {
  const columns = { ...columnsOf(rules), ...(name === undefined ? {} : { name }) };
  await inTransaction(db, async (trx) => {
    await checkOverflow(trx, number, rules);
    const row = await trx
      .updateTable('call_centers')
      .set({ number, ...columns })
      .where('number', '=', number)
      .returning('number')
      .executeTakeFirst();
    if (row === undefined) throw new CallCenterError('CALL_CENTER_UNKNOWN');
    const detail = Object.entries(columns)
      .map(([column, value]) => `${column}=${value ?? 'null'}`)
      .join(' ');
    await written(trx, author, 'call_center.changed', number, detail);
  });
}

/** Callers are sent on to something that is there. */
async function checkOverflow(trx: Trx, number: string, rules: RulesForm): Promise<void> {
  if (overflowProblem({ number, ...rules }) !== undefined)
    throw new CallCenterError('CALL_CENTER_OVERFLOW_WRONG');
  const { overflowAction: action, overflowTarget: target } = rules;
  if (target == null) return;
  const table = action === 'call_center' ? 'call_centers' : 'phones';
  const row = await trx
    .selectFrom(table)
    .select('number')
    .where('number', '=', target)
    .forKeyShare()
    .executeTakeFirst();
  if (row === undefined) throw new CallCenterError('CALL_CENTER_OVERFLOW_WRONG');
}

/**
 * Also takes away its members and the rights on it.
 * @throws CallCenterError CALL_CENTER_UNKNOWN, CALL_CENTER_IN_USE while callers wait in it, CALL_CENTER_LEADS_HERE
 */
export async function deleteCallCenter(db: Db, number: string, author: Author): Promise<void> {
  await inTransaction(db, async (trx) => {
    const waiting = await trx
      .selectFrom('waiting_calls')
      .select('call_id')
      .where('call_center', '=', number)
      .executeTakeFirst();
    if (waiting !== undefined) throw new CallCenterError('CALL_CENTER_IN_USE');
    const row = await trx
      .deleteFrom('call_centers')
      .where('number', '=', number)
      .returning('name')
      .executeTakeFirst();
    if (row === undefined) throw new CallCenterError('CALL_CENTER_UNKNOWN');
    await requireNoOverflowTo(trx, number);
    await trx
      .deleteFrom('grants')
      .where('resource_kind', '=', 'call_center')
      .where('resource', '=', number)
      .execute();
    await written(trx, author, 'call_center.deleted', number, row.name);
  });
}

/**
 * Asked when a phone or call center goes, after its row was deleted: whoever leads callers there meanwhile waits for the row, or is seen.
 * @throws CallCenterError CALL_CENTER_LEADS_HERE
 */
export async function requireNoOverflowTo(trx: Trx, number: string): Promise<void> {
  const row = await trx
    .selectFrom('call_centers')
    .select('number')
    .where('overflow_target', '=', number)
    .executeTakeFirst();
  if (row !== undefined) throw new CallCenterError('CALL_CENTER_LEADS_HERE');
}

/** Who belongs to it from now on. @throws CallCenterError CALL_CENTER_UNKNOWN @throws AccessError ACCOUNT_UNKNOWN */
export async function changeMembers(
  db: Db,
  number: string,
  members: readonly Member[],
  author: Author,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    const row = await trx
      .selectFrom('call_centers')
      .select('name')
      .where('number', '=', number)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) throw new CallCenterError('CALL_CENTER_UNKNOWN');
    await trx.deleteFrom('call_center_members').where('call_center', '=', number).execute();
    for (const { accountId, priority } of members) {
      await trx
        .insertInto('call_center_members')
        .values({ call_center: number, account_id: accountId, priority })
        .onConflict((conflict) => conflict.columns(['call_center', 'account_id']).doUpdateSet({ priority }))
        .execute();
    }
    const detail = members.map(({ accountId, priority }) => `${accountId}:${priority}`).join(' ');
    await written(trx, author, 'call_center.members_changed', number, detail);
  });
}

/** Who may see whom hangs on call centers. */
async function written(
  trx: Trx,
  author: Author,
  action: string,
  number: string,
  detail: string,
): Promise<void> {
  await writeAudit(trx, author, { action, subject: `call_center:${number}`, detail });
  await notify(trx, { kind: 'call_centers' });
  // Outside numbers that led to it went with it.
  await notify(trx, { kind: 'trunks' });
  await notify(trx, { kind: 'agents_all' });
  await notify(trx, { kind: 'access', accountIds: [] });
}

async function inTransaction(db: Db, work: (trx: Trx) => Promise<void>): Promise<void> {
  try {
    await db.transaction().execute(work);
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (code === UNIQUE_VIOLATION) throw new CallCenterError('CALL_CENTER_NUMBER_TAKEN');
    if (code === FOREIGN_KEY_VIOLATION) throw new AccessError('ACCOUNT_UNKNOWN');
    throw error;
  }
}

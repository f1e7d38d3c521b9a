import { sql, type Transaction } from 'kysely';
import { notify } from '../database/notifications.ts';
import type { Db } from '../database/pool.ts';
import type { Database } from '../database/schema.ts';
import { writeAudit, type Author } from './audit.ts';
import { AccessError } from './errors.ts';
import type { Level, ResourceKind } from './rules.ts';

export interface Resource {
  readonly kind: ResourceKind;
  readonly resource: string;
  readonly name: string;
}

export interface GrantRow {
  readonly accountId: number;
  readonly kind: ResourceKind;
  readonly resource: string;
  readonly level: Level;
}

/** Everything there is to have rights on, and who has which. */
export async function readGrants(
  db: Db,
): Promise<{ readonly resources: readonly Resource[]; readonly grants: readonly GrantRow[] }> {
  const [phones, centers, campaigns, grants] = await Promise.all([
    db.selectFrom('phones').select(['number', 'name']).orderBy('number').execute(),
    db.selectFrom('call_centers').select(['number', 'name']).orderBy('number').execute(),
    db.selectFrom('campaigns').select(['id', 'name']).orderBy('id').execute(),
    db
      .selectFrom('grants')
      .select(['account_id as accountId', 'resource_kind as kind', 'resource', 'level'])
      .orderBy('account_id')
      .orderBy('resource_kind')
      .orderBy('resource')
      .execute(),
  ]);
  return {
    resources: [
      ...centers.map(({ number, name }) => ({ kind: 'call_center' as const, resource: number, name })),
      ...phones.map(({ number, name }) => ({ kind: 'phone' as const, resource: number, name })),
      ...campaigns.map(({ id, name }) => ({ kind: 'campaign' as const, resource: String(id), name })),
    ],
    grants,
  };
}

export interface GrantChange {
  readonly accountId: number;
  readonly kind: ResourceKind;
  readonly resource: string;
  readonly level: Level | null;
}

/**
 * Gives and takes rights, all of them or none.
 * @throws AccessError ACCOUNT_UNKNOWN, RESOURCE_UNKNOWN
 */
export async function changeGrants(db: Db, changes: readonly GrantChange[], author: Author): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const ids = [...new Set(changes.map(({ accountId }) => accountId))];
    const accounts = await trx
      .selectFrom('accounts')
      .select('id')
      .where('id', '=', sql<number>`any(${ids}::bigint[])`)
      .forKeyShare()
      .execute();
    if (accounts.length < ids.length) throw new AccessError('ACCOUNT_UNKNOWN');
    const known = await lockResources(trx, changes);
    for (const { accountId, kind, resource, level } of changes) {
      if (!known[kind].has(resource)) throw new AccessError('RESOURCE_UNKNOWN');
      if (level === null) {
        await trx
          .deleteFrom('grants')
          .where('account_id', '=', accountId)
          .where('resource_kind', '=', kind)
          .where('resource', '=', resource)
          .execute();
      } else {
        await trx
          .insertInto('grants')
          .values({ account_id: accountId, resource_kind: kind, resource, level })
          .onConflict((conflict) =>
            conflict.columns(['account_id', 'resource_kind', 'resource']).doUpdateSet({ level }),
          )
          .execute();
      }
      await writeAudit(trx, author, {
        action: 'grant.changed',
        subject: `account:${accountId}`,
        detail: `${kind}:${resource}=${level ?? 'none'}`,
      });
    }
    await notify(trx, { kind: 'access', accountIds: ids });
  });
}

/** Which of these resources there are, by kind; until the transaction ends none of them goes. */
async function lockResources(
  trx: Transaction<Database>,
  changes: readonly GrantChange[],
): Promise<Readonly<Record<ResourceKind, ReadonlySet<string>>>> {
  const named = (wanted: ResourceKind): readonly string[] =>
    changes.filter(({ kind }) => kind === wanted).map(({ resource }) => resource);
  const numbers = async (table: 'phones' | 'call_centers', kind: ResourceKind): Promise<Set<string>> => {
    const rows = await trx
      .selectFrom(table)
      .select('number')
      .where('number', '=', sql<string>`any(${named(kind)}::text[])`)
      .forKeyShare()
      .execute();
    return new Set(rows.map(({ number }) => number));
  };
  const campaigns = await trx
    .selectFrom('campaigns')
    .select('id')
    .where('id', '=', sql<number>`any(${named('campaign')}::bigint[])`)
    .forKeyShare()
    .execute();
  return {
    phone: await numbers('phones', 'phone'),
    call_center: await numbers('call_centers', 'call_center'),
    campaign: new Set(campaigns.map(({ id }) => String(id))),
  };
}

import { sql, type Transaction } from 'kysely';
import { grantToAdministrators } from '../access/accounts.ts';
import { writeAudit, type Author } from '../access/audit.ts';
import { AccessError } from '../access/errors.ts';
import type { Target } from '../access/rules.ts';
import { notify } from '../database/notifications.ts';
import type { Db } from '../database/pool.ts';
import type { Database } from '../database/schema.ts';
import { OutboundError } from './errors.ts';

type Trx = Transaction<Database>;

const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';

export interface Campaign {
  readonly id: number;
  /** Unique. */
  readonly name: string;
  readonly members: readonly { readonly accountId: number }[];
}

/** All campaigns, or this one, in the order in which they were made. */
export async function listCampaigns(db: Db, id?: number): Promise<readonly Campaign[]> {
  const all = db
    .selectFrom('campaigns')
    .leftJoin('campaign_members', 'campaign_id', 'campaigns.id')
    .select(['id', 'name', 'account_id']);
  const wanted = id === undefined ? all : all.where('id', '=', id);
  const rows = await wanted.orderBy('id').orderBy('account_id').execute();
  const campaigns = new Map<number, Campaign & { readonly members: { readonly accountId: number }[] }>();
  for (const row of rows) {
    const campaign = campaigns.get(row.id) ?? { id: row.id, name: row.name, members: [] };
    campaigns.set(row.id, campaign);
    if (row.account_id !== null) campaign.members.push({ accountId: row.account_id });
  }
  return [...campaigns.values()];
}

/** Every agent of a campaign, or this one, with the campaigns through which it can be listened to, as grants name them. */
export async function listCampaignTargets(db: Db, accountId?: number): Promise<readonly Target<number>[]> {
  let query = db
    .selectFrom('campaign_members')
    .innerJoin('accounts', 'accounts.id', 'campaign_members.account_id')
    .select(['campaign_members.account_id', 'campaign_members.campaign_id'])
    .where('accounts.agent_enabled', '=', true);
  if (accountId !== undefined) query = query.where('campaign_members.account_id', '=', accountId);
  const resources = new Map<number, string[]>();
  for (const row of await query.execute()) {
    resources.set(row.account_id, [...(resources.get(row.account_id) ?? []), String(row.campaign_id)]);
  }
  return [...resources].map(([id, list]) => ({ id, resources: list }));
}

/** @returns the campaign's id @throws OutboundError CAMPAIGN_NAME_TAKEN */
export async function createCampaign(db: Db, name: string, author: Author): Promise<number> {
  return inTransaction(db, async (trx) => {
    const { id } = await trx
      .insertInto('campaigns')
      .values({ name })
      .returning('id')
      .executeTakeFirstOrThrow();
    await grantToAdministrators(trx, 'campaign', String(id));
    await written(trx, author, { action: 'campaign.created', id, detail: name });
    return id;
  });
}

/** @throws OutboundError CAMPAIGN_UNKNOWN, CAMPAIGN_NAME_TAKEN */
export async function renameCampaign(db: Db, id: number, name: string, author: Author): Promise<void> {
  await inTransaction(db, async (trx) => {
    const row = await trx
      .updateTable('campaigns')
      .set({ name })
      .where('id', '=', id)
      .returning('id')
      .executeTakeFirst();
    if (row === undefined) throw new OutboundError('CAMPAIGN_UNKNOWN');
    await written(trx, author, { action: 'campaign.renamed', id, detail: name });
  });
}

/** Also takes away its members and the rights on it. @throws OutboundError CAMPAIGN_UNKNOWN */
export async function deleteCampaign(db: Db, id: number, author: Author): Promise<void> {
  await inTransaction(db, async (trx) => {
    const row = await trx.deleteFrom('campaigns').where('id', '=', id).returning('name').executeTakeFirst();
    if (row === undefined) throw new OutboundError('CAMPAIGN_UNKNOWN');
    await trx
      .deleteFrom('grants')
      .where('resource_kind', '=', 'campaign')
      .where('resource', '=', String(id))
      .execute();
    await written(trx, author, { action: 'campaign.deleted', id, detail: row.name });
  });
}

/** Who belongs to it from now on. @throws OutboundError CAMPAIGN_UNKNOWN @throws AccessError ACCOUNT_UNKNOWN */
export async function changeCampaignMembers(
  db: Db,
  id: number,
  members: readonly { readonly accountId: number }[],
  author: Author,
): Promise<void> {
  const accounts = [...new Set(members.map(({ accountId }) => accountId))];
  await inTransaction(db, async (trx) => {
    const row = await trx
      .selectFrom('campaigns')
      .select('id')
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) throw new OutboundError('CAMPAIGN_UNKNOWN');
    await trx
      .deleteFrom('campaign_members')
      .where('campaign_id', '=', id)
      .where('account_id', '!=', sql<number>`all(${accounts}::bigint[])`)
      .execute();
    if (accounts.length > 0) {
      await trx
        .insertInto('campaign_members')
        .values(accounts.map((account) => ({ campaign_id: id, account_id: account })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    await written(trx, author, { action: 'campaign.members_changed', id, detail: accounts.join(' ') });
  });
}

/** Who may listen to whom from the job monitor hangs on campaigns. */
async function written(
  trx: Trx,
  author: Author,
  { action, id, detail }: { readonly action: string; readonly id: number; readonly detail: string },
): Promise<void> {
  await writeAudit(trx, author, { action, subject: `campaign:${id}`, detail });
  await notify(trx, { kind: 'access', accountIds: [] });
}

async function inTransaction<Result>(db: Db, work: (trx: Trx) => Promise<Result>): Promise<Result> {
  try {
    return await db.transaction().execute(work);
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (code === UNIQUE_VIOLATION) throw new OutboundError('CAMPAIGN_NAME_TAKEN');
    if (code === FOREIGN_KEY_VIOLATION) throw new AccessError('ACCOUNT_UNKNOWN');
    throw error;
  }
}

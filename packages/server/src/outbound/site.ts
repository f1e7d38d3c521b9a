import type { Transaction } from 'kysely';
import { grantToAdministrators } from '../access/accounts.ts';
import type { Db } from '../database/pool.ts';
import type { Database } from '../database/schema.ts';
import { listCampaigns } from './store.ts';

/** The parts of a site file that are about campaigns; there they go by their names, because ids differ from system to system. */
export interface SiteCampaigns {
  readonly campaigns?: readonly { readonly name: string }[] | undefined;
  readonly accounts?:
    | readonly {
        readonly campaigns?: readonly string[] | undefined;
        readonly grants?: readonly { readonly campaign?: string | undefined }[] | undefined;
      }[]
    | undefined;
}

/** A part of a site file, and what is wrong there. */
export interface CampaignProblem {
  readonly path: readonly (string | number)[];
  /** Its code in a site file. */
  readonly code: 'CAMPAIGN_UNKNOWN';
  readonly params: { readonly name: string };
}

type Trx = Transaction<Database>;

/** Ids by name; until the transaction ends none of them goes. */
export async function readCampaignIds(trx: Trx): Promise<ReadonlyMap<string, number>> {
  const rows = await trx.selectFrom('campaigns').select(['name', 'id']).forKeyShare().execute();
  return new Map(rows.map(({ name, id }) => [name, id]));
}

/** Makes the campaigns that are not there yet; rights on the others stay as they are. */
export async function applyCampaigns(trx: Trx, site: SiteCampaigns): Promise<void> {
  for (const { name } of site.campaigns ?? []) {
    const made = await trx
      .insertInto('campaigns')
      .values({ name })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (made !== undefined) await grantToAdministrators(trx, 'campaign', String(made.id));
  }
}

/** References of the file to campaigns that neither it nor the database has. Those of the file are in the database already. */
export async function checkCampaigns(trx: Trx, site: SiteCampaigns): Promise<readonly CampaignProblem[]> {
  const known = await readCampaignIds(trx);
  return (site.accounts ?? []).flatMap(({ campaigns = [], grants = [] }, index) => [
    ...campaigns.flatMap((name, position) => missing(['accounts', index, 'campaigns', position], name)),
    ...grants.flatMap(({ campaign }, position) => missing(['accounts', index, 'grants', position], campaign)),
  ]);

  function missing(path: CampaignProblem['path'], name: string | undefined): readonly CampaignProblem[] {
    return name === undefined || known.has(name)
      ? []
      : [{ path, code: 'CAMPAIGN_UNKNOWN', params: { name } }];
  }
}

/** The account belongs to these campaigns from now on, and to no others. */
export async function replaceCampaigns(trx: Trx, accountId: number, names: readonly string[]): Promise<void> {
  await trx.deleteFrom('campaign_members').where('account_id', '=', accountId).execute();
  if (names.length === 0) return;
  await trx
    .insertInto('campaign_members')
    .columns(['campaign_id', 'account_id'])
    .expression(
      trx
        .selectFrom('campaigns')
        .select((eb) => ['id', eb.val(accountId).as('account_id')])
        .where('name', 'in', [...names]),
    )
    .execute();
}

/** The campaigns as they can be applied again, and what accounts say of them. */
export async function exportCampaigns(db: Db): Promise<{
  readonly campaigns: { name: string }[];
  /** The names of those to which an account belongs. */
  readonly of: (accountId: number) => string[];
  /** The name of one that a grant names. */
  readonly nameOf: (resource: string) => string | undefined;
}> {
  const all = await listCampaigns(db);
  return {
    campaigns: all.map(({ name }) => ({ name })),
    of: (accountId) =>
      all
        .filter(({ members }) => members.some((member) => member.accountId === accountId))
        .map(({ name }) => name),
    nameOf: (resource) => all.find(({ id }) => String(id) === resource)?.name,
  };
}

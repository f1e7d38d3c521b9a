import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Db } from '../database/pool.ts';
import type { Database } from '../database/schema.ts';
import { PRACTICE, PRACTICE_PHONES } from './site.ts';

type Trx = Transaction<Database>;

/** Says that the site has practice, and what of it is practice: only what is listed is ever removed. */
const markSchema = z.strictObject({
  accounts: z.array(z.int()),
  phones: z.array(z.string()),
  callCenters: z.array(z.string()),
});
export type PracticeMark = z.infer<typeof markSchema>;

/** Beside the settings, and none of them: a row that no page, file or route shows. */
const KEY = 'practice';

export async function readMark(db: Db | Trx): Promise<PracticeMark | undefined> {
  const row = await db.selectFrom('settings').select('value').where('key', '=', KEY).executeTakeFirst();
  return row === undefined ? undefined : markSchema.parse(row.value);
}

export async function writeMark(trx: Trx, mark: PracticeMark): Promise<void> {
  const value = JSON.stringify(mark);
  await trx
    .insertInto('settings')
    .values({ key: KEY, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

const LOGIN_NAMES: readonly string[] = PRACTICE.agents.map(({ loginName }) => loginName);

/** What the site has of its own where practice would be. */
export async function findTaken(trx: Trx): Promise<readonly string[]> {
  const phones = await trx
    .selectFrom('phones')
    .select('number')
    .where('number', 'in', PRACTICE_PHONES)
    .execute();
  const centers = await trx
    .selectFrom('call_centers')
    .select('number')
    .where('number', '=', PRACTICE.callCenter)
    .execute();
  const accounts = await trx
    .selectFrom('accounts')
    .select('login_name')
    .where('login_name', 'in', LOGIN_NAMES)
    .execute();
  return [
    ...phones.map(({ number }) => `phone ${number}`),
    ...centers.map(({ number }) => `call center ${number}`),
    ...accounts.map(({ login_name: loginName }) => `account ${loginName}`),
  ];
}

export async function listPracticeAccounts(
  trx: Trx,
): Promise<readonly { readonly id: number; readonly loginName: string }[]> {
  return trx
    .selectFrom('accounts')
    .select(['id', 'login_name as loginName'])
    .where('login_name', 'in', LOGIN_NAMES)
    .execute();
}

/** Gives the top account the browser phone, unless it has a phone. */
export async function equipTopAccount(trx: Trx): Promise<void> {
  await trx
    .updateTable('accounts')
    .set({ sign_in_phone: PRACTICE.browser })
    .where('built_in', '=', true)
    .where('sign_in_phone', 'is', null)
    .execute();
}

/** Takes everything away that is marked, with the calls that were practice; who listened to whom stays in the audit of monitoring. */
export async function removeMarked(trx: Trx, { accounts, phones, callCenters }: PracticeMark): Promise<void> {
  // Somebody else may have signed in at a practice phone.
  await trx
    .updateTable('agent_states')
    .set({
      base_status: 'signed_off',
      phone: null,
      seat: null,
      call_status: null,
      call_since: null,
      ready_at: null,
    })
    .where('phone', 'in', phones)
    .execute();
  await trx.deleteFrom('waiting_calls').where('call_center', 'in', callCenters).execute();
  await trx
    .deleteFrom('call_records')
    .where((eb) =>
      eb.or([
        eb('call_center', 'in', callCenters),
        eb('dialled', 'in', callCenters),
        eb('caller', 'in', phones),
        eb('dialled', 'in', phones),
      ]),
    )
    .execute();
  await trx
    .deleteFrom('grants')
    .where('resource', 'in', [...phones, ...callCenters])
    .execute();
  await trx.deleteFrom('call_centers').where('number', 'in', callCenters).execute();
  if (accounts.length > 0)
    await trx.deleteFrom('accounts').where('id', 'in', accounts).where('built_in', '=', false).execute();
  await trx.deleteFrom('phones').where('number', 'in', phones).execute();
  await trx.deleteFrom('settings').where('key', '=', KEY).execute();
}

/** The account's own phone. */
export async function readOwnPhone(db: Db, accountId: number): Promise<string | null> {
  const row = await db
    .selectFrom('accounts')
    .select('sign_in_phone')
    .where('id', '=', accountId)
    .executeTakeFirst();
  return row?.sign_in_phone ?? null;
}

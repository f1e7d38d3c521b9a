import type { Db } from '../database/pool.ts';
import type { Vault } from '../database/vault.ts';
import type { PhoneKind } from '../dialing/rules.ts';
import type { Language } from '../guidance/rules.ts';
import type { ProvisionedPhone } from './rules.ts';

export interface Phone {
  readonly number: string;
  readonly name: string;
  readonly kind: PhoneKind;
  readonly language: Language | null;
}

export async function listPhones(db: Db): Promise<readonly Phone[]> {
  return db.selectFrom('phones').select(['number', 'name', 'kind', 'language']).orderBy('number').execute();
}

/** All phones with their SIP passwords in clear, for Asterisk's configuration only. */
export async function listProvisioned(db: Db, vault: Vault): Promise<readonly ProvisionedPhone[]> {
  const rows = await db
    .selectFrom('phones')
    .select(['number', 'name', 'kind', 'sip_password'])
    .orderBy('number')
    .execute();
  return rows.map(({ sip_password: sealed, ...phone }) => ({
    ...phone,
    sipPassword: vault.open(sealed, `sip:${phone.number}`),
  }));
}

/** The account's own phone with its SIP password in clear, when that phone is a browser. */
export async function readSoftphone(
  db: Db,
  vault: Vault,
  accountId: number,
): Promise<Omit<ProvisionedPhone, 'kind'> | undefined> {
  const row = await db
    .selectFrom('accounts')
    .innerJoin('phones', 'phones.number', 'accounts.sign_in_phone')
    .select(['phones.number', 'phones.name', 'phones.sip_password'])
    .where('accounts.id', '=', accountId)
    .where('phones.kind', '=', 'browser')
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { number, name, sip_password: sealed } = row;
  return { number, name, sipPassword: vault.open(sealed, `sip:${number}`) };
}

import { randomBytes, randomInt } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { Database } from '../database/schema.ts';
import type { Vault } from '../database/vault.ts';
import { AccessError } from './errors.ts';
import { isTrivialDialPassword, type ResourceKind, type Role } from './rules.ts';

export interface NewAccount {
  readonly loginName: string;
  readonly displayName: string;
  readonly role: Role;
  readonly builtIn: boolean;
  readonly agentEnabled: boolean;
  readonly language: 'ja' | 'en';
  /** Chosen by hand; issued when absent. */
  readonly dialId?: string | undefined;
  readonly dialPassword?: string | undefined;
  /** argon2id hash; null until one is set. */
  readonly passwordHash: string | null;
  readonly mustChangePassword: boolean;
}

const digits = (count: number): string => String(randomInt(10 ** count)).padStart(count, '0');

/** Eight random digits that are not trivial. */
export function issueDialPassword(dialId: string): string {
  for (;;) {
    const password = digits(8);
    if (!isTrivialDialPassword(password, dialId)) return password;
  }
}

/** Readable aloud and long enough: 5 groups of 4 from 32 signs that are not mistaken for each other. */
export function issueOneTimePassword(): string {
  const signs = 'abcdefghjkmnpqrstuvwxyz23456789A';
  const text = Array.from(randomBytes(20), (byte) => signs[byte % 32]).join('');
  return (text.match(/.{4}/g) ?? []).join('-');
}

/** Random digits that no account has as its dial ID. */
export async function issueFreeDialId(trx: Transaction<Database>): Promise<string> {
  // With six digits a taken one is rare, so this ends soon; seven follow when a million accounts are near.
  for (let attempt = 0; ; attempt += 1) {
    const dialId = digits(attempt < 20 ? 6 : 9);
    const taken = await trx
      .selectFrom('accounts')
      .select('id')
      .where('dial_id', '=', dialId)
      .executeTakeFirst();
    if (taken === undefined) return dialId;
  }
}

/**
 * Registers an account. Its dial ID and dial password are issued with it; a system administrator starts with manage on everything.
 * @returns the account's id
 */
export async function createAccount(
  trx: Transaction<Database>,
  vault: Vault,
  account: NewAccount,
): Promise<number> {
  const dialId = account.dialId ?? (await issueFreeDialId(trx));
  const { id } = await trx
    .insertInto('accounts')
    .values({
      login_name: account.loginName,
      display_name: account.displayName,
      role: account.role,
      built_in: account.builtIn,
      agent_enabled: account.agentEnabled,
      language: account.language,
      password_hash: account.passwordHash,
      must_change_password: account.mustChangePassword,
      dial_id: dialId,
      dial_password: Buffer.alloc(0),
      sign_in_phone: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const dialPassword = account.dialPassword ?? issueDialPassword(dialId);
  await setDialPassword(trx, vault, id, dialPassword);
  if (account.agentEnabled) await enableAgent(trx, id);
  if (account.role === 'system_administrator') await grantEverything(trx, id);
  return id;
}

export async function setDialPassword(
  trx: Transaction<Database>,
  vault: Vault,
  accountId: number,
  dialPassword: string,
): Promise<void> {
  await trx
    .updateTable('accounts')
    .set({ dial_password: vault.seal(dialPassword, `dial:${accountId}`) })
    .where('id', '=', accountId)
    .execute();
}

/** @throws AccessError ACCOUNT_UNKNOWN */
export async function readDialCredentials(
  trx: Transaction<Database>,
  vault: Vault,
  accountId: number,
): Promise<{ readonly dialId: string; readonly dialPassword: string }> {
  const row = await trx
    .selectFrom('accounts')
    .select(['dial_id', 'dial_password'])
    .where('id', '=', accountId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new AccessError('ACCOUNT_UNKNOWN');
  return { dialId: row.dial_id, dialPassword: vault.open(row.dial_password, `dial:${accountId}`) };
}

/** An agent has a state from the moment エージェント利用 is on. */
export async function enableAgent(trx: Transaction<Database>, accountId: number): Promise<void> {
  await trx
    .insertInto('agent_states')
    .values({
      account_id: accountId,
      base_status: 'signed_off',
      base_since: new Date(),
      call_status: null,
      call_since: null,
      phone: null,
      seat: null,
    })
    .onConflict((conflict) => conflict.column('account_id').doNothing())
    .execute();
}

/** A system administrator starts with manage on everything. */
export async function grantEverything(trx: Transaction<Database>, accountId: number): Promise<void> {
  const phones = await trx.selectFrom('phones').select('number').execute();
  const centers = await trx.selectFrom('call_centers').select('number').execute();
  for (const { number } of phones) await grant(trx, accountId, 'phone', number);
  const campaigns = await trx.selectFrom('campaigns').select('id').execute();
  for (const { number } of centers) await grant(trx, accountId, 'call_center', number);
  for (const { id } of campaigns) await grant(trx, accountId, 'campaign', String(id));
}

async function grant(
  trx: Transaction<Database>,
  accountId: number,
  kind: ResourceKind,
  resource: string,
): Promise<void> {
  await trx
    .insertInto('grants')
    .values({ account_id: accountId, resource_kind: kind, resource, level: 'manage' })
    .onConflict((conflict) => conflict.columns(['account_id', 'resource_kind', 'resource']).doNothing())
    .execute();
}

/** A new resource gives every system administrator manage on it; it can be reduced. */
export async function grantToAdministrators(
  trx: Transaction<Database>,
  kind: ResourceKind,
  resource: string,
): Promise<void> {
  const administrators = await trx
    .selectFrom('accounts')
    .select('id')
    .where('role', '=', 'system_administrator')
    .execute();
  for (const { id } of administrators) await grant(trx, id, kind, resource);
}

import type { Transaction } from 'kysely';
import {
  issueDialPassword,
  issueFreeDialId,
  readDialCredentials,
  setDialPassword,
} from '../access/accounts.ts';
import { writeAudit, type Author } from '../access/audit.ts';
import { isTrivialDialPassword } from '../access/rules.ts';
import type { Db } from '../database/pool.ts';
import type { Database } from '../database/schema.ts';
import type { Vault } from '../database/vault.ts';
import { DialError } from './errors.ts';
import type { Credentials } from './rules.ts';

type Trx = Transaction<Database>;

const UNIQUE_VIOLATION = '23505';

/** Issues, shows and changes dial IDs and passwords. Each look-up and change is written down, with who did it. */
export class DialCredentials {
  readonly #db: Db;
  readonly #vault: Vault;

  constructor(db: Db, vault: Vault) {
    this.#db = db;
    this.#vault = vault;
  }

  /** @throws AccessError ACCOUNT_UNKNOWN */
  async lookUp(accountId: number, author: Author): Promise<Credentials> {
    return this.#db.transaction().execute(async (trx) => {
      const credentials = await readDialCredentials(trx, this.#vault, accountId);
      await writeAudit(trx, author, { action: 'dial_password.looked_up', subject: `account:${accountId}` });
      return credentials;
    });
  }

  /**
   * @param changes what is absent stays
   * @throws AccessError ACCOUNT_UNKNOWN
   * @throws DialError DIAL_ID_TAKEN, DIAL_PASSWORD_TRIVIAL
   */
  async change(
    accountId: number,
    changes: { readonly dialId?: string | undefined; readonly dialPassword?: string | undefined },
    author: Author,
  ): Promise<Credentials> {
    return this.#save(accountId, author, 'dial_credentials.changed', async (_trx, current) => {
      const dialId = changes.dialId ?? current.dialId;
      const dialPassword = changes.dialPassword ?? current.dialPassword;
      // Also when only the ID changes: the password that stays must not be the new ID.
      if (isTrivialDialPassword(dialPassword, dialId)) throw new DialError('DIAL_PASSWORD_TRIVIAL');
      return { dialId, dialPassword };
    });
  }

  /** A new ID and a new password, as a new account gets them. @throws AccessError ACCOUNT_UNKNOWN */
  async reissue(accountId: number, author: Author): Promise<Credentials> {
    return this.#save(accountId, author, 'dial_credentials.reissued', async (trx) => {
      const dialId = await issueFreeDialId(trx);
      return { dialId, dialPassword: issueDialPassword(dialId) };
    });
  }

  async #save(
    accountId: number,
    author: Author,
    action: string,
    decide: (trx: Trx, current: Credentials) => Promise<Credentials>,
  ): Promise<Credentials> {
    try {
      return await this.#db.transaction().execute(async (trx) => {
        const current = await readDialCredentials(trx, this.#vault, accountId);
        const next = await decide(trx, current);
        await trx.updateTable('accounts').set({ dial_id: next.dialId }).where('id', '=', accountId).execute();
        await setDialPassword(trx, this.#vault, accountId, next.dialPassword);
        const detail = [
          ...(next.dialId === current.dialId ? [] : ['dial_id']),
          ...(next.dialPassword === current.dialPassword ? [] : ['dial_password']),
        ].join(' ');
        await writeAudit(trx, author, { action, subject: `account:${accountId}`, detail });
        return next;
      });
    } catch (error) {
      if ((error as { readonly code?: unknown }).code === UNIQUE_VIOLATION)
        throw new DialError('DIAL_ID_TAKEN');
      throw error;
    }
  }
}

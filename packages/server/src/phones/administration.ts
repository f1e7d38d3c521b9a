import { randomBytes } from 'node:crypto';
import type { Transaction } from 'kysely';
import { grantToAdministrators } from '../access/accounts.ts';
import { writeAudit, type Author } from '../access/audit.ts';
import { AgentError } from '../agents/errors.ts';
import { requireNoOverflowTo } from '../callcenters/administration.ts';
import { notify } from '../database/notifications.ts';
import type { Db } from '../database/pool.ts';
import type { Database } from '../database/schema.ts';
import type { Vault } from '../database/vault.ts';
import { PhoneError } from './errors.ts';
import type { Phone } from './store.ts';

type Trx = Transaction<Database>;

const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';

/** A SIP password that nobody has to type. */
export function issueSipPassword(): string {
  return randomBytes(18).toString('base64url');
}

/** Makes, changes and deletes phones, and shows with what they register. Each of it is written down. */
export class PhoneAdministration {
  readonly #db: Db;
  readonly #vault: Vault;

  constructor(db: Db, vault: Vault) {
    this.#db = db;
    this.#vault = vault;
  }

  /** @throws PhoneError PHONE_NUMBER_TAKEN */
  async create(phone: Phone, author: Author): Promise<void> {
    const { number, name, kind, language } = phone;
    const sealed = this.#vault.seal(issueSipPassword(), `sip:${number}`);
    await this.#transaction(async (trx) => {
      await trx.insertInto('phones').values({ number, name, kind, language, sip_password: sealed }).execute();
      await grantToAdministrators(trx, 'phone', number);
      await writeAudit(trx, author, { action: 'phone.created', subject: `phone:${number}`, detail: kind });
      await changed(trx);
    });
  }

  /** @throws AgentError PHONE_UNKNOWN */
  async change(number: string, change: Partial<Omit<Phone, 'number'>>, author: Author): Promise<void> {
    if (Object.keys(change).length === 0) return;
    await this.#transaction(async (trx) => {
      const row = await trx
        .updateTable('phones')
        .set(change)
        .where('number', '=', number)
        .returning('number')
        .executeTakeFirst();
      if (row === undefined) throw new AgentError('PHONE_UNKNOWN');
      const detail = Object.entries(change)
        .map(([name, value]) => `${name}=${value ?? 'null'}`)
        .join(' ');
      await writeAudit(trx, author, { action: 'phone.changed', subject: `phone:${number}`, detail });
      await changed(trx);
    });
  }

  /**
   * Also takes away the rights on it.
   * @throws AgentError PHONE_UNKNOWN
   * @throws PhoneError PHONE_IN_USE while an agent is signed in there
   * @throws CallCenterError CALL_CENTER_LEADS_HERE
   */
  async delete(number: string, author: Author): Promise<void> {
    await this.#transaction(async (trx) => {
      const row = await trx
        .deleteFrom('phones')
        .where('number', '=', number)
        .returning('number')
        .executeTakeFirst();
      if (row === undefined) throw new AgentError('PHONE_UNKNOWN');
      await requireNoOverflowTo(trx, number);
      await trx
        .deleteFrom('grants')
        .where('resource_kind', '=', 'phone')
        .where('resource', '=', number)
        .execute();
      await writeAudit(trx, author, { action: 'phone.deleted', subject: `phone:${number}` });
      // Outside numbers that led to it went with it.
      await notify(trx, { kind: 'trunks' });
      await changed(trx);
    });
  }

  /** @throws AgentError PHONE_UNKNOWN */
  async sipPassword(number: string, author: Author): Promise<string> {
    return this.#db.transaction().execute(async (trx) => {
      const row = await trx
        .selectFrom('phones')
        .select('sip_password')
        .where('number', '=', number)
        .executeTakeFirst();
      if (row === undefined) throw new AgentError('PHONE_UNKNOWN');
      await writeAudit(trx, author, { action: 'sip_password.looked_up', subject: `phone:${number}` });
      return this.#vault.open(row.sip_password, `sip:${number}`);
    });
  }

  /** A new SIP password: the phone registers no more until it has it. @throws AgentError PHONE_UNKNOWN */
  async reissueSipPassword(number: string, author: Author): Promise<string> {
    const password = issueSipPassword();
    await this.#transaction(async (trx) => {
      const row = await trx
        .updateTable('phones')
        .set({ sip_password: this.#vault.seal(password, `sip:${number}`) })
        .where('number', '=', number)
        .returning('number')
        .executeTakeFirst();
      if (row === undefined) throw new AgentError('PHONE_UNKNOWN');
      await writeAudit(trx, author, { action: 'sip_password.reissued', subject: `phone:${number}` });
      await notify(trx, { kind: 'phones' });
    });
    return password;
  }

  async #transaction(work: (trx: Trx) => Promise<void>): Promise<void> {
    try {
      await this.#db.transaction().execute(work);
    } catch (error) {
      const { code } = error as { readonly code?: unknown };
      if (code === UNIQUE_VIOLATION) throw new PhoneError('PHONE_NUMBER_TAKEN');
      if (code === FOREIGN_KEY_VIOLATION) throw new PhoneError('PHONE_IN_USE');
      throw error;
    }
  }
}

/** Asterisk is to know it, and rights came or went with it. */
async function changed(trx: Trx): Promise<void> {
  await notify(trx, { kind: 'phones' });
  await notify(trx, { kind: 'access', accountIds: [] });
}

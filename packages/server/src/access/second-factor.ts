import { randomInt } from 'node:crypto';
import type { Transaction } from 'kysely';
import { notify } from '../database/notifications.ts';
import type { Db } from '../database/pool.ts';
import type { Database } from '../database/schema.ts';
import type { Vault } from '../database/vault.ts';
import { writeAudit, type Author } from './audit.ts';
import { AccessError } from './errors.ts';
import { newTotpSecret, totpStep, totpUri } from './totp.ts';

type Trx = Transaction<Database>;

const RECOVERY_CODES = 10;
/** Without what is easily read as another. */
const RECOVERY_LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

export interface SecondFactorState {
  /** Since when codes are asked for; null is off. */
  readonly since: Date | null;
  readonly recoveryCodesLeft: number;
}

/** What is shown once, to be put into an authenticator app. */
export interface Enrolment {
  /** Base32. */
  readonly secret: string;
  /** `otpauth:`, for a QR code. */
  readonly uri: string;
}

interface Person extends Author {
  readonly loginName: string;
}

/**
 * The second factor of accounts that want one: codes of an authenticator app, and recovery codes for whoever has lost it. Each code is good
 * once, also when two sign-ins bring it in the same moment.
 */
export class SecondFactors {
  readonly #db: Db;
  readonly #vault: Vault;

  constructor(db: Db, vault: Vault) {
    this.#db = db;
    this.#vault = vault;
  }

  async state(accountId: number): Promise<SecondFactorState> {
    const [row, codes] = await Promise.all([
      this.#db
        .selectFrom('second_factors')
        .select('confirmed_at')
        .where('account_id', '=', accountId)
        .executeTakeFirst(),
      this.#db
        .selectFrom('recovery_codes')
        .select('code_hash')
        .where('account_id', '=', accountId)
        .where('used_at', 'is', null)
        .execute(),
    ]);
    return { since: row?.confirmed_at ?? null, recoveryCodesLeft: codes.length };
  }

  /** Makes a secret that counts from {@link confirm} on; one that was not confirmed is forgotten. @throws AccessError SECOND_FACTOR_ON */
  async enrol({ id, loginName }: Person): Promise<Enrolment> {
    const secret = newTotpSecret();
    const sealed = this.#vault.seal(secret, `totp:${id}`);
    const row = await this.#db
      .insertInto('second_factors')
      .values({ account_id: id, secret: sealed })
      .onConflict((conflict) =>
        conflict
          .column('account_id')
          .doUpdateSet({ secret: sealed })
          .where('second_factors.confirmed_at', 'is', null),
      )
      .returning('account_id')
      .executeTakeFirst();
    if (row === undefined) throw new AccessError('SECOND_FACTOR_ON');
    return { secret, uri: totpUri(secret, loginName) };
  }

  /**
   * Switches the second factor on; sessions that were opened without it end, except the one that asks.
   * @param code of the app, which shows that the secret arrived there
   * @returns recovery codes, shown this once
   * @throws AccessError SECOND_FACTOR_OFF when there is nothing to confirm, SECOND_FACTOR_ON, SECOND_FACTOR_WRONG
   */
  async confirm(account: Author, session: string, code: string): Promise<readonly string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
    await this.#db.transaction().execute(async (trx) => {
      const row = await trx
        .selectFrom('second_factors')
        .select(['secret', 'confirmed_at'])
        .where('account_id', '=', account.id)
        .forUpdate()
        .executeTakeFirst();
      if (row === undefined) throw new AccessError('SECOND_FACTOR_OFF');
      if (row.confirmed_at !== null) throw new AccessError('SECOND_FACTOR_ON');
      const step = totpStep(this.#vault.open(row.secret, `totp:${account.id}`), plain(code), Date.now());
      if (step === undefined) throw new AccessError('SECOND_FACTOR_WRONG');
      await trx
        .updateTable('second_factors')
        .set({ confirmed_at: new Date(), last_step: step })
        .where('account_id', '=', account.id)
        .execute();
      await trx
        .insertInto('recovery_codes')
        .values(codes.map((each) => ({ account_id: account.id, code_hash: this.#hash(account.id, each) })))
        .execute();
      await trx
        .deleteFrom('console_sessions')
        .where('account_id', '=', account.id)
        .where('id', '!=', session)
        .execute();
      await writeAudit(trx, account, { action: 'second_factor.enabled', subject: `account:${account.id}` });
      await notify(trx, { kind: 'sessions' });
    });
    return codes;
  }

  /** Whether this is a code of the account that was not used before; from now on it is used. */
  async take(account: Author, code: string): Promise<boolean> {
    const text = plain(code);
    return /^[0-9]{6}$/.test(text) ? this.#takeTotp(account.id, text) : this.#takeRecovery(account, text);
  }

  /** Switches it off. @throws AccessError SECOND_FACTOR_OFF when there is none */
  async remove(accountId: number, author: Author): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      if (!(await deleteSecondFactor(trx, accountId))) throw new AccessError('SECOND_FACTOR_OFF');
      const action = author.id === accountId ? 'second_factor.removed' : 'second_factor.reset';
      await writeAudit(trx, author, { action, subject: `account:${accountId}` });
    });
  }

  async #takeTotp(accountId: number, code: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom('second_factors')
      .select('secret')
      .where('account_id', '=', accountId)
      .where('confirmed_at', 'is not', null)
      .executeTakeFirst();
    if (row === undefined) return false;
    const step = totpStep(this.#vault.open(row.secret, `totp:${accountId}`), code, Date.now());
    if (step === undefined) return false;
    // Whoever moves the step on has the code: a second one finds it moved.
    const taken = await this.#db
      .updateTable('second_factors')
      .set({ last_step: step })
      .where('account_id', '=', accountId)
      .where('last_step', '<', step)
      .returning('account_id')
      .executeTakeFirst();
    return taken !== undefined;
  }

  async #takeRecovery(account: Author, code: string): Promise<boolean> {
    return this.#db.transaction().execute(async (trx) => {
      const taken = await trx
        .updateTable('recovery_codes')
        .set({ used_at: new Date() })
        .where('account_id', '=', account.id)
        .where('code_hash', '=', this.#hash(account.id, code))
        .where('used_at', 'is', null)
        .returning('account_id')
        .executeTakeFirst();
      if (taken === undefined) return false;
      await writeAudit(trx, account, { action: 'recovery_code.used', subject: `account:${account.id}` });
      return true;
    });
  }

  #hash(accountId: number, code: string): Buffer {
    return this.#vault.hash(`recovery:${accountId}:${plain(code)}`);
  }
}

/** @returns whether one was on */
export async function deleteSecondFactor(trx: Trx, accountId: number): Promise<boolean> {
  const row = await trx
    .deleteFrom('second_factors')
    .where('account_id', '=', accountId)
    .returning('confirmed_at')
    .executeTakeFirst();
  return row !== undefined && row.confirmed_at !== null;
}

/** As apps and papers show codes, with blanks and dashes, and as people key them, with full-width digits too. */
function plain(code: string): string {
  return code.normalize('NFKC').replaceAll(/[\s-]/g, '').toUpperCase();
}

/** 49 bits: nobody guesses one of ten at a few tries a minute. */
function newRecoveryCode(): string {
  const letters = Array.from({ length: 10 }, () => RECOVERY_LETTERS[randomInt(RECOVERY_LETTERS.length)]);
  return `${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`;
}

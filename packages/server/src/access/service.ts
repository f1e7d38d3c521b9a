import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { notify } from '../database/notifications.ts';
import type { Db } from '../database/pool.ts';
import { writeAudit } from './audit.ts';
import { AccessError } from './errors.ts';
import { hashPassword, passwordMatches } from './passwords.ts';
import { isWeakPassword } from './rules.ts';
import type { SecondFactors } from './second-factor.ts';
import {
  findAccount,
  readSession,
  readToken,
  touchIdentities,
  type Identity,
  type SessionAccount,
} from './store.ts';
import { Throttle } from './throttle.ts';

const HOUR = 60 * 60_000;
export const SESSION_IDLE_MS = 12 * HOUR;
export const SESSION_LONGEST_MS = 7 * 24 * HOUR;
/** A session's use is written down at most this often. */
const TOUCH_MS = 60_000;

/** No cookie and no token of ours is longer. */
const LONGEST_SECRET = 100;

/** What is looked up of a cookie or a token: 256 random bits need no slow hash. */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** A session of the console as its owner may see it. */
export interface ConsoleSession {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly userAgent: string;
}

export interface SignIn {
  readonly token: string;
  readonly account: SessionAccount;
}

export interface SignInRequest {
  readonly loginName: string;
  readonly password: string;
  readonly code?: string | undefined;
}

/** Signing in to the console. */
export class AccessService {
  readonly #db: Db;
  readonly #factors: SecondFactors;
  readonly #throttle = new Throttle();
  readonly #touched = new Map<string, number>();

  constructor(db: Db, factors: SecondFactors) {
    this.#db = db;
    this.#factors = factors;
  }

  /**
   * @param address of the browser; failures are counted by it too
   * @param code of the second factor; asked for only when the password was right
   * @throws AccessError SIGN_IN_FAILED (wrong name or password: same words, same time), SIGN_IN_THROTTLED with the wait in ms,
   * SECOND_FACTOR_NEEDED, SECOND_FACTOR_WRONG (counted like a wrong password)
   */
  async signIn(
    { loginName, password, code }: SignInRequest,
    address: string,
    userAgent: string,
  ): Promise<SignIn> {
    const keys = [`name:${loginName}`, `address:${address}`];
    this.#requirePatience(keys);
    const account = await findAccount(this.#db, loginName);
    if (!(await passwordMatches(account?.passwordHash ?? null, password)) || account === undefined) {
      this.#throttle.failed(keys, Date.now());
      throw new AccessError('SIGN_IN_FAILED');
    }
    if ((await this.#factors.state(account.id)).since !== null) {
      if (code === undefined) throw new AccessError('SECOND_FACTOR_NEEDED');
      await this.#requireCode(account, code, keys);
    }
    this.#throttle.succeeded(`name:${loginName}`);
    const token = randomBytes(32).toString('base64url');
    await this.#db
      .insertInto('console_sessions')
      .values({
        token_hash: hashSecret(token),
        account_id: account.id,
        expires_at: new Date(Date.now() + SESSION_LONGEST_MS),
        user_agent: userAgent.slice(0, 200),
      })
      .execute();
    return { token, account };
  }

  /** Whose session a cookie is; undefined when it is nobody's, or over. */
  async session(cookie: string | undefined): Promise<Identity | undefined> {
    if (cookie === undefined || cookie.length > LONGEST_SECRET) return undefined;
    return this.#touch(await readSession(this.#db, hashSecret(cookie), new Date(), SESSION_IDLE_MS));
  }

  /** Whose API token this is; undefined when it is nobody's, has expired or was revoked. */
  async token(token: string): Promise<Identity | undefined> {
    if (token.length > LONGEST_SECRET) return undefined;
    return this.#touch(await readToken(this.#db, hashSecret(token), new Date()));
  }

  /** Which of these sessions and tokens are not over; their open connections count as use. */
  async alive(ids: readonly string[]): Promise<ReadonlySet<string>> {
    return touchIdentities(this.#db, ids, new Date(), SESSION_IDLE_MS);
  }

  async #touch(identity: Identity | undefined): Promise<Identity | undefined> {
    const now = Date.now();
    if (identity === undefined || now - (this.#touched.get(identity.id) ?? 0) <= TOUCH_MS) return identity;
    if (this.#touched.size > 10_000) this.#touched.clear();
    this.#touched.set(identity.id, now);
    await this.alive([identity.id]);
    return identity;
  }

  /** The account's sessions that are not over, the latest used first. */
  async listSessions(accountId: number): Promise<readonly ConsoleSession[]> {
    const now = Date.now();
    const rows = await this.#db
      .selectFrom('console_sessions')
      .select(['id', 'created_at', 'last_seen_at', 'user_agent'])
      .where('account_id', '=', accountId)
      .where('expires_at', '>', new Date(now))
      .where('last_seen_at', '>', new Date(now - SESSION_IDLE_MS))
      .orderBy('last_seen_at', 'desc')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      createdAt: row.created_at,
      lastSeenAt: row.last_seen_at,
      userAgent: row.user_agent,
    }));
  }

  /**
   * Ends sessions of an account, and what is open for them.
   * @param ids which; undefined ends all
   */
  async endSessions(accountId: number, ids?: readonly string[]): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      let query = trx.deleteFrom('console_sessions').where('account_id', '=', accountId);
      if (ids !== undefined) query = query.where('id', '=', sql<string>`any(${[...ids]}::uuid[])`);
      await query.execute();
      await notify(trx, { kind: 'sessions' });
    });
  }

  /**
   * Asks again for the password of somebody who is signed in.
   * @throws AccessError SIGN_IN_FAILED, SIGN_IN_THROTTLED
   */
  async confirmPassword({ loginName }: SessionAccount, password: string): Promise<void> {
    const keys = [`name:${loginName}`];
    this.#requirePatience(keys);
    const stored = await findAccount(this.#db, loginName);
    if (await passwordMatches(stored?.passwordHash ?? null, password)) return;
    this.#throttle.failed(keys, Date.now());
    throw new AccessError('SIGN_IN_FAILED');
  }

  /**
   * Asks again for a code of somebody who is signed in; the code is used then.
   * @throws AccessError SECOND_FACTOR_WRONG, SIGN_IN_THROTTLED
   */
  async confirmCode(account: SessionAccount, code: string): Promise<void> {
    const keys = [`name:${account.loginName}`];
    this.#requirePatience(keys);
    await this.#requireCode(account, code, keys);
  }

  #requirePatience(keys: readonly string[]): void {
    const waitMs = this.#throttle.waitMs(keys, Date.now());
    if (waitMs > 0) throw new AccessError('SIGN_IN_THROTTLED', waitMs);
  }

  async #requireCode(account: SessionAccount, code: string, keys: readonly string[]): Promise<void> {
    if (await this.#factors.take(account, code)) return;
    this.#throttle.failed(keys, Date.now());
    throw new AccessError('SECOND_FACTOR_WRONG');
  }

  /**
   * Changes the password and ends the account's other sessions.
   * @param session the one that stays
   * @throws AccessError SIGN_IN_FAILED when the current password is wrong, SIGN_IN_THROTTLED, PASSWORD_TOO_WEAK
   */
  async changePassword(
    account: SessionAccount,
    session: string,
    current: string,
    next: string,
  ): Promise<void> {
    await this.confirmPassword(account, current);
    if (isWeakPassword(next, account.loginName) || next === current)
      throw new AccessError('PASSWORD_TOO_WEAK');
    const passwordHash = await hashPassword(next);
    await this.#db.transaction().execute(async (trx) => {
      await trx
        .updateTable('accounts')
        .set({ password_hash: passwordHash, must_change_password: false })
        .where('id', '=', account.id)
        .execute();
      await trx
        .deleteFrom('console_sessions')
        .where('account_id', '=', account.id)
        .where('id', '!=', session)
        .execute();
      await writeAudit(trx, account, {
        action: 'console_password.changed',
        subject: `account:${account.id}`,
      });
      await notify(trx, { kind: 'sessions' });
    });
  }
}

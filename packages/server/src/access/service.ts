import { createHash, randomBytes } from 'node:crypto';
import { notify } from '../database/notifications.ts';
import type { Db } from '../database/pool.ts';
import { AccessError } from './errors.ts';
import { hashPassword, passwordMatches } from './passwords.ts';
import { isWeakPassword } from './rules.ts';
import { findAccount, readSession, type SessionAccount } from './store.ts';
import { Throttle } from './throttle.ts';

const HOUR = 60 * 60_000;
export const SESSION_IDLE_MS = 12 * HOUR;
export const SESSION_LONGEST_MS = 7 * 24 * HOUR;
/** A session's use is written down at most this often. */
const TOUCH_MS = 60_000;

const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

export interface SignIn {
  readonly token: string;
  readonly account: SessionAccount;
}

/** Signing in to the console. */
export class AccessService {
  readonly #db: Db;
  readonly #throttle = new Throttle();
  readonly #touched = new Map<string, number>();

  constructor(db: Db) {
    this.#db = db;
  }

  /**
   * @param address of the browser; failures are counted by it too
   * @throws AccessError SIGN_IN_FAILED (wrong name or password: same words, same time), SIGN_IN_THROTTLED with the wait in ms
   */
  async signIn(loginName: string, password: string, address: string, userAgent: string): Promise<SignIn> {
    const keys = [`name:${loginName}`, `address:${address}`];
    const waitMs = this.#throttle.waitMs(keys, Date.now());
    if (waitMs > 0) throw new AccessError('SIGN_IN_THROTTLED', waitMs);
    const account = await findAccount(this.#db, loginName);
    if (!(await passwordMatches(account?.passwordHash ?? null, password)) || account === undefined) {
      this.#throttle.failed(keys, Date.now());
      throw new AccessError('SIGN_IN_FAILED');
    }
    this.#throttle.succeeded(`name:${loginName}`);
    const token = randomBytes(32).toString('base64url');
    await this.#db
      .insertInto('console_sessions')
      .values({
        token_hash: hashToken(token),
        account_id: account.id,
        expires_at: new Date(Date.now() + SESSION_LONGEST_MS),
        user_agent: userAgent.slice(0, 200),
      })
      .execute();
    return { token, account };
  }

  /** Whose session a cookie is; undefined when it is nobody's, or over. */
  async session(token: string | undefined): Promise<SessionAccount | undefined> {
    if (token === undefined || token.length > 100) return undefined;
    const tokenHash = hashToken(token);
    const now = Date.now();
    const account = await readSession(this.#db, tokenHash, new Date(now), SESSION_IDLE_MS);
    if (account === undefined) return undefined;
    const key = tokenHash.toString('base64');
    if (now - (this.#touched.get(key) ?? 0) > TOUCH_MS) {
      if (this.#touched.size > 10_000) this.#touched.clear();
      this.#touched.set(key, now);
      await this.#db
        .updateTable('console_sessions')
        .set({ last_seen_at: new Date(now) })
        .where('token_hash', '=', tokenHash)
        .execute();
    }
    return account;
  }

  async signOut(token: string): Promise<void> {
    await this.#db.deleteFrom('console_sessions').where('token_hash', '=', hashToken(token)).execute();
  }

  /**
   * Changes the password and ends the account's other sessions.
   * @throws AccessError SIGN_IN_FAILED when the current password is wrong, SIGN_IN_THROTTLED, PASSWORD_TOO_WEAK
   */
  async changePassword(account: SessionAccount, token: string, current: string, next: string): Promise<void> {
    const keys = [`name:${account.loginName}`];
    const waitMs = this.#throttle.waitMs(keys, Date.now());
    if (waitMs > 0) throw new AccessError('SIGN_IN_THROTTLED', waitMs);
    const stored = await findAccount(this.#db, account.loginName);
    if (!(await passwordMatches(stored?.passwordHash ?? null, current))) {
      this.#throttle.failed(keys, Date.now());
      throw new AccessError('SIGN_IN_FAILED');
    }
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
        .where('token_hash', '!=', hashToken(token))
        .execute();
      await notify(trx, { kind: 'access', accountIds: [account.id] });
    });
  }
}

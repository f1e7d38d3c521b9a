import { timingSafeEqual } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SeenState } from '../agents/seen.ts';
import type { Db } from '../database/pool.ts';
import type { Vault } from '../database/vault.ts';
import { afterFailure, isLocked } from './lockout.ts';
import type { Credentials } from './rules.ts';
import { clearLock, lockLocks, readForDial, saveLock, type LockKey } from './store.ts';

/** A refusal is not told before this long, so that how it was refused cannot be heard in how long it took. */
const REFUSAL_MS = 40;

export interface Known {
  readonly accountId: number;
  /** サインイン端末, when the account has one. */
  readonly signInPhone: string | null;
  /** The state as an agent, as it was when the password was checked; undefined for an account that never was one. */
  readonly agent: SeenState | undefined;
}

export interface CredentialRequest {
  readonly credentials: Credentials;
  /** The phone that dials; failures are counted by it. */
  readonly phone: string;
  /** Agent operations need エージェント利用; monitoring does not. */
  readonly needsAgent: boolean;
}

/**
 * Checks a dial ID and password. Undefined for an unknown ID, a wrong password, a lock, or an agent switch that is off: the caller is
 * told the same words after the same time. While locked nothing is checked or counted.
 */
export class CredentialCheck {
  readonly #db: Db;
  readonly #vault: Vault;
  readonly #now: () => Date;
  /** Opened in place of an unknown account's password. */
  readonly #decoy: Buffer;

  constructor(db: Db, vault: Vault, now: () => Date = () => new Date()) {
    this.#db = db;
    this.#vault = vault;
    this.#now = now;
    this.#decoy = vault.seal('00000000', 'dial:0');
  }

  async check(request: CredentialRequest): Promise<Known | undefined> {
    const refusalAt = performance.now() + REFUSAL_MS;
    const known = await this.#decide(request);
    if (known === undefined) await delay(Math.max(0, refusalAt - performance.now()));
    return known;
  }

  async #decide({ credentials, phone, needsAgent }: CredentialRequest): Promise<Known | undefined> {
    const keys = this.#keys(credentials.dialId, phone);
    const { account, locks } = await readForDial(this.#db, credentials.dialId, keys);
    const now = this.#now();
    if (keys.some(({ kind }) => isLocked(locks.get(kind), now))) return undefined;
    const expected = this.#vault.open(
      account?.sealedPassword ?? this.#decoy,
      `dial:${account?.accountId ?? 0}`,
    );
    // Hashes have one length, so the comparison takes one time.
    const same = timingSafeEqual(this.#vault.hash(credentials.dialPassword), this.#vault.hash(expected));
    if (account !== undefined && same && (account.agentEnabled || !needsAgent)) {
      if (locks.has('pair')) await clearLock(this.#db, keys[0]);
      const { accountId, signInPhone, agent } = account;
      return { accountId, signInPhone, agent };
    }
    await this.#count(keys, account?.accountId ?? null, phone);
    return undefined;
  }

  async #count(keys: readonly LockKey[], accountId: number | null, phone: string): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      const now = this.#now();
      const records = await lockLocks(trx, keys, { accountId, phone, now });
      for (const key of keys) {
        const record = records.get(key.kind);
        if (!isLocked(record, now)) await saveLock(trx, key, afterFailure(key.kind, record, now));
      }
    });
  }

  /** Hashes, because what was keyed as an ID may be a password keyed at the wrong prompt. */
  #keys(dialId: string, phone: string): readonly [LockKey, LockKey, LockKey] {
    return [
      { kind: 'pair', key: this.#vault.hash(`pair:${phone}:${dialId}`) },
      { kind: 'id', key: this.#vault.hash(`id:${dialId}`) },
      { kind: 'phone', key: this.#vault.hash(`phone:${phone}`) },
    ];
  }
}

import { timingSafeEqual } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SeenState } from '../agents/seen.ts';
import type { Db } from '../database/pool.ts';
import type { Vault } from '../database/vault.ts';
import { afterFailure, isLocked } from './lockout.ts';
import type { Credentials } from './rules.ts';
import { DialMemory, type Remembered } from './memory.ts';
import { saveUnlessChanged } from './seen.ts';
import { clearLock, lockLocks, readForDial, readSeenAgents, saveLock, type LockKeys } from './store.ts';

/** A refusal is not told before this long, so that how it was refused cannot be heard in how long it took. */
const REFUSAL_MS = 40;

/** Changes of agents who are remembered are read together, ms after the first. */
const GATHER_MS = 200;

export interface Known {
  readonly accountId: number;
  /** サインイン端末, when the account has one. */
  readonly signInPhone: string | null;
  /** As an agent; undefined for an account that never was one. */
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
  readonly #onFault: (error: unknown) => void;
  readonly #memory = new DialMemory();
  /** Opened in place of an unknown account's password. */
  readonly #decoy: Buffer;
  readonly #changed = new Set<number>();
  #gathering: NodeJS.Timeout | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(options: {
    readonly db: Db;
    readonly vault: Vault;
    readonly onFault: (error: unknown) => void;
    readonly now?: () => Date;
  }) {
    const { db, vault, onFault, now } = options;
    this.#db = db;
    this.#vault = vault;
    this.#onFault = onFault;
    this.#now = now ?? (() => new Date());
    this.#decoy = vault.seal('00000000', 'dial:0');
  }

  /**
   * An agent who dialled from this phone before, if the password is the one that was right then, without a look into the database. It may be wrong by
   * now: nothing of it may be told before `agent.save` has held.
   */
  recall({ dialId, dialPassword }: Credentials, phone: string): Known | undefined {
    const remembered = this.#memory.recall(dialId, phone);
    if (remembered?.account.agentEnabled !== true) return undefined;
    if (!timingSafeEqual(this.#vault.hash(dialPassword), remembered.passwordHash)) return undefined;
    return this.#known(dialId, phone, remembered);
  }

  async check(request: CredentialRequest): Promise<Known | undefined> {
    const refusalAt = performance.now() + REFUSAL_MS;
    const known = await this.#decide(request);
    if (known === undefined) await delay(Math.max(0, refusalAt - performance.now()));
    return known;
  }

  /** These agents changed: what is remembered of them is read anew. */
  agentsChanged(ids: readonly number[] | 'all'): void {
    if (ids === 'all') {
      this.#memory.clear();
      return;
    }
    const known = this.#memory.known(ids);
    if (known.length === 0) return;
    for (const id of known) this.#changed.add(id);
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      this.#reading = this.#readChanged();
    }, GATHER_MS);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#gathering);
    await this.#reading;
  }

  async #readChanged(): Promise<void> {
    const ids = [...this.#changed];
    this.#changed.clear();
    try {
      for (const agent of await readSeenAgents(this.#db, ids)) this.#memory.agentIs(agent);
    } catch (error) {
      this.#onFault(error);
    }
  }

  async #decide({ credentials, phone, needsAgent }: CredentialRequest): Promise<Known | undefined> {
    const { dialId } = credentials;
    const keys = this.#keys(dialId, phone);
    const { account, locks } = await readForDial(this.#db, dialId, keys);
    const now = this.#now();
    if (keys.some(({ kind }) => isLocked(locks.get(kind), now))) return undefined;
    const expected = this.#vault.open(
      account?.sealedPassword ?? this.#decoy,
      `dial:${account?.accountId ?? 0}`,
    );
    // Hashes have one length, so the comparison takes one time.
    const passwordHash = this.#vault.hash(expected);
    const same = timingSafeEqual(this.#vault.hash(credentials.dialPassword), passwordHash);
    if (account !== undefined && same && (account.agentEnabled || !needsAgent)) {
      if (locks.has('pair')) await clearLock(this.#db, keys[0]);
      return this.#known(dialId, phone, { account, keys, passwordHash });
    }
    await this.#count(keys, account?.accountId ?? null, phone);
    return undefined;
  }

  #known(dialId: string, phone: string, seen: Remembered): Known {
    const { accountId, signInPhone, agent } = seen.account;
    if (agent === undefined) return { accountId, signInPhone, agent };
    const save: SeenState['save'] = async (next, entry) => {
      const version = await saveUnlessChanged(this.#db, seen, next, entry);
      if (version === undefined) this.#memory.forget(dialId, phone);
      else {
        this.#memory.remember(dialId, phone, {
          ...seen,
          account: { ...seen.account, agent: { state: next, version } },
        });
      }
      return version !== undefined;
    };
    return { accountId, signInPhone, agent: { state: agent.state, save } };
  }

  async #count(keys: LockKeys, accountId: number | null, phone: string): Promise<void> {
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
  #keys(dialId: string, phone: string): LockKeys {
    return [
      { kind: 'pair', key: this.#vault.hash(`pair:${phone}:${dialId}`) },
      { kind: 'id', key: this.#vault.hash(`id:${dialId}`) },
      { kind: 'phone', key: this.#vault.hash(`phone:${phone}`) },
    ];
  }
}
